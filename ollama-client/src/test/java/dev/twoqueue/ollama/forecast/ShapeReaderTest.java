package dev.twoqueue.ollama.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeReaderTest {
  private static Map<String, Object> llama() {
    return new HashMap<>(MeasuredRows.info("llama3.1-8b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama.block_count", "llama.embedding_length", "general.architecture"})
  void missingKey_isNamed(String key) {
    Map<String, Object> info = llama();
    info.remove(key);
    MetadataException e = assertThrows(MetadataException.class, () -> ShapeReader.read(info));
    assertTrue(e.toString().contains(key), e.toString());
    assertFalse(e.leftOut());
  }

  @Test
  void listThatWasLeftOut_asksForVerbose() {
    Map<String, Object> info = new HashMap<>(MeasuredRows.info("nemotron-h-8b"));
    info.put("nemotron_h.attention.head_count_kv", null);
    assertTrue(assertThrows(MetadataException.class, () -> ShapeReader.read(info)).leftOut());
    Map<String, Object> pattern = new HashMap<>(MeasuredRows.info("gemma4-31b"));
    pattern.put("gemma4.attention.sliding_window_pattern", null);
    assertTrue(assertThrows(MetadataException.class, () -> ShapeReader.read(pattern)).leftOut());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 40, Long.MAX_VALUE})
  void absurdFigure_isAnErrorAndNoLongLoop(long value) {
    Map<String, Object> info = llama();
    info.put("llama.block_count", value);
    assertThrows(MetadataException.class, () -> ShapeReader.read(info));
  }

  @Test
  void wrongTypes_areErrors() {
    for (Object wrong : List.of("32", 32.5, true, List.of())) {
      Map<String, Object> info = llama();
      info.put("llama.block_count", wrong);
      assertThrows(MetadataException.class, () -> ShapeReader.read(info), wrong::toString);
    }
  }

  @Test
  void listThatIsTooShort_isAnError() {
    Map<String, Object> info = llama();
    info.put("llama.attention.head_count_kv", List.of(8, 8));
    assertThrows(MetadataException.class, () -> ShapeReader.read(info));
  }

  private static final int SIZE = 1_000_000_000;

  private static LoadForecast forecast(Map<String, Object> info, long context) throws Exception {
    return LoadForecast.of(
        ModelMetadata.of(info, TensorSummary.UNKNOWN, SIZE), LoadSettings.of(context));
  }

  private static Map<String, Object> novel() {
    Map<String, Object> renamed = new HashMap<>();
    llama().forEach((key, value) -> renamed.put(key.replace("llama.", "novel."), value));
    renamed.put("general.architecture", "novel");
    return renamed;
  }

  @Test
  void unknownArchitecture_getsAWiderRange() throws Exception {
    LoadForecast narrow = forecast(llama(), 8192);
    LoadForecast wide = forecast(novel(), 8192);
    assertTrue(wide.low() < narrow.low());
    assertTrue(wide.high() > narrow.high() + narrow.likely(ForecastPart.Kind.KV_CACHE) / 5);
    for (ForecastPart part : wide.parts()) {
      boolean exact =
          part.kind() == ForecastPart.Kind.OUTPUT
              || part.kind() == ForecastPart.Kind.RUNTIME
              || part.kind() == ForecastPart.Kind.SERVER_CACHES;
      assertTrue(exact || part.low() < part.likely(), part::toString);
      assertTrue(exact || part.likely() < part.high(), part::toString);
    }
    assertFalse(ModelMetadata.of(novel(), TensorSummary.UNKNOWN, SIZE).known());
  }

  @Test
  void windowOfUnknownPlacement_countsAsFullAttention() throws Exception {
    Map<String, Object> info = novel();
    info.put("novel.attention.sliding_window", 512);
    ModelShape shape = ShapeReader.read(info);
    assertFalse(shape.architecture().known());
    assertEquals(0, shape.window());
  }

  /** More context or a larger batch never take less. */
  @Property(tries = 300)
  void forecastGrowsWithItsSettings(
      @ForAll @IntRange(min = 1, max = 131_072) int context,
      @ForAll @IntRange(min = 0, max = 65_536) int more,
      @ForAll @IntRange(min = 32, max = 2048) int batch) {
    for (String model : List.of("llama3.1-8b", "gemma3-12b", "qwen3.5-9b", "deepseek-v3")) {
      ModelMetadata metadata = MODELS.computeIfAbsent(model, MeasuredRows::model);
      LoadForecast less = LoadForecast.of(metadata, LoadSettings.of(context).withBatch(batch));
      LoadForecast larger =
          LoadForecast.of(metadata, LoadSettings.of(context + more).withBatch(batch));
      assertTrue(less.high() <= larger.high(), model);
      assertTrue(less.likely() <= larger.likely(), model);
    }
  }

  private static final Map<String, ModelMetadata> MODELS = new HashMap<>();
}
