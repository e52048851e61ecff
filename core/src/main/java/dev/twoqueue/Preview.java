package dev.twoqueue;

import java.util.List;
import java.util.Optional;

/**
 * What would happen to a task, as things stand; nothing was submitted.
 *
 * <p>The constructor throws {@link NullPointerException} when an argument is null.
 *
 * @param verdict what gates and forecast say together
 * @param reports what each gate says; empty for fleet tasks where no gate watches the fleet
 * @param forecast the memory forecast, where a gate makes one
 * @param ahead how many tasks of its class would start before it
 * @param waitsFor why it would not start at once, apart from the verdict; empty when it would
 * @param warnings where starting it by hand now would break the rule, and what is not looked at
 */
public record Preview(
    Verdict verdict,
    List<GateReport> reports,
    Optional<MemoryForecast> forecast,
    int ahead,
    Optional<WaitReason> waitsFor,
    List<String> warnings) {
  public Preview {
    Arguments.notNull(verdict, "verdict");
    reports = List.copyOf(reports);
    Arguments.notNull(forecast, "forecast");
    Arguments.notNull(waitsFor, "waitsFor");
    warnings = List.copyOf(warnings);
  }

  /**
   * Whether it would start at once.
   *
   * @return true when nothing holds it and nothing is in its way
   */
  public boolean wouldStartNow() {
    return verdict instanceof Verdict.Proceed && waitsFor.isEmpty();
  }
}
