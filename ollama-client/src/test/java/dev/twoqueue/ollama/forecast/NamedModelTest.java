package dev.twoqueue.ollama.forecast;

import static dev.twoqueue.ollama.forecast.MeasuredRows.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasts from a name alone, against what the named models measured. */
class NamedModelTest {
  private static final double GIB = 1L << 30;

  private static ModelMetadata named(String name) {
    return ModelMetadata.ofName(name).orElseThrow(() -> new AssertionError(name));
  }

  private static double total(LoadForecast forecast, ToLongFunction<ForecastPart> figure) {
    return forecast.parts().stream()
            .filter(part -> part.kind() != Kind.RUNTIME && part.kind() != Kind.SERVER_CACHES)
            .mapToLong(figure)
            .sum()
        / MIB;
  }

  @Test
  void range_holdsEveryMeasuredLoadWhoseModelHasASizeInItsName() {
    TreeSet<String> models = new TreeSet<>();
    for (MeasuredRows.Row row : MeasuredRows.all()) {
      String name = row.text("model");
      if (ModelMetadata.ofName(name).isEmpty()) {
        continue;
      }
      models.add(name);
      LoadForecast forecast = LoadForecast.of(named(name), row.settings());
      double measured = row.number("total_mib");
      assertTrue(total(forecast, ForecastPart::high) >= measured, () -> forecast + " for " + row);
      LoadForecast all =
          LoadForecast.of(named(name), row.settings().withRunner(Runner.KEEPS_ALL_LOGITS));
      double more = row.number("compute_all_outputs_mib") - row.number("compute_mib");
      assertTrue(total(all, ForecastPart::high) >= measured + more, () -> all + " for " + row);
      double scratch = row.number("compute_all_outputs_mib");
      assertTrue(all.high(Kind.COMPUTE) / MIB >= scratch, () -> all + " for " + row);
      double cache = row.number("kv_mib") + row.number("swa_kv_mib");
      assertTrue(all.high(Kind.KV_CACHE) / MIB >= cache, () -> all + " for " + row);
      assertTrue(total(forecast, ForecastPart::low) <= measured, () -> forecast + " for " + row);
      for (ForecastPart part : forecast.parts()) {
        assertTrue(
            0 <= part.low() && part.low() <= part.likely() && part.likely() <= part.high(),
            part::toString);
      }
    }
    assertEquals(32, models.size(), models::toString);
  }

  /** Layers, heads that are cached, and the mean of their widths, from the models' own configs. */
  @ParameterizedTest
  @CsvSource({
    "llama2:7b, 32, 32, 128",
    "llama2:13b, 40, 40, 128",
    "qwen:14b, 40, 40, 128",
    "gemma:7b, 28, 16, 256",
    "phi:2.7b, 32, 32, 80",
    "stablelm2:1.6b, 24, 32, 64",
    "tinyllama:1.1b, 22, 4, 64",
    "minicpm:2b, 40, 36, 64",
    "minicpm3:4b, 62, 40, 80",
    "deepseek-v2:16b-lite, 27, 16, 160",
    "deepseek-v3:671b, 61, 128, 160",
    "gpt-neox:20b, 44, 64, 96",
    "opt:66b, 64, 72, 128",
    "opt:125m, 12, 12, 64",
    "bloom:176b, 70, 112, 128",
    "mixtral:8x7b, 32, 8, 128",
    "llama4:16x17b, 48, 8, 128",
    "llama3.1:405b, 126, 8, 128"
  })
  void cacheOfAnyPublishedShape_isBelowTheHighFigure(
      String name, long layers, long heads, long width) {
    LoadSettings settings = LoadSettings.of(4096);
    long cache = layers * heads * width * 2 * 2 * 4096;
    LoadForecast forecast = LoadForecast.of(named(name), settings);
    assertTrue(forecast.high(Kind.KV_CACHE) >= cache, () -> cache + ", " + forecast);
  }

