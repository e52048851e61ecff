package dev.twoqueue.testkit;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.Progress;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskContext;
import dev.twoqueue.TaskHandle;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A body's context that tells the witness when the body is suspended. */
record WatchedContext(TaskContext context, Occupancy here) implements TaskContext {

  @Override
  public long id() {
    return context.id();
  }

  @Override
  public ScheduledTask<?> task() {
    return context.task();
  }

  @Override
  public CancellationToken cancellation() {
    return context.cancellation();
  }

  @Override
  public void progress(Progress progress) {
    context.progress(progress);
  }

  @Override
  public <T extends @Nullable Object> T await(TaskHandle<T> handle) {
    here.stepOut();
    try {
      return context.await(handle);
    } finally {
      here.stepIn();
    }
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<T> awaitAsync(TaskHandle<T> handle) {
    here.stepOut();
    try {
      return context.awaitAsync(handle).whenComplete((value, thrown) -> here.stepIn());
    } catch (RuntimeException kept) {
      here.stepIn(); // the slot was not given up
      throw kept;
    }
  }
}
