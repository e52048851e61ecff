package dev.twoqueue.internal.engine.explore;

/**
 * How long the head of a queue waits at most (I6), where gates admit, permits are granted while
 * they are still asked for, and nobody is held, paused or cancelled: the formulas of
 * docs/architecture.md, in nanoseconds.
 */
final class Bounds {
  private final WorldSpec spec;

  Bounds(WorldSpec spec) {
    this.spec = spec;
  }

  /** Before the door is closed on the fleet: probe and gates. */
  private long early() {
    return one(Ask.OBSERVE) + one(Ask.LOOK_EARLY);
  }

  /** With nobody occupying: probe, and up to the final look. */
  private long attempt() {
    long evict = one(Ask.EVICT) == 0 ? 0 : one(Ask.LOOK_EARLY) + evictions() + one(Ask.OBSERVE);
    return one(Ask.OBSERVE) + evict + one(Ask.PERMIT) + one(Ask.LOOK_FINAL);
  }

  private long evictions() {
    boolean several = spec.answersTo(Ask.OBSERVE).contains(Answer.BOTH);
    return one(Ask.EVICT) * (several ? 2 : 1);
  }

  /** What a fleet turn takes to begin: its gates. */
  private long opening() {
    return one(Ask.LOOK_FLEET);
  }

  private long one(Ask ask) {
    return spec.asks(ask) ? spec.longestAnswer : 0;
  }

  /** The first task of the fleet's queue, from when it is the first. */
  long fleetHead() {
    long toTheLocalTurn = spec.longestBody + opening();
    if (spec.asks(Ask.PERMIT)) {
      // Its request was withdrawn, and a younger task had its permit first.
      toTheLocalTurn += one(Ask.PERMIT) + spec.longestBody;
    }
    long localTurn = attempt() + spec.localBudget + attempt() + spec.longestBody;
    return toTheLocalTurn + localTurn + opening() + one(Ask.PERMIT);
  }

  /**
   * The most local-heavy starts before a task's own, with a cap.
   *
   * @param older how many local-heavy tasks waited at its arrival
   */
  static long mostBefore(long older, long cap) {
    return (older + 1) * cap + older;
  }

  /** From one local-heavy start to the next, while a task waits for one. */
  long localHead() {
    long fleetTurn = opening() + spec.fleetBudget + early() + spec.longestBody;
    return spec.longestBody + fleetTurn + attempt();
  }
}
