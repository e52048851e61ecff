package dev.twoqueue.examples.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The table as Markdown. */
public final class ForecastReport {
  private static final int WORST = 12;

  private final MeasuredLoads loads;
  private final StringBuilder text = new StringBuilder(16_384);

  private ForecastReport(MeasuredLoads loads) {
    this.loads = loads;
  }

  /**
   * Writes it.
   *
   * @param loads the rows
   * @return a page, with a line break at its end
   */
  public static String of(MeasuredLoads loads) {
    ForecastReport report = new ForecastReport(loads);
    report.head();
    report.byModel();
    report.worst();
    report.others();
    report.all();
    return report.text.toString();
  }

  private void head() {
    text.append(
        """
        # The forecast against measured loads

        Written by `ForecastTable`; not edited by hand. Sizes in MiB. *Likely* and *high* are the sums of the parts that
        the rows count: weights, caches, state, compute and output buffers, on the host, read and not mapped.

        """);
    List<String> violations = loads.violations();
    line("%d rows of %d models. ", loads.rows().size(), models().size());
    line(
        violations.isEmpty()
            ? "All bounds hold: KV cache and recurrent state exact to 0.1 MiB; likely at most 2 %%"
                + " under%nthe measured total and at most 5 %% (or 64 MiB) over it; high never"
                + " under it.%n%n"
            : "**%d bounds do not hold.**%n%n",
        violations.size());
    violations.forEach(violation -> line("- %s%n", violation));
  }

  private Map<String, List<MeasuredLoad>> models() {
    Map<String, List<MeasuredLoad>> models = new LinkedHashMap<>();
    for (MeasuredLoad row : loads.rows()) {
      models.computeIfAbsent(row.model(), name -> new ArrayList<>()).add(row);
    }
    return models;
  }

  private void byModel() {
    text.append(
        """
        ## By model

        The largest distance of each part from what was measured, and the range of the errors of the total; *high* is the
        least that it was above the measured total.

        | model | rows | weights | KV cache | window | state | compute | output | likely | high |
        |---|---|---|---|---|---|---|---|---|---|
        """);
    models()
        .forEach(
            (model, rows) ->
                line(
                    "| %s | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %s | +%.1f %% |%n",
                    model,
                    rows.size(),
                    off(rows, Kind.WEIGHTS),
                    off(rows, Kind.KV_CACHE),
                    off(rows, Kind.WINDOW_CACHE),
                    off(rows, Kind.RECURRENT_STATE),
                    off(rows, Kind.COMPUTE),
                    off(rows, Kind.OUTPUT),
                    range(rows, MeasuredLoad::error),
                    100
                        * rows.stream()
                            .mapToDouble(row -> row.high() / row.total() - 1)
                            .min()
                            .orElse(0)));
  }

  private static double off(List<MeasuredLoad> rows, Kind kind) {
    return rows.stream()
        .mapToDouble(row -> Math.abs(row.likely(kind) - row.measured(kind)))
        .max()
        .orElse(0);
  }

  private static String range(List<MeasuredLoad> rows, ToDoubleFunction<MeasuredLoad> error) {
    double least = rows.stream().mapToDouble(error).min().orElse(0);
    double most = rows.stream().mapToDouble(error).max().orElse(0);
    return String.format(Locale.ROOT, "%+.2f to %+.2f %%", 100 * least, 100 * most);
  }

  private void worst() {
    text.append(
        """

        ## The worst rows

        | load | measured | likely | error | high |
        |---|---|---|---|---|
        """);
    loads.rows().stream()
        .sorted(Comparator.comparingDouble((MeasuredLoad row) -> -Math.abs(row.error())))
        .limit(WORST)
        .forEach(
            row ->
                line(
                    "| %s | %.2f | %.2f | %+.3f %% | %.2f |%n",
                    row.describe(), row.total(), row.likely(), 100 * row.error(), row.high()));
  }

  private void others() {
    text.append(
        """

        ## Side by side

        The error of the total in the same rows: this forecast's likely figure, Ollama's own (`PredictServerVRAM` of 0.30
        to 0.33, which the server compares with free memory), the size of the file, and 1.2 times that.

        | predictor | least | median | most | rows more than 2 % under |
        |---|---|---|---|---|
        """);
    other("this forecast", MeasuredLoad::error);
    other("Ollama", MeasuredLoad::ollamaError);
    other("file", row -> row.fileError(1));
    other("file × 1.2", row -> row.fileError(1.2));
  }

  private void other(String name, ToDoubleFunction<MeasuredLoad> error) {
    double[] sorted = loads.rows().stream().mapToDouble(error).sorted().toArray();
    line(
        "| %s | %+.1f %% | %+.1f %% | %+.1f %% | %d |%n",
        name,
        100 * sorted[0],
        100 * sorted[sorted.length / 2],
        100 * sorted[sorted.length - 1],
        Arrays.stream(sorted).filter(e -> e < -0.02).count());
  }

  private void all() {
    text.append(
        """

        ## Every row

        Predicted / measured, by part.

        | load | weights | KV cache | window | state | compute | output | total | Ollama |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (MeasuredLoad row : loads.rows()) {
      line("| %s |", row.describe());
      for (Kind kind :
          List.of(
              Kind.WEIGHTS,
              Kind.KV_CACHE,
              Kind.WINDOW_CACHE,
              Kind.RECURRENT_STATE,
              Kind.COMPUTE,
              Kind.OUTPUT)) {
        line(" %.2f / %.2f |", row.likely(kind), row.measured(kind));
      }
      line(" %.2f / %.2f | %+.1f %% |%n", row.likely(), row.total(), 100 * row.ollamaError());
    }
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
