package dev.twoqueue.examples.host;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What was claimed and what was seen. */
public final class Findings {
  private final PrintStream out;
  private int missed;
  private int notShown;

  /**
   * None yet.
   *
   * @param out where each finding is printed as it comes
   */
  public Findings(PrintStream out) {
    this.out = out;
  }

  /**
   * Something worth reading that claims nothing.
   *
   * @param text one line
   */
  public void say(String text) {
    out.println("       " + text);
  }

  void check(boolean met, String claim, String seen) {
    out.println((met ? "met    " : "MISSED ") + claim + ": " + seen);
    missed += met ? 0 : 1;
  }

  void within(Duration bound, Duration seen, String claim) {
    check(seen.compareTo(bound) <= 0, claim + " within " + seconds(bound), seconds(seen));
  }

  /** Something that this machine does not let be shown; never counted as met. */
  void notShown(String claim, String why) {
    out.println("not shown: " + claim + ": " + why);
    notShown++;
  }

  /**
   * How many claims do not hold.
   *
   * @return 0 or more
   */
  public int missed() {
    return missed;
  }

  /**
   * How many claims could not be tried.
   *
   * @return 0 or more
   */
  public int untried() {
    return notShown;
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
