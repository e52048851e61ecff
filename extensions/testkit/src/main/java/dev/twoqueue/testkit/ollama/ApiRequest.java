package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's JSON, checked as Go's decoder checks it: fields of a wrong type are 400. */
final class ApiRequest {
  private static final Map<String, String> GO_TYPES =
      Map.ofEntries(
          Map.entry("model", "string"),
          Map.entry("name", "string"),
          Map.entry("source", "string"),
          Map.entry("destination", "string"),
          Map.entry("prompt", "string"),
          Map.entry("stream", "bool"),
          Map.entry("verbose", "bool"),
          Map.entry("truncate", "bool"),
          Map.entry("dimensions", "int"),
          Map.entry("messages", "[]api.Message"),
          Map.entry("options", "map[string]interface {}"));

  private final ObjectNode fields;

  private ApiRequest(ObjectNode fields) {
    this.fields = fields;
  }

  /**
   * Reads a body.
   *
   * @param goType what Go decodes it into, named in its errors
   * @param ignored fields that this type does not have
   */
  static ApiRequest parse(byte[] body, String goType, String... ignored) throws ApiError {
    if (body.length == 0) {
      throw new ApiError(400, "missing request body");
    }
    JsonNode root = tree(body);
    if (!(root instanceof ObjectNode fields)) {
      throw new ApiError(
          400, "json: cannot unmarshal " + jsonType(root) + " into Go value of type api." + goType);
    }
    fields.remove(List.of(ignored));
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String type = GO_TYPES.get(field.getKey());
      if (type != null && !field.getValue().isNull() && !fits(field.getValue(), type)) {
        throw new ApiError(
            400,
            "json: cannot unmarshal "
                + jsonType(field.getValue())
                + " into Go struct field "
                + goType
                + "."
                + field.getKey()
                + " of type "
                + type);
      }
    }
    return new ApiRequest(fields);
  }

  private static JsonNode tree(byte[] body) throws ApiError {
    try {
      JsonNode root = Json.MAPPER.readTree(body);
      if (root == null || root instanceof MissingNode) {
        throw new ApiError(400, "missing request body");
      }
      return root;
    } catch (JsonEOFException truncated) {
      throw new ApiError(400, "unexpected EOF");
    } catch (JsonProcessingException notJson) {
      throw new ApiError(400, goComplaint(body, notJson));
    } catch (IOException impossible) {
      throw new UncheckedIOException("a body in memory", impossible);
    }
  }

  private static String goComplaint(byte[] body, JsonProcessingException notJson) {
    int at = (int) Math.max(0, Math.min(notJson.getLocation().getByteOffset(), body.length - 1));
    String where =
        notJson.getOriginalMessage().contains("field name") ? "object key string" : "value";
    return "invalid character '" + (char) body[at] + "' looking for beginning of " + where;
  }

  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "string" -> value.isTextual();
      case "bool" -> value.isBoolean();
      case "int" -> value.isIntegralNumber();
      case "[]api.Message" -> value.isArray();
      default -> value.isObject();
    };
  }

  private static String jsonType(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> "number";
      case STRING -> "string";
      case BOOLEAN -> "bool";
      case ARRAY -> "array";
      default -> "object";
    };
  }

  /** Empty where it is absent. */
  String text(String field) {
    return fields.path(field).asText("");
  }

  /** The model's name, which some endpoints also take as {@code name}. */
  String model() {
    return text("model").isEmpty() ? text("name") : text("model");
  }

  boolean flag(String field, boolean absent) {
    return fields.path(field).asBoolean(absent);
  }

  /** Null where it is absent. */
  @Nullable JsonNode field(String name) {
    return fields.get(name);
  }

  JsonNode options() {
    JsonNode options = fields.get("options");
    return options == null || options.isNull() ? Json.object() : options;
  }
}
