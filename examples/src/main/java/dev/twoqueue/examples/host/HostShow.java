package dev.twoqueue.examples.host;

import dev.twoqueue.Gate;
import dev.twoqueue.gate.HostFigures;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.gate.LoadGate;
import dev.twoqueue.gate.ProcessGate;
import java.time.Duration;

/** Everything that the gates are to show on a real machine, one after the other. */
public final class HostShow {
  private HostShow() {}

  /**
   * Shows it.
   *
   * @param findings takes what was seen
   * @param forQuiet how long to wait until others leave the machine alone
   * @param heavy how long the own heavy task lasts
   * @throws Exception when this machine cannot be asked
   */
  public static void run(Findings findings, Duration forQuiet, Duration heavy) throws Exception {
    ConflictingProcess.show(findings, ProcessGate.standard());
    SmallDisk.show(findings);
    Gate load = LoadGate.standard();
    double limit = HostFigures.live().logicalCores().orElseThrow() / 3.0;
    if (LoadOfOthers.show(findings, load, forQuiet)) {
      OwnTail.show(findings, load, limit, heavy);
    } else {
      findings.notShown("an own heavy task leaves no tail", "the same");
    }
    Looking.Seen all =
        new Looking.Seen(
            HostGates.standard().look(Looking.request(Looking.oracle())), Duration.ZERO);
    findings.say("all gates now: " + all.text());
  }
}
