package dev.twoqueue.benchmarks;

import dev.twoqueue.benchmarks.NoOpFleetTask.Contender;
import dev.twoqueue.benchmarks.Study.Findings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@link NoOpFleetTask}: throughput beside bare pools and other bulkheads. */
final class FleetStudy implements Study {
  /**
   * Each submitter waits for the end of its task before it submits the next: the targets' shape.
   */
  private static final String TO_ITS_END = "1";

  /** A queue full of tasks: what the scheduler's own work on a task costs beside a pool's. */
  private static final String FLOOD = "1024";

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    List<Contender> contenders =
        Arrays.stream(Contender.values()).filter(Contender::runsHere).toList();
    String[] names = contenders.stream().map(Contender::name).toArray(String[]::new);
    Figures figures = new Figures();
    Jmh.run(
        effort,
        NoOpFleetTask.class,
        ".*",
        options -> options.param("contender", names),
        List.of("underWay", "contender"),
        figures);
    List<Table> tables = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (String underWay : List.of(TO_ITS_END, FLOOD)) {
      for (int submitters : new int[] {1, 2, 8}) {
        String prefix = "submitters" + submitters + " " + underWay + " ";
        String title = submitters + " submitters with " + underWay + " tasks under way each";
        tables.add(table(title, prefix, contenders, figures));
        if (underWay.equals(TO_ITS_END)) {
          addThroughput(title, prefix, figures, targets);
        }
        targets.add(
            Target.atMost(
                400,
                "bytes allocated for a task, " + title,
                figures.bytes(prefix + Contender.TWO_QUEUE)));
      }
    }
    return new Findings(tables, targets);
  }

  private static Table table(
      String title, String prefix, List<Contender> contenders, Figures figures) {
    Table table =
        new Table("No-op fleet task, " + title, "contender", "tasks/s", "Two-Queue is", "bytes");
    for (Contender contender : contenders) {
      String name = prefix + contender;
      table.row(
          contender.title,
          String.format(Locale.ROOT, "%,.0f", figures.score(name)),
          String.format(Locale.ROOT, "%.2f ×", figures.ratio(prefix + Contender.TWO_QUEUE, name)),
          String.format(Locale.ROOT, "%.0f", figures.bytes(name)));
    }
    return table;
  }

  private static void addThroughput(
      String title, String prefix, Figures figures, List<Target> targets) {
    String ours = prefix + Contender.TWO_QUEUE;
    targets.add(
        Target.atLeast(
            0.9,
            "throughput to ThreadPoolExecutor's, " + title,
            figures.ratio(ours, prefix + Contender.POOL)));
    targets.add(
        Target.atLeast(
            1.5,
            "throughput to Resilience4j's, " + title,
            figures.ratio(ours, prefix + Contender.RESILIENCE4J)));
  }
}
