package dev.twoqueue.examples.forecast;

import dev.twoqueue.examples.replay.CsvRow;
import dev.twoqueue.examples.replay.TraceFormatException;
import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.MetadataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All rows of a folder, and the bounds that their forecasts must keep.
 *
 * @param rows in the order of the file
 */
public record MeasuredLoads(List<MeasuredLoad> rows) {
  /** What counts as exact, in MiB. */
  private static final double EXACT = 0.1;

  private static final double MOST_UNDER = 0.02;
  private static final double MOST_OVER = 0.05;

  /** How far over the likely figure may be for small models, in MiB. */
  private static final double SMALL = 64;

  public MeasuredLoads {
    rows = List.copyOf(rows);
  }

  /**
   * Reads a folder: {@code measured.csv}, and {@code models/<name>.json} for each model in it.
   *
   * @param folder where they are
   * @return the rows with their forecasts
   * @throws IOException when a file cannot be read
   * @throws TraceFormatException when the table is no such table
   * @throws MetadataException when a model's metadata lacks what a forecast needs
   */
  public static MeasuredLoads read(Path folder)
      throws IOException, TraceFormatException, MetadataException {
    Map<String, MeasuredModel> models = new HashMap<>();
    List<MeasuredLoad> rows = new ArrayList<>();
    for (CsvRow row : CsvRow.read(folder.resolve("measured.csv"), MeasuredLoad.COLUMNS)) {
      String name = row.text("model");
      MeasuredModel model = models.get(name);
      if (model == null) {
        model = MeasuredModel.read(folder, name);
        models.put(name, model);
      }
      rows.add(MeasuredLoad.of(row, model));
    }
    return new MeasuredLoads(rows);
  }

  /**
   * Where a bound does not hold.
   *
   * @return a line each, empty when all hold
   */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    for (MeasuredLoad row : rows) {
      for (Kind kind : List.of(Kind.KV_CACHE, Kind.WINDOW_CACHE, Kind.RECURRENT_STATE)) {
        if (!(Math.abs(row.likely(kind) - row.measured(kind)) <= EXACT)) {
          violations.add(kind.label() + " is not exact: " + row.describe());
        }
      }
      if (!(row.error() >= -MOST_UNDER)) {
        violations.add("likely is too far under: " + row.describe());
      }
      if (!(row.likely() <= Math.max(row.total() * (1 + MOST_OVER), row.total() + SMALL))) {
        violations.add("likely is too far over: " + row.describe());
      }
      if (!(row.high() >= row.total())) {
        violations.add("high is under: " + row.describe());
      }
    }
    return violations;
  }
}
