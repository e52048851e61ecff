package dev.twoqueue.benchmarks;

import dev.failsafe.function.CheckedRunnable;
import dev.twoqueue.FleetTask;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The no-op tasks of one submitter. Every contender is handed a body that was made before the
 * measurement, so that what is allocated is the contender's own; bodies count down, and the
 * submitter waits for the last one of those that it has under way.
 */
final class Batch {
  static final int SIZE = 1024;
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

  private final AtomicInteger left = new AtomicInteger();
  private volatile @Nullable Thread submitter;

  final Runnable runnable = this::ended;
  final CheckedRunnable checked = this::ended;
  final Callable<Boolean> callable =
      () -> {
        ended();
        return true;
      };
  final FleetTask<Boolean> fleetTask =
      FleetTask.of(
          "no-op",
          context -> {
            ended();
            return true;
          });

  /**
   * Submits the whole batch.
   *
   * @param underWay how many tasks to submit before waiting for their ends; a part of {@link #SIZE}
   */
  void run(FleetContender contender, int underWay) {
    submitter = Thread.currentThread();
    for (int done = 0; done < SIZE; done += underWay) {
      left.set(underWay);
      for (int i = 0; i < underWay; i++) {
        contender.submit(this);
      }
      awaitEnds();
    }
  }

  private void awaitEnds() {
    long deadline = System.nanoTime() + LONGEST;
    while (left.get() > 0) {
      LockSupport.parkNanos(this, LONGEST);
      if (left.get() > 0 && System.nanoTime() > deadline) {
        throw new IllegalStateException(left + " tasks of a batch never ran");
      }
    }
  }

  private void ended() {
    if (left.decrementAndGet() == 0) {
      LockSupport.unpark(submitter);
    }
  }
}
