package dev.twoqueue.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What is to be run.
 *
 * @param effort how long
 * @param studies their names; all of them where there is none
 */
record Plan(Effort effort, List<String> studies) {

  /**
   * How long each measurement takes.
   *
   * @param rounds how often everything is run; ratios are taken within a round
   * @param warmups iterations before those that count
   * @param iterations those that count
   * @param millis of one iteration
   * @param samples of what is measured one by one
   * @param queued tasks where the claim is about a million of them
   */
  record Effort(int rounds, int warmups, int iterations, int millis, int samples, int queued) {
    static final Effort FULL = new Effort(3, 4, 3, 1000, 20_000, 1_000_000);

    /** For a machine that others use too; long enough for the compiler to be done. */
    static final Effort QUICK = new Effort(1, 4, 3, 500, 3_000, 1_000_000);

    /** Shows that everything runs, and measures nothing. */
    static final Effort SMOKE = new Effort(1, 0, 1, 1, 5, 1_000);

    TimeValue iteration() {
      return TimeValue.milliseconds(millis);
    }
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException at an option that does not exist
   */
  static Plan of(String... arguments) {
    Effort effort = Effort.FULL;
    List<String> studies = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("--quick")) {
        effort = Effort.QUICK;
      } else if (argument.startsWith("-")) {
        throw new IllegalArgumentException("no option " + argument + ", there is only --quick");
      } else {
        studies.add(argument);
      }
    }
    return new Plan(effort, studies);
  }

  boolean includes(String study) {
    return studies.isEmpty() || studies.contains(study);
  }
}
