package dev.twoqueue.benchmarks;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.executors.BlockingAdaptiveExecutor;
import com.netflix.concurrency.limits.limit.FixedLimit;
import com.netflix.concurrency.limits.limiter.BlockingLimiter;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import dev.failsafe.Bulkhead;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.twoqueue.TwoQueueScheduler;
import io.github.resilience4j.bulkhead.ThreadPoolBulkhead;
import io.github.resilience4j.bulkhead.ThreadPoolBulkheadConfig;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The contenders of {@link NoOpFleetTask}. All run five tasks at once and let {@link #QUEUE} wait,
 * where they have a queue.
 */
final class FleetContenders {
  static final int LIMIT = 5;

  /** What eight submitters can have under way. */
  static final int QUEUE = 8 * Batch.SIZE;

  private FleetContenders() {}

  static FleetContender twoQueue() {
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().fleetLimit(LIMIT).fleetQueueLimit(QUEUE).build();
    return contender(batch -> scheduler.submit(batch.fleetTask), scheduler::close);
  }

  /** A bare pool that gives no handle back. */
  static FleetContender pool() {
    ThreadPoolExecutor pool = pool(LIMIT);
    return contender(batch -> pool.execute(batch.runnable), () -> end(pool));
  }

  /** A bare pool whose caller gets a future, as a caller of ours gets a handle. */
  @SuppressWarnings("FutureReturnValueIgnored") // the batch counts its ends
  static FleetContender poolWithFuture() {
    ThreadPoolExecutor pool = pool(LIMIT);
    return contender(batch -> pool.submit(batch.callable), () -> end(pool));
  }

  static FleetContender resilience4j() {
    ThreadPoolBulkhead bulkhead =
        ThreadPoolBulkhead.of(
            "fleet",
            ThreadPoolBulkheadConfig.custom()
                .coreThreadPoolSize(LIMIT)
                .maxThreadPoolSize(LIMIT)
                .queueCapacity(QUEUE)
                .build());
    return contender(batch -> bulkhead.submit(batch.callable), () -> close(bulkhead));
  }

  /**
   * Used in the threads of a pool, as many as there are permits. Its asynchronous form takes the
   * permit in the submitter's thread, and of the tasks that have to wait for one, Failsafe 3.3.2
   * now and then never runs one, so that a batch would not end.
   */
  static FleetContender failsafe() {
    ThreadPoolExecutor pool = pool(LIMIT);
    FailsafeExecutor<Object> failsafe = Failsafe.with(Bulkhead.of(LIMIT));
    return contender(batch -> pool.execute(() -> failsafe.run(batch.checked)), () -> end(pool));
  }

  /** A virtual thread a task, all of which want one of five permits. */
  static FleetContender semaphoreWithVirtualThreads() {
    ExecutorService threads = VirtualThreads.newExecutor();
    Semaphore permits = new Semaphore(LIMIT);
    return contender(
        batch ->
            threads.execute(
                () -> {
                  permits.acquireUninterruptibly();
                  try {
                    batch.runnable.run();
                  } finally {
                    permits.release();
                  }
                }),
        () -> end(threads));
  }

  /** Has no queue: its submitter is blocked while five tasks are under way. */
  static FleetContender concurrencyLimits() {
    ThreadPoolExecutor pool = pool(LIMIT);
    Limiter<Void> five =
        BlockingLimiter.wrap(SimpleLimiter.newBuilder().limit(FixedLimit.of(LIMIT)).build());
    BlockingAdaptiveExecutor limited =
        BlockingAdaptiveExecutor.newBuilder().limiter(five).executor(pool).build();
    return contender(batch -> limited.execute(batch.runnable), () -> end(pool));
  }

  private static ThreadPoolExecutor pool(int threads) {
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE));
  }

  private static void end(ExecutorService pool) {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the pool has not ended within a minute");
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static FleetContender contender(Consumer<Batch> submit, Runnable close) {
    return new FleetContender() {
      @Override
      public void submit(Batch batch) {
        submit.accept(batch);
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }
}
