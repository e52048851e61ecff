package dev.twoqueue.ollama.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import org.junit.jupiter.api.Test;

/** What comes on top of the model's own buffers. */
class SurroundingsTest {
  private static final long MIB = 1 << 20;

  private final ModelMetadata model = MeasuredRows.model("llama3.1-8b"); // 128 KiB a token

  @Test
  void promptCache_isTheStateOfOneSlotUpToItsLimit() {
    assertEquals(1024 * MIB, prompts(LoadSettings.of(8192)));
    assertEquals(1024 * MIB, prompts(LoadSettings.of(32_768).withSlots(4, false)));
    assertEquals(8192 * MIB, prompts(LoadSettings.of(131_072)));
  }

  private long prompts(LoadSettings settings) {
    LoadForecast forecast = LoadForecast.of(model, settings);
    assertEquals(0, forecast.likely(Kind.SERVER_CACHES), "empty after the load");
    return forecast.high(Kind.SERVER_CACHES);
  }

  @Test
  void adapters_mayTakeTheirFilesTwice() {
    LoadForecast forecast = LoadForecast.of(model, LoadSettings.of(8192).withAdapters(600 * MIB));
    assertEquals(600 * MIB, forecast.likely(Kind.ADAPTERS));
    assertEquals(1200 * MIB, forecast.high(Kind.ADAPTERS));
  }

  @Test
  void process_growsWithTheVocabularyAndHasARange() {
    long likely = 24 * MIB + 256 * model.shape().vocabulary();
    LoadForecast host = LoadForecast.of(model, LoadSettings.of(8192));
    assertEquals(likely, host.likely(Kind.RUNTIME));
    assertEquals(likely + 64 * MIB, host.high(Kind.RUNTIME));
    LoadForecast device =
        LoadForecast.of(model, LoadSettings.of(8192).withPlacement(Placement.DEVICE, true));
    assertEquals(likely + 512 * MIB, device.high(Kind.RUNTIME));
  }
}
