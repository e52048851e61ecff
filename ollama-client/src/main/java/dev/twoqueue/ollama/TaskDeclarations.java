package dev.twoqueue.ollama;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskBody;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the ready-made tasks declare: their class, title and model with its runner options, and the
 * request that their body ({@link TaskBodies}) will send.
 */
final class TaskDeclarations {
  private TaskDeclarations() {}

  /** Of unknown size where that is 0. */
  static LocalHeavyTask.Builder<InstalledModel> pull(OllamaClient client, String model, long size) {
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

  static LocalHeavyTask<RunningModel> load(
      OllamaClient client, String model, ModelOptions options) {
    ModelName name = local(client, model);
    WorkerModels.Need need = new WorkerModels.Need(model, name, withContext(client, options), null);
    return onModel(LocalKind.LOAD, "load", need, task -> TaskBodies.load(client, task, need));
  }

  static <T> LocalHeavyTask<T> chat(
      OllamaClient client,
      ChatRequest request,
      @Nullable Consumer<? super OllamaChunk> consumer,
      Function<OllamaAnswer, T> result) {
    WorkerModels.Need need = need(client, Arguments.notNull(request, "request").settings());
    ChatRequest asked = request.withOptions(need.options());
    ChatRequest sent = need.leavesAtOnce() ? asked : asked.withoutKeepAlive();
    return oracle(client, "chat", need, consumer, result, (api, take) -> api.chat(sent, take));
  }

  static <T> LocalHeavyTask<T> generate(
      OllamaClient client,
      GenerateRequest request,
      @Nullable Consumer<? super OllamaChunk> consumer,
      Function<OllamaAnswer, T> result) {
    WorkerModels.Need need = need(client, Arguments.notNull(request, "request").settings());
    GenerateRequest asked = request.withOptions(need.options());
    GenerateRequest sent = need.leavesAtOnce() ? asked : asked.withoutKeepAlive();
    return oracle(
        client, "generate", need, consumer, result, (api, take) -> api.generate(sent, take));
  }

  private static <T> LocalHeavyTask<T> oracle(
      OllamaClient client,
      String verb,
      WorkerModels.Need need,
      @Nullable Consumer<? super OllamaChunk> consumer,
      Function<OllamaAnswer, T> result,
      TaskBodies.Question question) {
    String endpoint = "POST /api/" + verb;
    return onModel(
        LocalKind.ORACLE,
        verb,
        need,
        task -> result.apply(TaskBodies.answer(client, task, need, consumer, endpoint, question)));
  }

  static <T> FleetTask<T> cloudChat(
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

  private static WorkerModels.Need need(OllamaClient client, RequestSettings request) {
    ModelName name = local(client, request.model());
    ModelOptions options = withContext(client, request.options());
    return new WorkerModels.Need(request.model(), name, options, request.keepAlive());
  }

  private static <T> LocalHeavyTask<T> onModel(
      LocalKind kind, String verb, WorkerModels.Need need, TaskBody<T> body) {
    String name = need.name().toString();
    LocalHeavyTask.Builder<T> builder =
        LocalHeavyTask.builder(kind, verb + " " + name, body).model(name);
    need.options().runnerOptions().forEach(builder::runnerOption);
    return builder.build();
  }

  /** A model's name, if it is one that would run on this machine. */
  static ModelName local(OllamaClient client, String model) {
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
