package dev.twoqueue.examples.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What each policy made of one trace.
 *
 * @param trace what arrived
 * @param runs a policy's schedule each
 */
public record Comparison(Trace trace, List<Run> runs) {

  /**
   * One policy's schedule.
   *
   * @param policy its name
   * @param schedule what it led to
   */
  public record Run(String policy, Schedule schedule) {}

  /** The columns of {@link #csv}. */
  public static final String CSV_COLUMNS =
      "load,policy,swaps_per_job,mean_wait_s,p95_wait_s,longest_wait_s";

  public Comparison {
    runs = List.copyOf(runs);
  }

  /**
   * Runs every policy.
   *
   * @param trace what arrives
   * @param load how long a swap takes
   * @return the comparison
   */
  public static Comparison of(Trace trace, Duration load) {
    return new Comparison(
        trace,
        ReplayPolicy.all(load).stream()
            .map(policy -> new Run(policy.name(), ReplayRun.of(trace, load, policy)))
            .toList());
  }

  /**
   * For people.
   *
   * @return lines, the waits in minutes
   */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%,d jobs for %d models at load %.3f over %.1f days; in order of arrival %.3f swaps a"
                + " job",
            trace.jobs().size(),
            trace.jobsByModel().size(),
            trace.load(),
            trace.span().toMinutes() / 1440.0,
            trace.swapsInOrder()));
    lines.add(
        format(
            "%-16s %10s %11s %10s %12s",
            "policy", "swaps/job", "mean, min", "p95, min", "longest, min"));
    for (Run run : runs) {
      Schedule schedule = run.schedule;
      lines.add(
          format(
              "%-16s %10.3f %11.1f %10.1f %12.1f",
              run.policy,
              schedule.swapsPerJob(),
              seconds(schedule.meanWait()) / 60,
              seconds(schedule.waitQuantile(0.95)) / 60,
              seconds(schedule.waitQuantile(1)) / 60));
    }
    return lines;
  }

  /**
   * For programs.
   *
   * @return lines with the columns {@link #CSV_COLUMNS}
   */
  public List<String> csv() {
    return runs.stream()
        .map(
            run ->
                format(
                    "%.6f,%s,%.6f,%.3f,%.3f,%.3f",
                    trace.load(),
                    run.policy,
                    run.schedule.swapsPerJob(),
                    seconds(run.schedule.meanWait()),
                    seconds(run.schedule.waitQuantile(0.95)),
                    seconds(run.schedule.waitQuantile(1))))
        .toList();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
