package dev.twoqueue.ollama.internal.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields with their types checked. Jackson's own binding would turn 7 into "7" and a missing
 * list into an empty one; here an answer that is not what was documented is a {@link
 * MalformedException}, since an empty list of resident models is a statement.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              // Closing the body is the caller's: OkHttp would read on to use its connection again.
              JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static JsonFactory factory() {
    return MAPPER.getFactory();
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static JsonNode tree(byte[] text) throws IOException {
    return MAPPER.readTree(text);
  }

  public static JsonNode tree(InputStream in) throws IOException {
    JsonNode node = MAPPER.readTree(in);
    if (node.isMissingNode()) {
      throw new MalformedException("an empty body");
    }
    return node;
  }

  public static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the request cannot be written as JSON", e);
    }
  }

  /** A value of the host's (text, number, boolean, list, map) as JSON. */
  public static JsonNode value(Object value, String name) {
    try {
      return MAPPER.valueToTree(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " cannot be written as JSON", e);
    }
  }

  public static JsonNode requireObject(JsonNode node) throws MalformedException {
    if (!node.isObject()) {
      throw new MalformedException("no JSON object");
    }
    return node;
  }

  /** What an answer says went wrong, as text or as an object with a message. */
  public static Optional<String> errorText(JsonNode answer) {
    JsonNode error = answer.path("error");
    JsonNode text = error.isObject() ? error.path("message") : error;
    return text.isTextual() ? Optional.of(text.textValue()) : Optional.empty();
  }

  public static String text(JsonNode node, String field) throws MalformedException {
    return optionalText(node, field)
        .orElseThrow(() -> new MalformedException("no field '" + field + "'"));
  }

  public static Optional<String> optionalText(JsonNode node, String field)
      throws MalformedException {
    JsonNode value = present(node, field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new MalformedException("field '" + field + "' is no text");
    }
    return Optional.of(value.textValue());
  }

  /** A size or count; absent and null are 0, as Go omits empty numbers. */
  public static long count(JsonNode node, String field) throws MalformedException {
    JsonNode value = present(node, field);
    if (value == null) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new MalformedException("field '" + field + "' is no count");
    }
    return value.longValue();
  }

  public static boolean flag(JsonNode node, String field) throws MalformedException {
    JsonNode value = present(node, field);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new MalformedException("field '" + field + "' is no boolean");
    }
    return value.booleanValue();
  }

  /** A list that must be there: its absence does not mean that it is empty. */
  public static List<JsonNode> list(JsonNode node, String field) throws MalformedException {
    JsonNode value = present(node, field);
    if (value == null || !value.isArray()) {
      throw new MalformedException("field '" + field + "' is no list");
    }
    List<JsonNode> elements = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      elements.add(requireObject(element));
    }
    return elements;
  }

  public static List<String> texts(JsonNode node, String field) throws MalformedException {
    JsonNode value = present(node, field);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw new MalformedException("field '" + field + "' is no list of texts");
      }
      texts.add(element.textValue());
    }
    if (!value.isArray()) {
      throw new MalformedException("field '" + field + "' is no list of texts");
    }
    return List.copyOf(texts);
  }

  public static Optional<Instant> time(JsonNode node, String field) throws MalformedException {
    Optional<String> text = optionalText(node, field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text.get()).toInstant());
    } catch (DateTimeException e) {
      throw new MalformedException("field '" + field + "' is no time");
    }
  }

  @SuppressWarnings("unchecked") // an object node converts to a map with text keys
  public static Map<String, Object> map(JsonNode node) throws MalformedException {
    return MAPPER.convertValue(requireObject(node), Map.class);
  }

  private static @Nullable JsonNode present(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** The answer is JSON, but not the documented one. */
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String what) {
      super(what);
    }
  }
}
