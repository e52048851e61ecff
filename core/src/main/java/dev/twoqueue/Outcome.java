package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended. Every task that was accepted has exactly one (I7); one that was not accepted
 * has no handle, and its submitter a {@link TaskRejectedException}.
 *
 * @param <T> the type of the task's result
 */
public sealed interface Outcome<T extends @Nullable Object> {

  /**
   * The body returned.
   *
   * @param <T> the type of the result
   * @param value what it returned
   */
  record Succeeded<T extends @Nullable Object>(T value) implements Outcome<T> {}

  /**
   * The body threw, or could not be started.
   *
   * @param <T> the type of the result
   * @param cause what it threw
   */
  record Failed<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {}

  /**
   * It was cancelled: before its start, or its body ended after it had been told to stop.
   *
   * @param <T> the type of the result
   * @param reason as given by whoever cancelled
   */
  record Cancelled<T extends @Nullable Object>(String reason) implements Outcome<T> {}

  /**
   * A deadline passed.
   *
   * @param <T> the type of the result
   * @param deadline which one
   * @param limit its length
   */
  record TimedOut<T extends @Nullable Object>(Deadline deadline, Duration limit)
      implements Outcome<T> {}

  /**
   * A gate or the forecast refused it.
   *
   * @param <T> the type of the result
   * @param reason why
   * @param forecast the memory forecast, where memory was the reason or had been looked at
   */
  record Refused<T extends @Nullable Object>(String reason, Optional<MemoryForecast> forecast)
      implements Outcome<T> {}

  /** The two deadlines. */
  enum Deadline {
    /** {@link ScheduledTask#startWithin}. */
    START_WITHIN,
    /** {@link ScheduledTask#runTimeout}. */
    RUN_TIMEOUT
  }
}
