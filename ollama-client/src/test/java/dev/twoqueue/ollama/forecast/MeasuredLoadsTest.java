package dev.twoqueue.ollama.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The formulas against 618 loads of 38 models, and a few published ones from GPUs. */
class MeasuredLoadsTest {
  private static final double MIB = 1 << 20;
  private static final int ROWS = 618;
  private static final int MODELS = 38;

  private final Map<String, MeasuredRows.Model> models = new HashMap<>();

  private MeasuredRows.Model model(MeasuredRows.Row row) {
    return models.computeIfAbsent(row.text("model"), MeasuredRows::model);
  }

  private static LoadSettings settings(MeasuredRows.Row row) {
    return new LoadSettings(
        row.whole("n_ctx"),
        row.whole("n_parallel"),
        Boolean.parseBoolean(row.text("kv_unified")),
        row.whole("n_ubatch"),
        CacheType.named(row.text("cache_type_k")).orElseThrow(),
        CacheType.named(row.text("cache_type_v")).orElseThrow(),
        row.text("flash_attention").equals("on"));
  }

  private static LoadForecast forecast(MeasuredRows.Model model, LoadSettings settings) {
    return LoadForecast.of(
        model.shape(),
        new LoadForecast.Weights(model.fileBytes(), model.tiedEmbeddingBytes()),
        settings);
  }

  @Test
  void cacheAndState_areExactToATenthOfAMebibyte() {
    int rows = 0;
    for (MeasuredRows.Row row : MeasuredRows.read("measured.csv")) {
      ModelShape shape = model(row).shape();
      KvCache cache = KvCache.of(shape, settings(row));
      assertEquals(row.number("kv_mib"), cache.fullBytes() / MIB, 0.1, row::toString);
      assertEquals(row.number("swa_kv_mib"), cache.slidingBytes() / MIB, 0.1, row::toString);
      double state = RecurrentState.bytes(shape, settings(row)) / MIB;
      assertEquals(row.number("recurrent_mib"), state, 0.1, row::toString);
      rows++;
    }
    assertEquals(ROWS, rows);
    assertEquals(MODELS, models.size());
  }

  @Test
  void highFigure_isNeverUnderTheMeasuredTotal() {
    int rows = 0;
    for (MeasuredRows.Row row : MeasuredRows.read("measured.csv")) {
      LoadForecast forecast = forecast(model(row), settings(row));
      assertTrue(
          forecast.high() / MIB >= row.number("total_mib"),
          () -> forecast.high() / MIB + " for " + row);
      assertTrue(forecast.low() <= forecast.likely() && forecast.likely() <= forecast.high());
      assertTrue(
          forecast.low() / MIB <= row.number("total_mib"),
          () -> forecast.low() / MIB + " for " + row);
      rows++;
    }
    assertEquals(ROWS, rows);
  }

  @Test
  void highFigure_coversServersThatKeepTheLogitsOfAllTokens() {
    int rows = 0;
    for (MeasuredRows.Row row : MeasuredRows.read("measured.csv")) {
      LoadForecast forecast = forecast(model(row), settings(row));
      double total =
          row.number("total_mib")
              - row.number("compute_mib")
              + row.number("compute_all_outputs_mib");
      assertTrue(forecast.high() / MIB >= total, () -> forecast.high() / MIB + " for " + row);
      rows++;
    }
    assertEquals(ROWS, rows);
  }

  @Test
  void likelyFigure_isNearForDenseModels() {
    int rows = 0;
    List<String> far = new ArrayList<>();
    for (MeasuredRows.Row row : MeasuredRows.read("measured.csv")) {
      MeasuredRows.Model model = model(row);
      if (model.shape().fit() != ModelShape.Fit.DENSE || !model.shape().causal()) {
        continue;
      }
      double likely = forecast(model, settings(row)).likely() / MIB;
      double measured = row.number("total_mib");
      if (likely < 0.98 * measured || likely > Math.max(1.05 * measured, measured + 64)) {
        far.add(likely + " for " + row);
      }
      rows++;
    }
    assertEquals(List.of(), far);
    assertEquals(386, rows);
  }

  @Test
  void everyMeasuredArchitecture_isKnown() {
    TreeSet<String> unknown = new TreeSet<>();
    for (MeasuredRows.Row row : MeasuredRows.read("measured.csv")) {
      if (model(row).shape().fit() == ModelShape.Fit.UNKNOWN) {
        unknown.add(model(row).shape().architecture());
      }
    }
    assertEquals(new TreeSet<>(), unknown);
  }

  @Test
  void publishedFiguresFromGpus_areMet() {
    int rows = 0;
    for (MeasuredRows.Row row : MeasuredRows.read("memory-ground-truth.csv")) {
      if (row.text("measured_kv_mib").isEmpty()) {
        continue;
      }
      CacheType type = CacheType.named(row.text("cache_type")).orElseThrow();
      LoadSettings settings =
          new LoadSettings(
              row.whole("n_ctx"),
              row.whole("n_parallel"),
              true,
              row.whole("n_ubatch"),
              type,
              type,
              true);
      KvCache cache = KvCache.of(published(row), settings);
      assertEquals(row.number("measured_kv_mib"), cache.fullBytes() / MIB, 0.1, row::toString);
      assertEquals(
          row.number("measured_swa_kv_mib"), cache.slidingBytes() / MIB, 0.51, row::toString);
      rows++;
    }
    assertEquals(8, rows);
  }

  private static ModelShape published(MeasuredRows.Row row) {
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
    try {
      return ShapeReader.read(info);
    } catch (UnreadableMetadataException e) {
      throw new AssertionError(e);
    }
  }
}
