package dev.twoqueue.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A reader leaves a fair lock, and the writer that waits for it enters. */
final class LockHandover implements Handover {
  private static final long LONGEST_SECONDS = 60;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final Semaphore reads = new Semaphore(0);
  private final Semaphore mayLeave = new Semaphore(0);

  @Override
  public long nanos() throws Exception {
    Future<Long> leaving = threads.submit(this::read);
    if (!reads.tryAcquire(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the reader does not enter");
    }
    Future<Long> entering = threads.submit(this::write);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!lock.hasQueuedThreads()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the writer does not wait");
      }
      LockSupport.parkNanos(10_000);
    }
    mayLeave.release();
    return entering.get(LONGEST_SECONDS, TimeUnit.SECONDS)
        - leaving.get(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  private long read() throws InterruptedException {
    lock.readLock().lock();
    try {
      reads.release();
      mayLeave.acquire();
      return System.nanoTime();
    } finally {
      lock.readLock().unlock();
    }
  }

  private long write() {
    lock.writeLock().lock();
    try {
      return System.nanoTime();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
