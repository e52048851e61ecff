package dev.twoqueue.ollama.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** The measured loads that the formulas are held against. */
final class MeasuredRows {
  private static final ObjectMapper MAPPER = new ObjectMapper();

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
  }

  /** A model's metadata and size. */
  record Model(ModelShape shape, long fileBytes, long tiedEmbeddingBytes) {}

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
    return json(model).info();
  }

  static Model model(String name) {
    Json json = json(name);
    try {
      ModelShape shape = ShapeReader.read(new HashMap<>(json.info()));
      JsonNode tensors = json.root().path("tensors");
      long tied =
          tensors.path("output_bytes").isNull() ? tensors.path("token_embd_bytes").asLong() : 0;
      return new Model(shape, json.root().path("file_bytes").asLong(), tied);
    } catch (UnreadableMetadataException e) {
      throw new AssertionError(name, e);
    }
  }

  private record Json(JsonNode root, Map<String, Object> info) {}

  @SuppressWarnings("unchecked") // integral numbers come as Integer or Long, as from the server
  private static Json json(String model) {
    try (InputStream in = open("models/" + model + ".json")) {
      JsonNode root = MAPPER.readTree(in);
      return new Json(root, MAPPER.convertValue(root.path("model_info"), Map.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(
        MeasuredRows.class.getResourceAsStream("/memory-oracle/" + file), file);
  }
}
