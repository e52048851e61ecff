package dev.twoqueue.internal;

import java.util.function.BooleanSupplier;

/**
 * Waits actively for what is mostly about to happen, so that no thread has to be woken for it. How
 * long is learned: twice as long each time it was worth it, half as long each time it was in vain,
 * as monitors of the JVM do. Safe for use by several threads, which learn together.
 */
final class Patience {
  /** Whether there is no processor for whom a thread could wait actively. */
  static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

  /** In looks: well under a microsecond, where to wake a thread takes five to fifteen. */
  private static final int LEAST = 16;

  /** In looks: some tens of microseconds. */
  private static final int MOST = 1024;

  private final int least;
  private final int most;

  /** Updates that are lost are no harm: each is a guess. */
  private volatile int looks;

  /**
   * @param least in looks, zero for none at all
   * @param most in looks
   */
  Patience(int least, int most) {
    this.least = least;
    this.most = most;
    this.looks = least;
  }

  /** On a machine with one processor none: whoever is waited for could not run meanwhile. */
  static Patience ofThisMachine() {
    return ALONE ? new Patience(0, 0) : new Patience(LEAST, MOST);
  }

  /** Whether it happened while that was waited for. */
  boolean outlasts(BooleanSupplier happened) {
    int bound = looks;
    for (int i = 0; i < bound; i++) {
      if (happened.getAsBoolean()) {
        learned(bound, Math.min(most, 2 * bound));
        return true;
      }
      Thread.onSpinWait();
    }
    learned(bound, Math.max(least, bound / 2));
    return false;
  }

  private void learned(int before, int now) {
    if (now != before) { // what all threads read is not written for nothing
      looks = now;
    }
  }
}