  /** Sizes of the files in Ollama's library, in GB, as its pages give them. */
  @ParameterizedTest
  @CsvSource({
    "llama3.3:70b, 43",
    "llama3.3:70b-instruct-q8_0, 75",
    "llama3.3:70b-instruct-fp16, 141",
    "llama3.3:70b-instruct-q2_K, 26",
    "llama3.3:70b-instruct-q3_K_M, 34",
    "llama3.2:1b, 1.3",
    "llama3.2:3b, 2.0",
    "gemma:7b, 5.0",
    "gemma:7b-instruct-fp16, 17",
    "gemma3n:e2b-it-q4_K_M, 5.6",
    "nemotron-3-nano:30b-a3b-q4_K_M, 24",
    "gemma2:2b, 1.6",
    "gemma3:27b-it-qat, 18",
    "gemma3n:e4b, 7.5",
    "gpt-oss:120b, 65",
    "mixtral:8x7b, 26",
    "mixtral:8x22b, 80",
    "qwen3:30b-a3b, 19",
    "qwen3:235b-a22b, 142",
    "qwen3:0.6b, 0.523",
    "qwen2.5vl:3b, 3.2",
    "deepseek-r1:671b, 404",
    "deepseek-r1:8b-0528-qwen3-q4_K_M, 5.2",
    "smollm2:135m, 0.271",
    "llama4:16x17b, 67",
    "llama4:17b-scout-16e-instruct-q4_K_M, 67"
  })
  void weights_areWithinTheRangeOfTheName(String name, double gigabytes) {
    ForecastPart weights =
        LoadForecast.of(named(name), LoadSettings.of(4096)).parts().stream()
            .filter(part -> part.kind() == Kind.WEIGHTS)
            .findFirst()
            .orElseThrow();
    double bytes = gigabytes * 1e9;
    assertTrue(weights.low() <= bytes && bytes <= weights.high(), weights::toString);
  }

  @Test
  void largeModelWithItsTypeNamed_isNotRefusedOutOfHand() {
    LoadForecast forecast =
        LoadForecast.of(
            named("hf.co/bartowski/Llama-3.3-70B-Instruct-GGUF:Q4_K_M"),
            LoadSettings.of(4096).withPlacement(Placement.DEVICE, true));
    assertEquals(45, forecast.likely() / GIB, 4);
    assertTrue(forecast.high() / GIB < 96, forecast::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama3.3:latest",
        "phi4",
        "glm-4.5-air",
        "some-model-a3b",
        "phi3-mini-128k",
        "model-q4_k_m",
        "qwen3-4bit",
        "m:99999999b",
        "v2b3:x",
        "embed-768d"
      })
  void nameWithoutANumberOfParameters_tellsNothing(String name) {
    assertTrue(ModelMetadata.ofName(name).isEmpty(), () -> named(name).doubt().toString());
  }

  @Test
  void whatIsNotKnown_isSaid() {
    ModelMetadata model = named("llama3.3:70b-instruct-q4_K_M");
    assertFalse(model.known());
    String doubt = model.doubt().orElseThrow();
    assertTrue(doubt.contains("70b parameters, weights q4_k_m"), doubt);
    assertEquals("unknown", model.architecture());
    assertEquals(0, model.trainedContext());
    assertTrue(named("x/y-7b").doubt().orElseThrow().contains("unnamed"));
  }

  @Test
  void moreContextOrParameters_neverTakesLess() {
    String[] names = {"m:135m", "m:0.6b", "m:3b", "m:8b", "m:30b", "m:70b", "m:405b", "m:1.2t"};
    long before = 0;
    for (String name : names) {
      long high = LoadForecast.of(named(name), LoadSettings.of(2048)).high();
      assertTrue(high > before, name);
      assertTrue(LoadForecast.of(named(name), LoadSettings.of(65_536)).high() > high, name);
      before = high;
    }
  }
}
