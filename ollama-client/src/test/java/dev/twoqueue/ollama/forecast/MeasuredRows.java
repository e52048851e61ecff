package dev.twoqueue.ollama.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The measured loads that the formulas are held against. */
final class MeasuredRows {
  static final double MIB = 1 << 20;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, ModelMetadata> MODELS = new ConcurrentHashMap<>();

  private MeasuredRows() {}

  /** One row: a column's text by its name. */
  record Row(Map<String, String> cells) {
    String text(String column) {
      return Objects.requireNonNull(cells.get(column), column);
    }

    double number(String column) {
      return text(column).isEmpty() ? 0 : Double.parseDouble(text(column));
    }

    int whole(String column) {
      return Integer.parseInt(text(column));
    }

    ModelMetadata model() {
      return MODELS.computeIfAbsent(text("model"), MeasuredRows::model);
    }

    /** As the row was measured: read, on the host. */
    LoadSettings settings() {
      return LoadSettings.of(whole("n_ctx"))
          .withSlots(whole("n_parallel"), Boolean.parseBoolean(text("kv_unified")))
          .withBatch(whole("n_ubatch"))
          .withCache(type("cache_type_k"), type("cache_type_v"))
          .withFlashAttention(text("flash_attention").equals("on"))
          .withRunner(Runner.LLAMA_SERVER)
          .withPlacement(Placement.HOST, false);
    }

    private CacheType type(String column) {
      return CacheType.named(text(column)).orElseThrow();
    }
  }

  static List<Row> all() {
    return read("measured.csv");
  }

  static List<Row> read(String file) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      String[] columns = in.readLine().split(",", -1);
      return in.lines().map(line -> row(columns, line.split(",", -1))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String[] columns, String[] cells) {
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < columns.length; i++) {
      row.put(columns[i], cells[i]);
    }
    return new Row(row);
  }

  static Map<String, Object> info(String model) {
    return info(json(model));
  }

  @SuppressWarnings("unchecked") // integral numbers come as Integer or Long, as from the server
  private static Map<String, Object> info(JsonNode root) {
    return MAPPER.convertValue(root.path("model_info"), Map.class);
  }

  static ModelMetadata model(String name) {
    JsonNode root = json(name);
    JsonNode tensors = root.path("tensors");
    try {
      return ModelMetadata.of(
          new HashMap<>(info(root)),
          new TensorSummary(
              tensors.path("total_bytes").asLong(),
              tensors.path("token_embd_bytes").asLong(),
              tensors.path("output_bytes").isNull()),
          root.path("file_bytes").asLong());
    } catch (MetadataException e) {
      throw new AssertionError(name, e);
    }
  }

  private static JsonNode json(String model) {
    try (InputStream in = open("models/" + model + ".json")) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(
        MeasuredRows.class.getResourceAsStream("/memory-oracle/" + file), file);
  }
}
