package dev.twoqueue.examples;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Residency;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What would have been in memory together, had all started at once, as it was that morning. */
final class AsItWas {
  private final PrintStream out;

  AsItWas(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints the sum, from the forecasts.
   *
   * @return bytes over the limit; negative when it would have fitted
   */
  long describe(List<LocalHeavyTask<?>> tasks, WorkingSetPredictor predictor, MemoryBudget budget)
      throws Exception {
    Map<String, Long> together = new LinkedHashMap<>();
    for (LocalHeavyTask<?> task : tasks) {
      // A model counts once, however many ask it; the largest context decides.
      String what = task.residencyKey().map(key -> key.model()).orElse(task.name());
      if (predictor.predict(task, Residency.of(List.of())) instanceof WorkingSet.Known need) {
        together.merge(what, need.likelyBytes(), Math::max);
      } else {
        out.println("  no forecast for " + task.name());
      }
    }
    out.println("As it was, everything at once:");
    together.forEach((what, bytes) -> line(what, bytes));
    long sum = together.values().stream().mapToLong(Long::longValue).sum();
    line("together", sum);
    line("models may take", budget.totalBytes());
    long over = sum - budget.totalBytes();
    line(over > 0 ? "over by" : "to spare", Math.abs(over));
    out.println("  (" + budget.source() + ")");
    return over;
  }

  private void line(String what, long bytes) {
    out.printf(Locale.ROOT, "  %-24s %12s%n", what, MemoryForecast.gib(bytes));
  }
}
