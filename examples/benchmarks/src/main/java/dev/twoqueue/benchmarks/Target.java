package dev.twoqueue.benchmarks;

import java.util.Locale;

/**
 * One line of what was promised, and what was measured.
 *
 * @param claim for people
 * @param measured the figure
 * @param bound what it is compared with
 * @param atLeast whether the figure must reach the bound, rather than stay within it
 */
record Target(String claim, double measured, double bound, boolean atLeast) {
  static Target atLeast(double bound, String claim, double measured) {
    return new Target(claim, measured, bound, true);
  }

  static Target atMost(double bound, String claim, double measured) {
    return new Target(claim, measured, bound, false);
  }

  /** A figure that is not a number meets nothing. */
  boolean met() {
    return atLeast ? measured >= bound : measured <= bound;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %s is %.2f, bound %s %.2f",
        met() ? "met" : "MISSED",
        claim,
        measured,
        atLeast ? ">=" : "<=",
        bound);
  }
}
