package dev.twoqueue.ollama;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import java.util.function.Consumer;

/**
 * Ready-made tasks for an Ollama server. Their bodies report progress, and close their HTTP call
 * when the task is cancelled. {@link LocalHeavyTask#toBuilder} adds deadlines and declarations.
 *
 * <p>A task that needs a model names it in normal form, with the runner options of its request, so
 * that tasks for one model and one context are drained together; it sends the builder's {@link
 * OllamaClientBuilder#context} where it names no context, and {@link
 * OllamaClientBuilder#workerKeepAlive} where it names no time to stay.
 *
 * <p>Local factories throw {@link IllegalArgumentException} for a cloud model, which runs
 * elsewhere: see {@link #cloudChat}. All of them throw it for a name that is none, and {@link
 * NullPointerException} for null.
 */
public final class OllamaTasks {
  private OllamaTasks() {}

  /**
   * Downloads a model. How much it will write is not known before: the disk gate then goes by its
   * minimum.
   *
   * @param client the server
   * @param model its name
   * @return gives the model as it is installed then
   */
  public static LocalHeavyTask<InstalledModel> pull(OllamaClient client, String model) {
    return TaskDeclarations.pull(client, model, 0).build();
  }

  /**
   * Downloads a model of known size.
   *
   * @param client the server
   * @param model its name
   * @param bytesToWrite the sum of its layers, 0 or more
   * @return gives the model as it is installed then
   * @throws IllegalArgumentException when the size is negative
   */
  public static LocalHeavyTask<InstalledModel> pull(
      OllamaClient client, String model, long bytesToWrite) {
    return TaskDeclarations.pull(client, model, bytesToWrite).bytesToWrite(bytesToWrite).build();
  }

  /**
   * Downloads a model whose size its registry tells now, in a call of this thread: the disk gate
   * then knows before the pull whether it fits, and the progress how long it will take.
   *
   * @param client the server
   * @param model its name, as for {@link OllamaApi#pullSize}
   * @return gives the model as it is installed then
   * @throws OllamaException when the registry does not tell
   */
  public static LocalHeavyTask<InstalledModel> sizedPull(OllamaClient client, String model) {
    TaskDeclarations.local(client, model); // before the registry is asked
    return pull(client, model, client.pullSize(model));
  }

  /**
   * Loads a model and leaves it resident.
   *
   * @param client the server
   * @param model its name
   * @return gives the model as {@code /api/ps} shows it then
   */
  public static LocalHeavyTask<RunningModel> load(OllamaClient client, String model) {
    return load(client, model, ModelOptions.NONE);
  }

  /**
   * Loads a model with options and leaves it resident.
   *
   * @param client the server
   * @param model its name
   * @param options those that later requests will have
   * @return gives the model as {@code /api/ps} shows it then
   */
  public static LocalHeavyTask<RunningModel> load(
      OllamaClient client, String model, ModelOptions options) {
    return TaskDeclarations.load(client, model, options);
  }

  /**
   * Asks a model.
   *
   * @param client the server
   * @param model its name
   * @param prompt what the user says
   * @return gives the text of the answer; empty when the model ended at once
   */
  public static LocalHeavyTask<String> chat(OllamaClient client, String model, String prompt) {
    return TaskDeclarations.chat(client, ChatRequest.of(model, prompt), null, OllamaAnswer::text);
  }

  /**
   * Asks a model.
   *
   * @param client the server
   * @param request the conversation with its options
   * @return gives the answer
   */
  public static LocalHeavyTask<OllamaAnswer> chat(OllamaClient client, ChatRequest request) {
    return TaskDeclarations.chat(client, request, null, answer -> answer);
  }

  /**
   * Asks a model and takes the answer piece by piece.
   *
   * @param client the server
   * @param request the conversation with its options
   * @param consumer takes each piece on the task's thread; what it throws ends the task
   * @return gives the answer
   */
  public static LocalHeavyTask<OllamaAnswer> chat(
      OllamaClient client, ChatRequest request, Consumer<? super OllamaChunk> consumer) {
    Arguments.notNull(consumer, "consumer");
    return TaskDeclarations.chat(client, request, consumer, answer -> answer);
  }

  /**
   * Completes a prompt.
   *
   * @param client the server
   * @param model its name
   * @param prompt the prompt
   * @return gives the text of the answer; empty when the model ended at once
   */
  public static LocalHeavyTask<String> generate(OllamaClient client, String model, String prompt) {
    return TaskDeclarations.generate(
        client, GenerateRequest.of(model, prompt), null, OllamaAnswer::text);
  }

  /**
   * Completes a prompt.
   *
   * @param client the server
   * @param request the prompt with its options
   * @return gives the answer
   */
  public static LocalHeavyTask<OllamaAnswer> generate(
      OllamaClient client, GenerateRequest request) {
    return TaskDeclarations.generate(client, request, null, answer -> answer);
  }

  /**
   * Completes a prompt and takes the answer piece by piece.
   *
   * @param client the server
   * @param request the prompt with its options
   * @param consumer takes each piece on the task's thread; what it throws ends the task
   * @return gives the answer
   */
  public static LocalHeavyTask<OllamaAnswer> generate(
      OllamaClient client, GenerateRequest request, Consumer<? super OllamaChunk> consumer) {
    Arguments.notNull(consumer, "consumer");
    return TaskDeclarations.generate(client, request, consumer, answer -> answer);
  }

  /**
   * Asks a cloud model through the server: a fleet task, since nothing is computed here.
   *
   * @param client the server
   * @param model its name, with a tag {@code cloud} or {@code …-cloud}
   * @param prompt what the user says
   * @return gives the text of the answer
   * @throws IllegalArgumentException when the model is a local one
   */
  public static FleetTask<String> cloudChat(OllamaClient client, String model, String prompt) {
    return TaskDeclarations.cloudChat(client, ChatRequest.of(model, prompt), OllamaAnswer::text);
  }

  /**
   * Asks a cloud model through the server.
   *
   * @param client the server
   * @param request the conversation with its options
   * @return gives the answer
   * @throws IllegalArgumentException when the model is a local one
   */
  public static FleetTask<OllamaAnswer> cloudChat(OllamaClient client, ChatRequest request) {
    return TaskDeclarations.cloudChat(client, request, answer -> answer);
  }

  /**
   * Asks a model, wherever it runs: its name decides the class, as {@link ModelName#isCloud} has
   * it.
   *
   * @param client the server
   * @param request the conversation with its options
   * @return a fleet task for a cloud model, a local-heavy task for any other
   */
  public static ScheduledTask<OllamaAnswer> chatAnywhere(OllamaClient client, ChatRequest request) {
    String model = Arguments.notNull(request, "request").model();
    return ModelName.parse(model).isCloud() ? cloudChat(client, request) : chat(client, request);
  }

  /**
   * Submits what {@link #chatAnywhere} gives.
   *
   * @param scheduler takes it into the queue of its class
   * @param client the server
   * @param request the conversation with its options
   * @return the handle
   * @throws dev.twoqueue.TaskRejectedException when the scheduler takes no more
   */
  public static TaskHandle<OllamaAnswer> submitChat(
      TwoQueueScheduler scheduler, OllamaClient client, ChatRequest request) {
    ScheduledTask<OllamaAnswer> task = chatAnywhere(client, request);
    return task instanceof FleetTask<OllamaAnswer> fleet
        ? scheduler.submit(fleet)
        : scheduler.submit((LocalHeavyTask<OllamaAnswer>) task);
  }
}
