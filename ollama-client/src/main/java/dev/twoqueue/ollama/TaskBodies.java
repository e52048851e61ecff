package dev.twoqueue.ollama;

import dev.twoqueue.Progress;
import dev.twoqueue.TaskContext;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the ready-made tasks do while they occupy. */
final class TaskBodies {
  private static final Progress LOADING = new Progress(0, 0, "loading");

  private TaskBodies() {}

  static InstalledModel pull(
      OllamaClient client, TaskContext task, ModelName name, String model, long size) {
    OllamaApi api = client.cancelledBy(task.cancellation());
    PullMeter meter = new PullMeter(size);
    api.pull(model, line -> task.progress(progress(meter.take(line))));
    return Lookups.installed(api, name);
  }

  private static Progress progress(PullMeter.Reading reading) {
    String message = reading.status();
    if (reading.timeLeft().isPresent() && reading.doneBytes() < reading.totalBytes()) {
      message +=
          String.format(
              Locale.ROOT,
              ", %.1f MB/s, %d s left",
              reading.bytesPerSecond() / 1e6,
              reading.timeLeft().get().toSeconds());
    }
    return new Progress(reading.doneBytes(), reading.totalBytes(), message);
  }

  static RunningModel load(OllamaClient client, TaskContext task, WorkerModels.Need need) {
    OllamaApi api = client.cancelledBy(task.cancellation());
    task.progress(LOADING);
    if (!client.workers().makeReady(api, need)) {
      // Whether it runs with these options cannot be seen for all of them.
      PinGate.Pass pass = client.workers().mayLoad("POST /api/generate");
      try {
        api.load(need.model(), need.options(), null);
      } finally {
        pass.end();
      }
    }
    client.workers().keep(need);
    return Lookups.running(api, need.name());
  }

  /** Asks for an answer in pieces. */
  @FunctionalInterface
  interface Question {
    OllamaAnswer ask(OllamaApi api, Consumer<OllamaChunk> consumer);
  }

  static OllamaAnswer answer(
      OllamaClient client,
      TaskContext task,
      WorkerModels.Need need,
      @Nullable Consumer<? super OllamaChunk> consumer,
      String endpoint,
      Question question) {
    OllamaApi api = client.cancelledBy(task.cancellation());
    task.progress(LOADING);
    client.workers().makeReady(api, need);
    OllamaAnswer answer;
    // The model may have left, or its runner died: until its first piece the request may load it.
    PinGate.Pass pass = client.workers().mayLoad(endpoint);
    try {
      AnswerProgress progress = new AnswerProgress(task, consumer);
      answer =
          question.ask(
              api,
              chunk -> {
                pass.end();
                progress.accept(chunk);
              });
    } finally {
      pass.end();
    }
    client.workers().keep(need);
    return answer;
  }

  /** Counts the pieces of an answer into the task's progress. */
  static final class AnswerProgress implements Consumer<OllamaChunk> {
    private final TaskContext task;
    private final @Nullable Consumer<? super OllamaChunk> next;
    private long pieces;

    AnswerProgress(TaskContext task, @Nullable Consumer<? super OllamaChunk> next) {
      this.task = task;
      this.next = next;
      task.progress(new Progress(0, 0, "waiting for the first piece of the answer"));
    }

    @Override
    public void accept(OllamaChunk chunk) {
      task.progress(new Progress(++pieces, 0, "answering"));
      if (next != null) {
        next.accept(chunk);
      }
    }
  }
}
