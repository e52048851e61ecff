package dev.twoqueue.ollama.forecast;

import static dev.twoqueue.ollama.forecast.MeasuredRows.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** The formulas against 618 loads of 38 models, and a few published ones from GPUs. */
class MeasuredLoadsTest {
  private static final int ROWS = 618;
  private static final int MODELS = 38;

  /** What the rows count: not the process, nor what the server keeps while it works. */
  private static double total(LoadForecast forecast, ToLongFunction<ForecastPart> figure) {
    return forecast.parts().stream()
            .filter(part -> part.kind() != Kind.RUNTIME && part.kind() != Kind.SERVER_CACHES)
            .mapToLong(figure)
            .sum()
        / MIB;
  }

  @Test
  void everyPart_isExactToATenthOfAMebibyte() {
    TreeSet<String> models = new TreeSet<>();
    int rows = 0;
    for (MeasuredRows.Row row : MeasuredRows.all()) {
      LoadForecast forecast = LoadForecast.of(row.model(), row.settings());
      Map<Kind, String> columns =
          Map.of(
              Kind.KV_CACHE, "kv_mib",
              Kind.WINDOW_CACHE, "swa_kv_mib",
              Kind.RECURRENT_STATE, "recurrent_mib",
              Kind.WEIGHTS, "weights_mib",
              Kind.COMPUTE, "compute_mib",
              Kind.OUTPUT, "output_mib");
      columns.forEach(
          (kind, column) ->
              assertEquals(
                  row.number(column), forecast.likely(kind) / MIB, 0.1, () -> column + row));
      models.add(row.text("model"));
      rows++;
    }
    assertEquals(ROWS, rows);
    assertEquals(MODELS, models.size());
  }

  @Test
  void highFigure_isNeverUnderTheMeasuredTotal() {
    for (MeasuredRows.Row row : MeasuredRows.all()) {
      LoadForecast forecast = LoadForecast.of(row.model(), row.settings());
      double measured = row.number("total_mib");
      assertTrue(total(forecast, ForecastPart::high) >= measured, () -> forecast + " for " + row);
      assertTrue(total(forecast, ForecastPart::low) <= measured, () -> forecast + " for " + row);
      for (ForecastPart part : forecast.parts()) {
        assertTrue(
            0 <= part.low() && part.low() <= part.likely() && part.likely() <= part.high(),
            part::toString);
      }
    }
  }

  @Test
  void serversThatKeepAllLogits_areForecastNear() {
    List<String> far = new ArrayList<>();
    for (MeasuredRows.Row row : MeasuredRows.all()) {
      LoadSettings settings = row.settings().withRunner(Runner.KEEPS_ALL_LOGITS);
      LoadForecast forecast = LoadForecast.of(row.model(), settings);
      double measured =
          row.number("total_mib")
              - row.number("compute_mib")
              + row.number("compute_all_outputs_mib");
      double likely = total(forecast, ForecastPart::likely);
      if (likely < 0.98 * measured || likely > Math.max(1.05 * measured, measured + 64)) {
        far.add(likely + " for " + measured + " of " + row);
      }
      assertTrue(total(forecast, ForecastPart::high) >= measured, () -> forecast + " for " + row);
    }
    assertEquals(List.of(), far);
  }

  @Test
  void everyMeasuredArchitecture_isKnown() {
    TreeSet<String> unknown = new TreeSet<>();
    for (MeasuredRows.Row row : MeasuredRows.all()) {
      if (!row.model().known()) {
        unknown.add(row.model().architecture());
      }
    }
    assertEquals(new TreeSet<>(), unknown);
  }

  @Test
  void publishedFiguresFromGpus_areMet() throws Exception {
    int rows = 0;
    for (MeasuredRows.Row row : MeasuredRows.read("memory-ground-truth.csv")) {
      CacheType type = CacheType.named(row.text("cache_type")).orElseThrow();
      LoadSettings settings =
          LoadSettings.of(row.whole("n_ctx"))
              .withSlots(row.whole("n_parallel"), true)
              .withBatch(row.whole("n_ubatch"))
              .withCache(type, type);
      KvCache cache = KvCache.of(published(row), settings);
      assertEquals(row.number("measured_kv_mib"), cache.fullBytes() / MIB, 0.1, row::toString);
      assertEquals(
          row.number("measured_swa_kv_mib"), cache.slidingBytes() / MIB, 0.51, row::toString);
      rows++;
    }
    assertEquals(8, rows);
  }

  private static ModelShape published(MeasuredRows.Row row) throws MetadataException {
    Map<String, Object> info = new HashMap<>();
    String arch = row.text("arch");
    info.put("general.architecture", arch);
    info.put(arch + ".block_count", row.whole("layers"));
    info.put(arch + ".embedding_length", row.whole("embedding_length"));
    info.put(arch + ".attention.head_count", row.whole("n_kv_heads"));
    info.put(arch + ".attention.head_count_kv", row.whole("n_kv_heads"));
    info.put(arch + ".attention.key_length", row.whole("key_length"));
    info.put(arch + ".attention.value_length", row.whole("value_length"));
    info.put(arch + ".attention.sliding_window", row.whole("sliding_window"));
    return ShapeReader.read(info);
  }

  /** llama.cpp's own log of a full offload: the tied embedding is on both sides. */
  @Test
  void weightsOfADevice_leaveTheEmbeddingOnTheHost() {
    LoadSettings device = LoadSettings.of(4096).withPlacement(Placement.DEVICE, true);
    LoadForecast tied = LoadForecast.of(MeasuredRows.model("llama3.2-3b"), device);
    assertEquals(1918.35, tied.likely(Kind.WEIGHTS) / MIB, 0.01);
    assertEquals(308.23, tied.likely(Kind.HOST_WEIGHTS) / MIB, 0.01);
    ModelMetadata own = MeasuredRows.model("llama3.1-8b");
    LoadForecast untied = LoadForecast.of(own, device);
    assertEquals(
        own.tensors().total(), untied.likely(Kind.WEIGHTS) + untied.likely(Kind.HOST_WEIGHTS));
  }
}
