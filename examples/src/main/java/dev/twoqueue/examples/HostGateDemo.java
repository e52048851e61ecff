package dev.twoqueue.examples;

import dev.twoqueue.examples.host.Findings;
import dev.twoqueue.examples.host.HostShow;
import java.io.PrintStream;
import java.time.Duration;

/**
 * The gates on this very machine: hogs of another process, an own task at full load, a small disk
 * that fills up, a conflicting process. Linux; mounting the small disk needs root.
 */
public final class HostGateDemo {
  private HostGateDemo() {}

  /**
   * Shows what the gates claim. Exits with 0 when all of it was seen, 1 when something was
   * otherwise, 2 when this machine did not let everything be shown.
   *
   * @param args seconds to wait for a quiet machine (60), seconds of the own heavy task (15)
   * @throws Exception when this machine cannot be asked
   */
  public static void main(String... args) throws Exception {
    System.exit(run(System.out, args));
  }

  static int run(PrintStream out, String... args) throws Exception {
    Findings findings = new Findings(out);
    Duration forQuiet = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 60);
    Duration heavy = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 15);
    HostShow.run(findings, forQuiet, heavy);
    out.printf("%d missed, %d not shown%n", findings.missed(), findings.untried());
    return findings.missed() > 0 ? 1 : findings.untried() > 0 ? 2 : 0;
  }
}
