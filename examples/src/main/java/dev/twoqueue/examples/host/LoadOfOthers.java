package dev.twoqueue.examples.host;

import dev.twoqueue.Gate;
import dev.twoqueue.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two hogs of another process hold the gate, and let go of it when they end. */
final class LoadOfOthers {
  private static final String HOG = "while :; do :; done";

  private LoadOfOthers() {}

  /** Whether it was tried: on a machine that others keep busy nothing can be told. */
  static boolean show(Findings findings, Gate load, Duration forQuiet) throws Exception {
    Looking.Seen quiet = Looking.until(load, Looking::proceeds, forQuiet);
    if (!Looking.proceeds(quiet.verdict())) {
      findings.notShown(
          "two hogs hold the load gate", "others keep this machine busy: " + quiet.text());
      return false;
    }
    findings.say("load: " + quiet.text());
    List<ForeignProcess> hogs = hogs();
    try {
      Looking.Seen held = Looking.until(load, Looking::holds, Duration.ofSeconds(15));
      findings.check(Looking.holds(held.verdict()), "two hogs hold the gate", held.text());
      findings.within(Duration.ofSeconds(3), held.after(), "they hold it");
      Looking.until(load, verdict -> isHeldFor(verdict), Duration.ofSeconds(20));
    } finally {
      hogs.forEach(ForeignProcess::close);
    }
    Looking.Seen released = Looking.until(load, Looking::proceeds, Duration.ofSeconds(30));
    findings.within(Duration.ofSeconds(5), released.after(), "their end releases it");
    return true;
  }

  /** Long enough for the looks to have backed off as far as they do. */
  private static boolean isHeldFor(Verdict verdict) {
    return verdict instanceof Verdict.Hold hold && hold.lookAgainAfter().toMillis() >= 2000;
  }

  private static List<ForeignProcess> hogs() throws IOException {
    List<ForeignProcess> hogs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      hogs.add(ForeignProcess.start("/bin/sh", "-c", HOG));
    }
    return hogs;
  }
}
