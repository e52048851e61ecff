package dev.twoqueue.examples.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoqueue.ollama.forecast.MetadataException;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import dev.twoqueue.ollama.forecast.TensorSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model of the folder {@code models}: {@code model_info} as {@code /api/show} gives it, {@code
 * file_bytes}, and a summary of its tensors.
 *
 * @param metadata what the forecast reads
 * @param others what simpler predictions read
 */
record MeasuredModel(ModelMetadata metadata, OtherPredictions others) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static MeasuredModel read(Path folder, String name) throws IOException, MetadataException {
    JsonNode root = MAPPER.readTree(folder.resolve("models").resolve(name + ".json").toFile());
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    root.path("model_info").properties().forEach(e -> info.put(e.getKey(), value(e.getValue())));
    JsonNode tensors = root.path("tensors");
    TensorSummary summary =
        new TensorSummary(
            tensors.path("total_bytes").asLong(),
            tensors.path("token_embd_bytes").asLong(),
            tensors.path("output_bytes").isNull());
    long size = root.path("file_bytes").asLong();
    return new MeasuredModel(
        ModelMetadata.of(info, summary, size), new OtherPredictions(info, size));
  }

  private static @Nullable Object value(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }
}
