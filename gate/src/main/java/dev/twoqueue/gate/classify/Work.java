package dev.twoqueue.gate.classify;

/** Bounds what one classification may cost, whatever it is given. */
final class Work {
  static final int DEEPEST = 40;
  private static final int MOST = 10_000;

  private int left = MOST;

  /** Whether another command may be looked at. */
  boolean allows(int depth) {
    return depth < DEEPEST && left-- > 0;
  }
}
