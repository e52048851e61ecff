package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.ollama.internal.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What generate and chat requests have in common. */
record RequestSettings(
    String model,
    ModelOptions options,
    @Nullable KeepAlive keepAlive,
    Map<String, JsonNode> fields) {
  private static final Set<String> OWN =
      Set.of("model", "prompt", "messages", "options", "keep_alive", "stream");

  static RequestSettings of(String model) {
    ModelName.parse(model);
    return new RequestSettings(model, ModelOptions.NONE, null, Map.of());
  }

  RequestSettings withOptions(ModelOptions value) {
    return new RequestSettings(model, Arguments.notNull(value, "options"), keepAlive, fields);
  }

  RequestSettings withKeepAlive(KeepAlive value) {
    return new RequestSettings(model, options, Arguments.notNull(value, "keepAlive"), fields);
  }

  RequestSettings withoutKeepAlive() {
    return new RequestSettings(model, options, null, fields);
  }

  RequestSettings withField(String name, Object value) {
    if (OWN.contains(Arguments.notBlank(name, "field"))) {
      throw new IllegalArgumentException("field '" + name + "' has its own setter");
    }
    Map<String, JsonNode> more = new LinkedHashMap<>(fields);
    more.put(name, Json.value(Arguments.notNull(value, name), name));
    return new RequestSettings(model, options, keepAlive, Map.copyOf(more));
  }

  ObjectNode json(boolean stream) {
    ObjectNode node = Json.object().put("model", model).put("stream", stream);
    fields.forEach(node::set);
    if (!options.isEmpty()) {
      node.set("options", options.json());
    }
    if (keepAlive != null) {
      node.put("keep_alive", keepAlive.seconds());
    }
    return node;
  }
}
