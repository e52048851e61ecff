package dev.twoqueue.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a look at this machine's memory costs: its figures, the budget, the verdict. */
final class MemoryStudy implements Study {
  private static final double LONGEST_MICROS = 5_000;
  private static final double MOST_BYTES = 100_000;

  private static final Map<String, String> VERDICTS =
      Map.of("look 1", "proceeds", "look 1000000000", "refuses, with the reason");

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    Figures figures = new Figures();
    Jmh.run(effort, MemoryLook.class, "look", same -> same, List.of("mebibytes"), figures);
    Table table = new Table("A look at memory", "verdict", "mean, µs", "99 %, µs", "bytes");
    List<Target> targets = new ArrayList<>();
    VERDICTS.forEach(
        (name, verdict) -> {
          double slowest = figures.score(Figures.slowest(name));
          table.row(
              verdict,
              String.format(Locale.ROOT, "%.0f", figures.score(name)),
              String.format(Locale.ROOT, "%.0f", slowest),
              String.format(Locale.ROOT, "%,.0f", figures.bytes(name)));
          targets.add(
              Target.atMost(
                  LONGEST_MICROS, "µs of 99 % of the looks that end: " + verdict, slowest));
          targets.add(
              Target.atMost(MOST_BYTES, "bytes a look that ends: " + verdict, figures.bytes(name)));
        });
    return new Findings(List.of(table), targets);
  }
}
