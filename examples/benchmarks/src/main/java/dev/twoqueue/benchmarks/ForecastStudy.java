package dev.twoqueue.benchmarks;

import dev.twoqueue.ollama.forecast.GgufFiles;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a forecast and a file's header cost. */
final class ForecastStudy implements Study {
  private static final int TOKENS = 200_000;
  private static final int KEPT = 50;

  @Override
  public String name() {
    return "forecast";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    Figures figures = new Figures();
    Jmh.run(effort, Forecasting.class, "forecast|header", o -> o, List.of("model"), figures);
    Table table =
        new Table(
            "Forecast and header of " + TOKENS + " tokens",
            "model",
            "forecast, µs",
            "bytes",
            "header, ms");
    List<Target> targets = new ArrayList<>();
    for (ForecastModel model : ForecastModel.values()) {
      String forecast = "forecast " + model;
      double header = figures.score("header " + model) / 1e3;
      table.row(
          model.name(),
          String.format(Locale.ROOT, "%.1f", figures.score(forecast)),
          String.format(Locale.ROOT, "%.0f", figures.bytes(forecast)),
          String.format(Locale.ROOT, "%.1f", header));
      targets.add(Target.atMost(50, "µs for a forecast of " + model, figures.score(forecast)));
      targets.add(Target.atMost(4096, "bytes for a forecast of " + model, figures.bytes(forecast)));
      targets.add(Target.atMost(60, "ms for a header of " + model, header));
    }
    targets.add(Target.atMost(1e6, "bytes kept of a header", kept()));
    return new Findings(List.of(table), targets);
  }

  /** The heap's growth for each header that is kept. */
  private static double kept() throws Exception {
    Path file = GgufFile.write(ForecastModel.DEEPSEEK_671B.info(), TOKENS);
    try {
      List<ModelMetadata> models = new ArrayList<>(KEPT);
      models.add(GgufFiles.read(file));
      long before = used();
      for (int i = 0; i < KEPT; i++) {
        models.add(GgufFiles.read(file));
      }
      double grown = Math.max(0, used() - before) / (double) KEPT;
      if (models.size() != KEPT + 1) {
        throw new IllegalStateException("the models must still be there");
      }
      return grown;
    } finally {
      Files.delete(file);
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
