package dev.twoqueue.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The phase switch: from the last statement of the last fleet task to the first one of a waiting
 * local-heavy task, beside a fair lock that a reader leaves and a waiting writer enters. The
 * contenders take turns, so that what disturbs the machine disturbs them alike.
 */
final class SwitchStudy implements Study {
  private static final int BLOCK = 100;

  private record Contender(String title, Supplier<Handover> make) {}

  private static final List<Contender> CONTENDERS =
      List.of(
          new Contender("fair `ReentrantReadWriteLock`", LockHandover::new),
          new Contender("Two-Queue without gates", () -> new SchedulerHandover(false)),
          new Contender("Two-Queue with a gate that proceeds", () -> new SchedulerHandover(true)));

  @Override
  public String name() {
    return "switch";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    long[][] nanos = new long[CONTENDERS.size()][effort.samples()];
    List<Handover> handovers = new ArrayList<>();
    try {
      CONTENDERS.forEach(contender -> handovers.add(contender.make().get()));
      measure(handovers, nanos); // warms up
      measure(handovers, nanos);
    } finally {
      for (Handover handover : handovers) {
        handover.close();
      }
    }
    Table table = new Table("Phase switch, µs", "contender", "median", "ratio", "90 %", "mean");
    List<Target> targets = new ArrayList<>();
    double base = quantile(nanos[0], 0.5);
    for (int i = 0; i < nanos.length; i++) {
      String title = CONTENDERS.get(i).title();
      double median = quantile(nanos[i], 0.5);
      table.row(
          title,
          micros(median),
          String.format(Locale.ROOT, "%.2f", median / base),
          micros(quantile(nanos[i], 0.9)),
          micros(Arrays.stream(nanos[i]).average().orElseThrow()));
      if (i > 0) {
        targets.add(Target.atMost(2, "phase switch to the lock's, " + title, median / base));
      }
    }
    return new Findings(List.of(table), targets);
  }

  private static void measure(List<Handover> handovers, long[][] nanos) throws Exception {
    int samples = nanos[0].length;
    for (int from = 0; from < samples; from += BLOCK) {
      for (int i = 0; i < nanos.length; i++) {
        for (int at = from; at < Math.min(samples, from + BLOCK); at++) {
          nanos[i][at] = handovers.get(i).nanos();
        }
      }
    }
  }

  private static double quantile(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * (sorted.length - 1))];
  }

  private static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
  }
}
