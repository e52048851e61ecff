package dev.twoqueue.testkit.ollama;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's time: what it works on takes a fraction of the time that it simulates. What clients
 * set and read as real time (keep_alive, expires_at) is not scaled.
 */
final class SimulatedTime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedTime.class);

  private final double scale;
  private final ScheduledThreadPoolExecutor timer;

  SimulatedTime(double scale, String name) {
    this.scale = scale;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name + "-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    // What is scheduled while the server closes will not be missed.
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /** The real nanoseconds that a piece of work takes. */
  long nanos(Duration work) {
    return Math.round(work.toNanos() * scale);
  }

  /** The simulated seconds in a stretch of real time. */
  double simulatedSeconds(long realNanos) {
    return realNanos / 1e9 / scale;
  }

  /** Acts when a piece of work is done; the result takes the action back. */
  Runnable after(Duration work, Runnable action) {
    return afterNanos(nanos(work), action);
  }

  Runnable afterNanos(long realNanos, Runnable action) {
    var scheduled =
        timer.schedule(
            () -> {
              try {
                action.run();
              } catch (RuntimeException | Error bug) {
                LOG.error("the simulated server failed at a timer", bug);
              }
            },
            realNanos,
            TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the simulated server's timer does not end");
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }
}
