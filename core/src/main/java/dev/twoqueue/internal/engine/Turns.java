package dev.twoqueue.internal.engine;

import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is, and how long it may go on while the other class waits; and the backoff of
 * closings of the door that came to nothing.
 */
final class Turns {
  private static final long FIRST_BACKOFF = Duration.ofSeconds(1).toNanos();
  private static final int MOST_DOUBLINGS = 6;

  private final TurnPolicy policy;
  private @Nullable TaskClass turn;
  private long firstStart;
  private int started;
  private boolean budgetRuns;
  private int failedClosings;
  private long closeNotBefore = Long.MIN_VALUE;

  Turns(TurnPolicy policy) {
    this.policy = policy;
  }

  @Nullable TaskClass turn() {
    return turn;
  }

  boolean is(TaskClass taskClass) {
    return turn == taskClass;
  }

  /** A new turn, whose budget begins with its first start, or its first request for a permit. */
  void begin(TaskClass taskClass) {
    turn = taskClass;
    started = 0;
    budgetRuns = false;
  }

  void end() {
    turn = null;
    started = 0;
    budgetRuns = false;
  }

  /**
   * A start of the turn waits for a permit from outside. Were its budget not to run meanwhile, a
   * permit that never comes would keep the other class out for ever.
   */
  void asks(long now) {
    if (!budgetRuns) {
      budgetRuns = true;
      firstStart = now;
    }
  }

  void started(TaskClass taskClass, long now) {
    if (turn != taskClass) {
      begin(taskClass);
    }
    asks(now);
    started++;
    if (taskClass == TaskClass.LOCAL_HEAVY) {
      failedClosings = 0;
      closeNotBefore = Long.MIN_VALUE;
    }
  }

  /** How long the turn may go on while the other class waits: always, before its budget runs. */
  long remaining(long now) {
    TaskClass whose = turn;
    if (whose == null) {
      return 0;
    }
    if (!budgetRuns) {
      return Job.NEVER;
    }
    int atLeastOne = Math.max(1, started);
    return nanos(policy.remaining(whose, Duration.ofNanos(now - firstStart), atLeastOne));
  }

  /** How long a local start may wait for a permit from outside while the fleet waits. */
  long patience() {
    return Math.max(
        FIRST_BACKOFF, nanos(policy.remaining(TaskClass.LOCAL_HEAVY, Duration.ZERO, 1)));
  }

  /** The door was closed on the fleet, and nothing started behind it. */
  void closingFailed(long now) {
    closeNotBefore = now + (FIRST_BACKOFF << Math.min(failedClosings, MOST_DOUBLINGS));
    failedClosings++;
  }

  /** When the door may be closed on a running fleet again. */
  long closeNotBefore() {
    return closeNotBefore;
  }

  /** As many as a long can hold. */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? 0 : Job.NEVER;
    }
  }
}
