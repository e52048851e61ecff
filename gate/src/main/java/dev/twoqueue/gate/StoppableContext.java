package dev.twoqueue.gate;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.Progress;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskContext;
import dev.twoqueue.TaskHandle;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body's context whose token can be set by us as well as by the scheduler. Stopping interrupts
 * the body's thread, but not while the body is suspended in {@link #await}, when it is the
 * scheduler's to wake.
 */
final class StoppableContext implements TaskContext {
  private final TaskContext outer;
  private final Consumer<Progress> onProgress;
  private final StopToken token;
  private final Thread body = Thread.currentThread();
  private volatile Progress lastProgress = Progress.NONE;
  private boolean running = true;
  private boolean suspended;

  StoppableContext(TaskContext outer, Consumer<Progress> onProgress) {
    this.outer = outer;
    this.onProgress = onProgress;
    this.token = new StopToken(outer.cancellation());
  }

  /** Tells the body to stop, once. */
  void stop(String why) {
    if (!isRunning() || !token.stop(why)) {
      return;
    }
    interruptBody();
  }

  private synchronized void interruptBody() {
    if (running && !suspended) {
      body.interrupt();
    }
  }

  synchronized boolean isRunning() {
    return running;
  }

  /** The body has ended: its thread is not ours to interrupt any more. */
  synchronized void end() {
    running = false;
    if (stoppedBecause().isPresent()) {
      Thread.interrupted(); // ours, for the body; the scheduler's own token tells of its
    }
  }

  Optional<String> stoppedBecause() {
    return token.stoppedBecause();
  }

  Progress lastProgress() {
    return lastProgress;
  }

  @Override
  public long id() {
    return outer.id();
  }

  @Override
  public ScheduledTask<?> task() {
    return outer.task();
  }

  @Override
  public CancellationToken cancellation() {
    return token;
  }

  @Override
  public void progress(Progress progress) {
    outer.progress(progress);
    lastProgress = progress;
    onProgress.accept(progress);
  }

  @Override
  public <T extends @Nullable Object> T await(TaskHandle<T> handle) {
    suspended(true);
    try {
      T result = outer.await(handle);
      stoppedBecause()
          .ifPresent(
              why -> {
                throw new CancellationException(why);
              });
      return result;
    } finally {
      suspended(false);
    }
  }

  private synchronized void suspended(boolean now) {
    suspended = now;
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<T> awaitAsync(TaskHandle<T> handle) {
    return outer.awaitAsync(handle);
  }
}
