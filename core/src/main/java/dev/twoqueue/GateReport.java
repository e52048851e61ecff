package dev.twoqueue;

/**
 * What one gate said.
 *
 * <p>The constructor throws {@link NullPointerException} when an argument is null.
 *
 * @param gate its name
 * @param verdict its verdict; where it threw, hung or returned null, the hold that came of it
 */
public record GateReport(String gate, Verdict verdict) {
  public GateReport {
    Arguments.notNull(gate, "gate");
    Arguments.notNull(verdict, "verdict");
  }
}
