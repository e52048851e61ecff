package dev.twoqueue.ollama;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Progress;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskContext;
import dev.twoqueue.TaskHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Runs a task's body without a scheduler. */
final class TestTask implements TaskContext {
  final TestToken token = new TestToken();
  final List<Progress> reports = Collections.synchronizedList(new ArrayList<>());
  private final ScheduledTask<?> task;

  TestTask(ScheduledTask<?> task) {
    this.task = task;
  }

  static <T extends @Nullable Object> T run(LocalHeavyTask<T> task) throws Exception {
    return task.body().orElseThrow().run(new TestTask(task));
  }

  @Override
  public long id() {
    return 1;
  }

  @Override
  public ScheduledTask<?> task() {
    return task;
  }

  @Override
  public CancellationToken cancellation() {
    return token;
  }

  @Override
  public void progress(Progress progress) {
    reports.add(progress);
  }

  @Override
  public <T extends @Nullable Object> T await(TaskHandle<T> handle) {
    throw new UnsupportedOperationException("no scheduler");
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<T> awaitAsync(TaskHandle<T> handle) {
    throw new UnsupportedOperationException("no scheduler");
  }
}
