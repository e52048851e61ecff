package dev.twoqueue.internal.engine.explore;

/** An invariant does not hold. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String invariant, String what) {
    super(invariant + ": " + what);
  }

  static void unless(boolean holds, String invariant, Object what) {
    if (!holds) {
      throw new Violation(invariant, what.toString());
    }
  }
}
