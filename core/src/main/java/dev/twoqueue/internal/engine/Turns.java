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

  /** A new turn, whose budget begins with its first start. */
  void begin(TaskClass taskClass) {
    turn = taskClass;
    started = 0;
  }

  void end() {
    turn = null;
    started = 0;
  }

  void started(TaskClass taskClass, long now) {
    if (turn != taskClass) {
      begin(taskClass);
    }
    if (started++ == 0) {
      firstStart = now;
    }
    if (taskClass == TaskClass.LOCAL_HEAVY) {
      failedClosings = 0;
      closeNotBefore = Long.MIN_VALUE;
    }
  }

  /** How long the turn may go on while the other class waits: always, before its first start. */
  long remaining(long now) {
    TaskClass whose = turn;
    if (whose == null) {
      return 0;
    }
    if (started == 0) {
      return Job.NEVER;
    }
    return nanos(policy.remaining(whose, Duration.ofNanos(now - firstStart), started));
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
