package dev.twoqueue.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The end of a scheduler, and of its log of inputs, whose last lines are written after it. */
final class Termination {
  private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
  private final @Nullable InputLogWriter inputLog;

  Termination(@Nullable InputLogWriter inputLog) {
    this.inputLog = inputLog;
  }

  /** The last task has ended after a shutdown. */
  void reach() {
    reached.complete(true);
  }

  boolean isReached() {
    return reached.isDone();
  }

  /** Returns false when it was not reached within the timeout. */
  boolean await(Duration timeout) throws InterruptedException {
    Objects.requireNonNull(timeout, "timeout must not be null");
    long nanos = TimeUnit.NANOSECONDS.convert(timeout);
    long asked = System.nanoTime();
    try {
      boolean ended = reached.get(nanos, TimeUnit.NANOSECONDS);
      awaitInputLog(Duration.ofNanos(nanos - (System.nanoTime() - asked)));
      return ended;
    } catch (TimeoutException | ExecutionException notYet) {
      return false;
    }
  }

  /** Waits to the end; the action hurries it when the thread is interrupted, which it stays. */
  void await(Runnable onInterrupt) {
    boolean interrupted = false;
    while (true) {
      try {
        reached.get();
        break;
      } catch (InterruptedException told) {
        interrupted = true;
        onInterrupt.run();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    try {
      awaitInputLog(InputLogWriter.PATIENCE);
    } catch (InterruptedException told) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitInputLog(Duration atMost) throws InterruptedException {
    if (inputLog != null) {
      inputLog.awaitWritten(atMost);
    }
  }
}
