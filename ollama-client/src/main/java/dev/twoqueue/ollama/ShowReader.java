package dev.twoqueue.ollama;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /api/show} as it streams by. A verbose answer holds the tokenizer, ten megabytes and
 * more of it; only the length of such a list is kept.
 */
final class ShowReader {
  /** More than any list per layer has; models with more layers are not known. */
  private static final int LONGEST_KEPT_LIST = 4096;

  /** In all lists together: 64 for each layer of the largest known model, and more. */
  private static final int MOST_KEPT = 1_000_000;

  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_KEYS = 10_000;

  private final JsonParser parser;
  private int keptElements;

  private ShowReader(JsonParser parser) {
    this.parser = parser;
  }

  static ModelDetails read(InputStream in) throws IOException {
    try (JsonParser parser = Json.factory().createParser(in)) {
      return new ShowReader(parser).details();
    }
  }

  private ModelDetails details() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Json.MalformedException("no JSON object");
    }
    Map<String, @Nullable Object> info = null;
    String parameters = "";
    List<String> capabilities = List.of();
    List<ModelDetails.Tensor> tensors = List.of();
    while (nextField()) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (field) {
        case "model_info" -> info = value == JsonToken.VALUE_NULL ? null : info();
        case "parameters" -> parameters = value == JsonToken.VALUE_NULL ? "" : text(field);
        case "capabilities" -> capabilities = value == JsonToken.VALUE_NULL ? List.of() : texts();
        case "tensors" -> tensors = value == JsonToken.VALUE_NULL ? List.of() : tensors();
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new Json.MalformedException("text after the answer's end");
    }
    if (info == null) {
      throw new Json.MalformedException("no field 'model_info'");
    }
    return new ModelDetails(info, parameters, capabilities, tensors);
  }

  private Map<String, @Nullable Object> info() throws IOException {
    expect(JsonToken.START_OBJECT, "model_info");
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    while (nextField()) {
      String key = parser.currentName();
      if (info.size() >= MOST_KEYS) {
        throw new Json.MalformedException("more than " + MOST_KEYS + " keys in 'model_info'");
      }
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        array(key, info);
      } else {
        info.put(key, scalar());
      }
    }
    return info;
  }

  private void array(String key, Map<String, @Nullable Object> into) throws IOException {
    boolean tokenizer = key.startsWith("tokenizer.");
    List<Object> kept = new ArrayList<>();
    long count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object element = tokenizer ? null : scalar();
      if (tokenizer) {
        parser.skipChildren();
      }
      count++;
      if (element != null && count <= LONGEST_KEPT_LIST && keptElements < MOST_KEPT) {
        kept.add(element);
        keptElements++;
      }
    }
    if (tokenizer || count > LONGEST_KEPT_LIST || kept.size() < count) {
      into.put(key + ".count", count);
    } else {
      into.put(key, List.copyOf(kept));
    }
  }

  private @Nullable Object scalar() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) parser.getDoubleValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> {
        parser.skipChildren();
        yield null;
      }
    };
  }

  private List<String> texts() throws IOException {
    expect(JsonToken.START_ARRAY, "capabilities");
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text("capabilities"));
      atMost(MOST_KEYS, texts.size(), "capabilities");
    }
    return texts;
  }

  private List<ModelDetails.Tensor> tensors() throws IOException {
    expect(JsonToken.START_ARRAY, "tensors");
    List<ModelDetails.Tensor> tensors = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(JsonToken.START_OBJECT, "tensors");
      tensors.add(tensor());
      atMost(MOST_TENSORS, tensors.size(), "tensors");
    }
    return tensors;
  }

  private ModelDetails.Tensor tensor() throws IOException {
    String name = "";
    String type = "";
    List<Long> shape = new ArrayList<>();
    while (nextField()) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "name" -> name = text(field);
        case "type" -> type = text(field);
        case "shape" -> {
          expect(JsonToken.START_ARRAY, field);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(JsonToken.VALUE_NUMBER_INT, field);
            shape.add(parser.getLongValue());
            atMost(16, shape.size(), field);
          }
        }
        default -> parser.skipChildren();
      }
    }
    return new ModelDetails.Tensor(name, type, shape);
  }

  /**
   * Moves to the next field of the current object; the end of the input is an error of Jackson's.
   */
  private boolean nextField() throws IOException {
    return parser.nextToken() == JsonToken.FIELD_NAME;
  }

  private String text(String field) throws IOException {
    expect(JsonToken.VALUE_STRING, field);
    return parser.getText();
  }

  private void expect(JsonToken token, String field) throws IOException {
    if (parser.currentToken() != token) {
      throw new Json.MalformedException("field '" + field + "' has a wrong type");
    }
  }

  private static void atMost(int most, int size, String field) throws IOException {
    if (size > most) {
      throw new Json.MalformedException("more than " + most + " entries in '" + field + "'");
    }
  }
}
