package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads the lists of {@code /api/ps} and {@code /api/tags}. */
final class ListReader {
  private ListReader() {}

  static List<RunningModel> running(JsonNode answer) throws IOException {
    List<RunningModel> models = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "models")) {
      long context = Json.count(node, "context_length");
      models.add(
          new RunningModel(
              Json.text(node, "name"),
              Json.count(node, "size"),
              Json.count(node, "size_vram"),
              Json.optionalText(node, "digest").orElse(""),
              family(node),
              Json.time(node, "expires_at"),
              context == 0 ? OptionalLong.empty() : OptionalLong.of(context)));
    }
    return List.copyOf(models);
  }

  static List<InstalledModel> installed(JsonNode answer) throws IOException {
    List<InstalledModel> models = new ArrayList<>();
    for (JsonNode node : Json.list(answer, "models")) {
      models.add(
          new InstalledModel(
              Json.text(node, "name"),
              Json.count(node, "size"),
              Json.optionalText(node, "digest").orElse(""),
              family(node),
              Json.texts(node, "capabilities"),
              Json.optionalText(node, "remote_host").filter(host -> !host.isEmpty())));
    }
    return List.copyOf(models);
  }

  private static String family(JsonNode node) throws IOException {
    return Json.optionalText(node.path("details"), "family").orElse("");
  }
}
