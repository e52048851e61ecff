package dev.twoqueue.benchmarks;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Tasks of a pool all of whose threads are kept busy. */
final class PoolBacklog implements Backlog {
  private final ThreadPoolExecutor pool;
  private final CountDownLatch begin = new CountDownLatch(1);
  private final Countdown left;
  private final Runnable runnable;
  private final Callable<Boolean> callable;
  private final boolean withFuture;

  PoolBacklog(boolean withFuture, int threads, int tasks) {
    this.withFuture = withFuture;
    this.left = new Countdown(tasks);
    this.runnable = left::one;
    this.callable =
        () -> {
          left.one();
          return true;
        };
    this.pool =
        new ThreadPoolExecutor(
            threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(tasks));
    for (int i = 0; i < threads; i++) {
      pool.execute(this::waitForBegin);
    }
  }

  private void waitForBegin() {
    try {
      begin.await();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the ends are counted
  public void add(int number) {
    if (withFuture) {
      pool.submit(callable);
    } else {
      pool.execute(runnable);
    }
  }

  @Override
  public void drain() throws InterruptedException {
    begin.countDown();
    left.await();
  }

  @Override
  public void shutdownNow() throws InterruptedException {
    pool.shutdownNow();
    if (!pool.awaitTermination(10, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the pool has not ended");
    }
  }
}
