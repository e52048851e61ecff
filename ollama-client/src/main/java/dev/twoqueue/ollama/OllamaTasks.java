package dev.twoqueue.ollama;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    return pullBuilder(client, model, 0).build();
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
    return pullBuilder(client, model, bytesToWrite).bytesToWrite(bytesToWrite).build();
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
    local(client, model);
    return pull(client, model, client.pullSize(model));
  }

  private static LocalHeavyTask.Builder<InstalledModel> pullBuilder(
      OllamaClient client, String model, long size) {
    Arguments.between(size, 0, Long.MAX_VALUE, "bytesToWrite");
    ModelName name = local(client, model);
    LocalHeavyTask.Builder<InstalledModel> builder =
        LocalHeavyTask.builder(
            LocalKind.PULL,
            "pull " + name,
            task -> TaskBodies.pull(client, task, name, model, size));
    client.modelsDirectory().ifPresent(builder::writesTo);
    return builder;
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
    ModelName name = local(client, model);
    ModelOptions sent = withContext(client, options);
    WorkerModels.Need need = new WorkerModels.Need(model, name, sent, null);
    return onModel(
        LocalKind.LOAD, "load " + name, need, task -> TaskBodies.load(client, task, need));
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
    return chatTask(client, ChatRequest.of(model, prompt), null, OllamaAnswer::text);
  }

  /**
   * Asks a model.
   *
   * @param client the server
   * @param request the conversation with its options
   * @return gives the answer
   */
  public static LocalHeavyTask<OllamaAnswer> chat(OllamaClient client, ChatRequest request) {
    return chatTask(client, request, null, answer -> answer);
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
    return chatTask(client, request, consumer, answer -> answer);
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
    return generateTask(client, GenerateRequest.of(model, prompt), null, OllamaAnswer::text);
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
    return generateTask(client, request, null, answer -> answer);
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
    return generateTask(client, request, consumer, answer -> answer);
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
    return cloudTask(client, ChatRequest.of(model, prompt), OllamaAnswer::text);
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
    return cloudTask(client, request, answer -> answer);
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

  private static <T> FleetTask<T> cloudTask(
      OllamaClient client, ChatRequest request, Function<OllamaAnswer, T> result) {
    Arguments.notNull(client, "client");
    ModelName name = ModelName.parse(Arguments.notNull(request, "request").model());
    if (!name.isCloud()) {
      throw new IllegalArgumentException(
          "model " + name + " is a local one: OllamaTasks.chat gives a local-heavy task for it");
    }
    return FleetTask.<T>of(
            "chat " + name,
            task ->
                result.apply(
                    client
                        .cancelledBy(task.cancellation())
                        .chat(request, new TaskBodies.AnswerProgress(task, null))))
        .withProvider("ollama cloud");
  }

  private static <T> LocalHeavyTask<T> chatTask(
      OllamaClient client,
      ChatRequest request,
      @Nullable Consumer<? super OllamaChunk> consumer,
      Function<OllamaAnswer, T> result) {
    ModelName name = local(client, Arguments.notNull(request, "request").model());
    ModelOptions options = withContext(client, request.options());
    KeepAlive own = request.settings().keepAlive();
    WorkerModels.Need need = new WorkerModels.Need(request.model(), name, options, own);
    ChatRequest asked = request.withOptions(options);
    ChatRequest sent = need.leavesAtOnce() ? asked : asked.withoutKeepAlive();
    return onModel(
        LocalKind.ORACLE,
        "chat " + name,
        need,
        task ->
            result.apply(
                TaskBodies.answer(
                    client, task, need, consumer, (api, take) -> api.chat(sent, take))));
  }

  private static <T> LocalHeavyTask<T> generateTask(
      OllamaClient client,
      GenerateRequest request,
      @Nullable Consumer<? super OllamaChunk> consumer,
      Function<OllamaAnswer, T> result) {
    ModelName name = local(client, Arguments.notNull(request, "request").model());
    ModelOptions options = withContext(client, request.options());
    KeepAlive own = request.settings().keepAlive();
    WorkerModels.Need need = new WorkerModels.Need(request.model(), name, options, own);
    GenerateRequest asked = request.withOptions(options);
    GenerateRequest sent = need.leavesAtOnce() ? asked : asked.withoutKeepAlive();
    return onModel(
        LocalKind.ORACLE,
        "generate " + name,
        need,
        task ->
            result.apply(
                TaskBodies.answer(
                    client, task, need, consumer, (api, take) -> api.generate(sent, take))));
  }

  private static <T> LocalHeavyTask<T> onModel(
      LocalKind kind, String title, WorkerModels.Need need, TaskBody<T> body) {
    LocalHeavyTask.Builder<T> builder =
        LocalHeavyTask.builder(kind, title, body).model(need.name().toString());
    need.options().runnerOptions().forEach(builder::runnerOption);
    return builder.build();
  }

  private static ModelName local(OllamaClient client, String model) {
    Arguments.notNull(client, "client");
    ModelName name = ModelName.parse(model);
    if (name.isCloud()) {
      throw new IllegalArgumentException(
          "model "
              + name
              + " is a cloud model and runs elsewhere: use OllamaTasks.cloudChat,"
              + " which gives a fleet task");
    }
    return name;
  }

  private static ModelOptions withContext(OllamaClient client, ModelOptions options) {
    boolean named = Arguments.notNull(options, "options").numCtx().isPresent();
    return named || client.settings.context().isEmpty()
        ? options
        : options.with(ModelOptions.NUM_CTX, client.settings.context().getAsInt());
  }
}
