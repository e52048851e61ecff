package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.testkit.internal.http.Http.Reply;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What of a reply does not depend on the hour, the machine or what a model has to say. */
final class Essence {
  private static final Set<String> VARIES =
      Set.of(
          "created_at",
          "modified_at",
          "response",
          "content",
          "context",
          "size",
          "size_vram",
          "embeddings",
          "embedding",
          "version",
          "total",
          "total_duration",
          "load_duration",
          "prompt_eval_count",
          "prompt_eval_duration",
          "eval_count",
          "eval_duration");

  private static final long SOON = 500_000_000;

  /** The latest time that the server told: what it says of later is compared from there. */
  private OffsetDateTime now = OffsetDateTime.parse("2000-01-01T00:00:00Z");

  /** Status, the headers that matter, and the body's lines; repeated lines once. */
  List<String> of(Reply reply) {
    List<String> essence = new ArrayList<>();
    essence.add("status " + reply.status());
    essence.add("type " + reply.headers().getOrDefault("Content-Type", "none"));
    essence.add("allow " + reply.headers().getOrDefault("Allow", "none"));
    String type = reply.headers().getOrDefault("Content-Type", "");
    if (!type.contains("json")) {
      essence.add("text " + reply.body());
      return essence;
    }
    for (JsonNode line : reply.lines()) {
      String kept = stable(line).toString();
      if (!essence.get(essence.size() - 1).equals(kept)) {
        essence.add(kept);
      }
    }
    return essence;
  }

  /** The names that a reply of ps lists. */
  static List<String> names(Reply ps) {
    List<String> names = new ArrayList<>();
    ps.json().path("models").forEach(each -> names.add(each.path("name").asText()));
    return names;
  }

  private JsonNode stable(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode kept = Json.MAPPER.createArrayNode();
      for (JsonNode each : array) {
        if (!leaves(each)) {
          kept.add(stable(each));
        }
      }
      return kept;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    Map<String, JsonNode> kept = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      kept.put(field.getKey(), value(field.getKey(), field.getValue(), object));
    }
    ObjectNode sorted = Json.object();
    sorted.setAll(kept);
    // Left out while nothing of a layer is there, and where a measured time is zero.
    sorted.remove(List.of("completed", "eval_duration"));
    return sorted;
  }

  private JsonNode value(String name, JsonNode value, ObjectNode parent) {
    boolean layer = parent.path("status").asText().startsWith("pulling ");
    if (name.equals("created_at") && OffsetDateTime.parse(value.asText()).isAfter(now)) {
      now = OffsetDateTime.parse(value.asText());
    }
    if (name.equals("error")) {
      // The full disk of the recording was mounted elsewhere.
      return Json.MAPPER.valueToTree(value.asText().replace("/full/", "/models/"));
    }
    if (name.equals("expires_at")) {
      return Json.MAPPER.valueToTree(remaining(value.asText()));
    }
    if (name.equals("status") && layer && !value.asText().endsWith("manifest")) {
      return Json.MAPPER.valueToTree("pulling a layer");
    }
    if (VARIES.contains(name) || (layer && name.equals("digest"))) {
      return Json.MAPPER.valueToTree("any " + value.getNodeType());
    }
    return stable(value);
  }

  /** Whether ps still lists a model that leaves: for how long is the machine's affair. */
  private boolean leaves(JsonNode entry) {
    return entry.has("expires_at")
        && OffsetDateTime.parse(entry.path("expires_at").asText()).isBefore(now.plusNanos(SOON));
  }

  /** In steps of ten seconds, which no delay of the machine's makes up. */
  private String remaining(String expiresAt) {
    Duration left = Duration.between(now, OffsetDateTime.parse(expiresAt));
    return left.toDays() > 365
        ? "lives for ever"
        : "lives " + Math.round(left.toMillis() / 10_000.0) * 10 + " s";
  }
}
