package dev.twoqueue.internal.engine.explore;

/**
 * A gate that says no at the last moment cannot keep the fleet empty: after a closing of the door
 * on a running fleet that ended in a hold, the next one comes 1 s later at the earliest, then 2 s,
 * 4 s, up to 64 s.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 6;

  private boolean closedOnFleet;
  private int failures;
  private long doorNotBefore;

  void closes(long now) {
    Violation.unless(now >= doorNotBefore, "I6", "the door closes on the fleet again too soon");
    closedOnFleet = true;
  }

  void opens() {
    closedOnFleet = false;
  }

  /** A local-heavy task is held. */
  void fails(long now) {
    if (closedOnFleet) {
      doorNotBefore = now + (WorldSpec.SECOND << Math.min(failures, MOST_DOUBLINGS));
      failures++;
      closedOnFleet = false;
    }
  }

  /** A local-heavy task starts. */
  void succeeds() {
    failures = 0;
    doorNotBefore = 0;
    closedOnFleet = false;
  }
}
