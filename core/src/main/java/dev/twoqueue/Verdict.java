package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;

/** What a {@link Gate} says of a task that would start now. */
public sealed interface Verdict {

  /** Whom a hold keeps from starting. */
  enum Scope {
    /** This task alone; the next one in order may be tried. */
    TASK,
    /** Every task of the class: the reason lies with the machine. */
    CLASS
  }

  /**
   * It may start.
   *
   * <p>The constructor throws {@link NullPointerException} when an argument is null.
   *
   * @param saw what the gate saw, for people; may be empty
   * @param lease held while the task occupies; {@link Lease#NONE} for nothing
   * @param forecast the memory forecast, from a gate that makes one
   * @param lookAgainAfter for gates of the fleet, how long this verdict stands; empty for the
   *     scheduler's default
   */
  record Proceed(
      String saw, Lease lease, Optional<MemoryForecast> forecast, Optional<Duration> lookAgainAfter)
      implements Verdict {
    public Proceed {
      Arguments.notNull(saw, "saw");
      Arguments.notNull(lease, "lease");
      Arguments.notNull(forecast, "forecast");
      Arguments.notNull(lookAgainAfter, "lookAgainAfter")
          .ifPresent(after -> Arguments.positive(after, "lookAgainAfter"));
    }

    /**
     * The same with a lease.
     *
     * @param held closed when the task has ended
     * @return a copy
     */
    public Proceed withLease(Lease held) {
      return new Proceed(saw, held, forecast, lookAgainAfter);
    }

    /**
     * The same with a time for the next look.
     *
     * @param after how long this verdict stands
     * @return a copy
     */
    public Proceed withLookAgainAfter(Duration after) {
      return new Proceed(saw, lease, forecast, Optional.of(after));
    }
  }

  /**
   * Not now.
   *
   * <p>The constructor throws {@link IllegalArgumentException} when the reason is blank or the time
   * not positive.
   *
   * @param reason why, with figures, for people
   * @param lookAgainAfter when another look is worth it; raised to one second
   * @param scope whom it keeps
   * @param forecast the memory forecast, from a gate that makes one
   */
  record Hold(
      String reason, Duration lookAgainAfter, Scope scope, Optional<MemoryForecast> forecast)
      implements Verdict {
    public Hold {
      Arguments.notBlank(reason, "reason");
      lookAgainAfter = Arguments.positive(lookAgainAfter, "lookAgainAfter");
      Arguments.notNull(scope, "scope");
      Arguments.notNull(forecast, "forecast");
    }
  }

  /**
   * Never: the task ends.
   *
   * <p>The constructor throws {@link IllegalArgumentException} when the reason is blank.
   *
   * @param reason why, and what would help, for people
   * @param forecast the memory forecast, from a gate that makes one
   */
  record Refuse(String reason, Optional<MemoryForecast> forecast) implements Verdict {
    public Refuse {
      Arguments.notBlank(reason, "reason");
      Arguments.notNull(forecast, "forecast");
    }
  }

  /**
   * It may start.
   *
   * @return the verdict
   */
  static Proceed proceed() {
    return proceed("");
  }

  /**
   * It may start.
   *
   * @param saw what the gate saw, for people
   * @return the verdict
   */
  static Proceed proceed(String saw) {
    return new Proceed(saw, Lease.NONE, Optional.empty(), Optional.empty());
  }

  /**
   * It may start, and this is what memory will look like.
   *
   * @param saw what the gate saw, for people
   * @param forecast need and budget
   * @return the verdict
   */
  static Proceed proceed(String saw, MemoryForecast forecast) {
    return new Proceed(saw, Lease.NONE, Optional.of(forecast), Optional.empty());
  }

  /**
   * Not now, for a reason of this task's own.
   *
   * @param reason why, for people
   * @param lookAgainAfter when another look is worth it
   * @return the verdict
   */
  static Hold hold(String reason, Duration lookAgainAfter) {
    return new Hold(reason, lookAgainAfter, Scope.TASK, Optional.empty());
  }

  /**
   * Not now, for a reason that keeps the whole class.
   *
   * @param reason why, for people
   * @param lookAgainAfter when another look is worth it
   * @return the verdict
   */
  static Hold holdClass(String reason, Duration lookAgainAfter) {
    return new Hold(reason, lookAgainAfter, Scope.CLASS, Optional.empty());
  }

  /**
   * Never.
   *
   * @param reason why, for people
   * @return the verdict
   */
  static Refuse refuse(String reason) {
    return new Refuse(reason, Optional.empty());
  }
}
