package dev.twoqueue;

import java.time.Duration;
import java.time.Instant;

/**
 * The scheduler's time and timer. The default is the system's; the test kit has one that is turned
 * by hand. A clock that throws or steps backwards is logged and corrected, never believed.
 */
public interface SchedulerClock {

  /**
   * Time for measuring, like {@link System#nanoTime}: only differences mean anything.
   *
   * @return nanoseconds
   */
  long nanos();

  /**
   * The time of day, for people.
   *
   * @return now
   */
  Instant instant();

  /**
   * Runs an action later, once, on a thread of the clock's own.
   *
   * @param delay zero or more
   * @param action quick; hands anything longer to an executor
   * @return takes the action back
   */
  Timer schedule(Duration delay, Runnable action);

  /** A scheduled action. */
  @FunctionalInterface
  interface Timer {
    /** Takes the action back; without effect when it has begun. */
    void cancel();
  }
}
