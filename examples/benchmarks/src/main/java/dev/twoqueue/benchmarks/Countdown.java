package dev.twoqueue.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts the ends of tasks. */
final class Countdown {
  private static final long LONGEST_MINUTES = 10;

  private final CountDownLatch open;

  Countdown(int tasks) {
    this.open = new CountDownLatch(tasks);
  }

  void one() {
    open.countDown();
  }

  void await() throws InterruptedException {
    if (!open.await(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException(open.getCount() + " tasks never ran");
    }
  }
}
