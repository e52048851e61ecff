package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models with public figures. {@code presets.json} has the size of each model's GGUF file, and its
 * memory as llama.cpp b10488 plans it for one slot and a 16-bit cache.
 */
final class ModelPresets {
  /** A cold read from a fast disk, and the copy to where the runner keeps it. */
  private static final double LOAD_BYTES_PER_SECOND = 1e9;

  private static final Map<ModelName, SimulatedModel> ALL = read();

  private ModelPresets() {}

  static SimulatedModel named(ModelName name) {
    SimulatedModel model = ALL.get(name);
    if (model == null) {
      throw new IllegalArgumentException("no preset " + name + ", known are " + ALL.keySet());
    }
    return model;
  }

  private static Map<ModelName, SimulatedModel> read() {
    Map<ModelName, SimulatedModel> all = new LinkedHashMap<>();
    try (InputStream in = ModelPresets.class.getResourceAsStream("presets.json")) {
      if (in == null) {
        throw new IllegalStateException("presets.json is missing from the test kit");
      }
      for (JsonNode preset : Json.MAPPER.readTree(in)) {
        for (JsonNode name : preset.get("names")) {
          SimulatedModel model = model(name.asText(), preset);
          all.put(ModelName.of(model.name()), model);
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("presets.json of the test kit", broken);
    }
    return all;
  }

  private static SimulatedModel model(String name, JsonNode preset) {
    long size = preset.get("size_bytes").asLong();
    List<String> capabilities = new ArrayList<>();
    preset.get("capabilities").forEach(each -> capabilities.add(each.asText()));
    Map<String, Object> info =
        Json.MAPPER.convertValue(
            preset.get("model_info"), new TypeReference<LinkedHashMap<String, Object>>() {});
    String file = preset.get("model_info").get("general.name").asText();
    return SimulatedModel.builder(name)
        .digest(SimulatedModel.sha256("manifest of " + file))
        .weightsDigest(SimulatedModel.sha256("weights of " + file))
        .sizeBytes(size)
        .workingSet(preset.get("fixed_bytes").asLong(), preset.get("kv_bytes_per_token").asLong())
        .details(preset.get("parameter_size").asText(), preset.get("quantization").asText())
        .capabilities(capabilities.toArray(String[]::new))
        .modelInfo(info)
        .loadTime(Duration.ofMillis(Math.round(size / LOAD_BYTES_PER_SECOND * 1000)))
        .tokensPerSecond(preset.get("tokens_per_second").asDouble())
        .build();
  }
}
