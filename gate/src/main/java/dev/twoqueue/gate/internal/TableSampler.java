package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans the processes on a thread of its own, so that no look has to: twice a second while somebody
 * looks, and no more {@link #LINGERS} after the last look, when the thread ends. A scan that fails
 * fails the looks; one that hangs lets them fail as well, since the table gets too old.
 */
final class TableSampler {
  /** OSHI keeps CPU ticks for 300 ms; a table younger than this could stand beside older ticks. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  /** Beyond this age a look waits for a new table. */
  static final Duration OLDEST = Duration.ofMillis(1500);

  /** How long a look waits for it: on a busy machine, or at the first scan, a scan takes long. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  static final Duration LINGERS = Duration.ofSeconds(5);

  /** A scan. */
  @FunctionalInterface
  interface Scan {
    ProcessTable take() throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(TableSampler.class);

  private final Scan scan;
  private final Duration patience;
  private final Duration lingers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean running;
  private long askedNanos;
  private long begunNanos;
  private @Nullable ProcessTable latest;
  private @Nullable Throwable failure;

  TableSampler(Scan scan) {
    this(scan, PATIENCE, LINGERS);
  }

  TableSampler(Scan scan, Duration patience, Duration lingers) {
    this.scan = scan;
    this.patience = patience;
    this.lingers = lingers;
  }

  /**
   * The latest table, at most {@link #OLDEST} old.
   *
   * @throws IOException when the last scan failed, or none ended in time
   */
  ProcessTable latest() throws IOException {
    lock.lock();
    try {
      askedNanos = System.nanoTime();
      if (!running) {
        begin();
      }
      long left = patience.toNanos();
      while (true) {
        if (failure != null) {
          throw new IOException("the scan of the processes failed: " + failure, failure);
        }
        ProcessTable table = latest;
        if (table != null && ageOf(table) <= OLDEST.toNanos()) {
          return table;
        }
        if (left <= 0) {
          throw new IOException(
              "no scan of the processes has ended for "
                  + patience
                  + ", the last one began "
                  + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos)
                  + " ms ago");
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while waiting for a scan");
    } finally {
      lock.unlock();
    }
  }

  private static long ageOf(ProcessTable table) {
    return System.nanoTime() - table.takenAtNanos();
  }

  private void begin() {
    running = true;
    failure = null;
    begunNanos = System.nanoTime();
    Thread thread = new Thread(this::run, "two-queue-processes");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    do {
      @Nullable ProcessTable table = null;
      @Nullable Throwable failed = null;
      try {
        table = scan.take();
      } catch (
          Throwable e) { // also an Error: it must reach the looks, and not end the thread unseen
        failed = e;
        log.debug("a scan of the processes failed", e);
      }
      publish(table, failed);
    } while (goesOn());
  }

  private void publish(@Nullable ProcessTable table, @Nullable Throwable failed) {
    lock.lock();
    try {
      latest = table == null ? latest : table;
      failure = failed;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next scan; false, and the thread is given up, when nobody looks any more. */
  private boolean goesOn() {
    lock.lock();
    try {
      long left = INTERVAL.toNanos();
      while (left > 0) {
        left = changed.awaitNanos(left);
      }
      running = System.nanoTime() - askedNanos <= lingers.toNanos();
      begunNanos = System.nanoTime();
      return running;
    } catch (InterruptedException e) {
      running = false;
      return false;
    } finally {
      lock.unlock();
    }
  }
}
