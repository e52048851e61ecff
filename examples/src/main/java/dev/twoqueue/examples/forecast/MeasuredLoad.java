package dev.twoqueue.examples.forecast;

import dev.twoqueue.examples.replay.CsvRow;
import dev.twoqueue.examples.replay.TraceFormatException;
import dev.twoqueue.ollama.forecast.CacheType;
import dev.twoqueue.ollama.forecast.ForecastPart;
import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadForecast;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * One row: a load that was measured, and its forecast. Sizes in MiB.
 *
 * @param model the model's name
 * @param settings how it was loaded
 * @param measured by part
 * @param total what was measured in all
 * @param forecast for the same load
 * @param others what others predict for it
 */
public record MeasuredLoad(
    String model,
    LoadSettings settings,
    Map<Kind, Double> measured,
    double total,
    LoadForecast forecast,
    OtherPredictions others) {
  private static final double MIB = 1 << 20;
  private static final double MOST_MIB = 1e9;

  /** The columns of the parts. */
  private static final Map<Kind, String> PARTS =
      Map.of(
          Kind.WEIGHTS, "weights_mib",
          Kind.KV_CACHE, "kv_mib",
          Kind.WINDOW_CACHE, "swa_kv_mib",
          Kind.RECURRENT_STATE, "recurrent_mib",
          Kind.COMPUTE, "compute_mib",
          Kind.OUTPUT, "output_mib");

  static final String[] COLUMNS = {
    "model",
    "n_ctx",
    "n_parallel",
    "kv_unified",
    "n_ubatch",
    "cache_type_k",
    "cache_type_v",
    "flash_attention",
    "weights_mib",
    "kv_mib",
    "swa_kv_mib",
    "recurrent_mib",
    "compute_mib",
    "output_mib",
    "total_mib"
  };

  static MeasuredLoad of(CsvRow row, MeasuredModel model) throws TraceFormatException {
    LoadSettings settings = settings(row);
    Map<Kind, Double> measured = new EnumMap<>(Kind.class);
    for (Map.Entry<Kind, String> part : PARTS.entrySet()) {
      measured.put(part.getKey(), size(row, part.getValue()));
    }
    return new MeasuredLoad(
        row.text("model"),
        settings,
        measured,
        size(row, "total_mib"),
        LoadForecast.of(model.metadata(), settings),
        model.others());
  }

  private static double size(CsvRow row, String column) throws TraceFormatException {
    return row.has(column) ? row.number(column, 0, MOST_MIB) : 0;
  }

  /** As the rows are measured: on the host, read and not mapped. */
  private static LoadSettings settings(CsvRow row) throws TraceFormatException {
    return LoadSettings.of((long) row.number("n_ctx", 1, 1 << 24))
        .withSlots(
            (int) row.number("n_parallel", 1, 1024), Boolean.parseBoolean(row.text("kv_unified")))
        .withBatch((int) row.number("n_ubatch", 1, 1 << 20))
        .withCache(type(row, "cache_type_k"), type(row, "cache_type_v"))
        .withFlashAttention(row.text("flash_attention").equals("on"))
        .withPlacement(Placement.HOST, false);
  }

  private static CacheType type(CsvRow row, String column) throws TraceFormatException {
    return CacheType.named(row.text(column))
        .orElseThrow(() -> row.wrong(column + " is no cache type: f16, q8_0, q4_0 and so on"));
  }

  double measured(Kind kind) {
    return Objects.requireNonNull(measured.get(kind));
  }

  double likely(Kind kind) {
    return forecast.likely(kind) / MIB;
  }

  /** The buffers alone, which is what the rows count. */
  private double buffers(ToLongFunction<ForecastPart> figure) {
    long sum = 0;
    for (ForecastPart part : forecast.parts()) {
      sum += measured.containsKey(part.kind()) ? figure.applyAsLong(part) : 0;
    }
    return sum / MIB;
  }

  double likely() {
    return buffers(ForecastPart::likely);
  }

  double high() {
    return buffers(ForecastPart::high);
  }

  /** The likely figure's error, as a share of what was measured. */
  double error() {
    return likely() / total - 1;
  }

  double ollamaError() {
    return others.ollama(settings.context()) / MIB / total - 1;
  }

  double fileError(double factor) {
    return factor * others.fileBytes() / MIB / total - 1;
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "%s, n_ctx %d, %d slot(s)%s, n_ubatch %d, %s/%s, flash attention %s",
        model,
        settings.context(),
        settings.slots(),
        settings.unified() ? " unified" : "",
        settings.batch(),
        settings.keys(),
        settings.values(),
        settings.flashAttention() ? "on" : "off");
  }
}
