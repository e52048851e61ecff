package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.Http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a real server was asked and how it answered. */
record Recording(Map<String, String> serverConfig, List<Exchange> exchanges) {
  /** The client's tests have them all. */
  private static final Path RECORDINGS =
      Project.file("ollama-client/src/test/resources/recordings");

  /** One request and its reply, in milliseconds since the scenario began. */
  record Exchange(
      String name,
      double startMillis,
      double endMillis,
      String method,
      String path,
      Map<String, String> headers,
      String body,
      boolean complete,
      Reply reply) {

    boolean overlaps(Exchange later) {
      return later.startMillis < endMillis;
    }

    boolean isWatch() {
      return name.equals("ps-watch");
    }
  }

  static Recording read(OllamaVersion version, String scenario) {
    String folder = version == OllamaVersion.V0_24 ? "ollama-0.24.0" : "ollama-0.33.0-rc2";
    Path file = RECORDINGS.resolve(folder).resolve(scenario + ".json");
    try {
      JsonNode root = Json.MAPPER.readTree(file.toFile());
      Map<String, String> config = new TreeMap<>();
      for (Map.Entry<String, JsonNode> each : root.path("server_config").properties()) {
        config.put(each.getKey(), each.getValue().asText());
      }
      List<Exchange> exchanges = new ArrayList<>();
      root.path("exchanges").forEach(each -> exchanges.add(exchange(each)));
      return new Recording(config, exchanges);
    } catch (IOException broken) {
      throw new UncheckedIOException(file.toString(), broken);
    }
  }

  private static Exchange exchange(JsonNode recorded) {
    JsonNode request = recorded.path("request");
    JsonNode response = recorded.path("response");
    StringBuilder text = new StringBuilder();
    response.path("chunks").forEach(chunk -> text.append(chunk.path("text").asText()));
    double start = recorded.path("at_ms").asDouble();
    JsonNode body = request.path("body");
    return new Exchange(
        recorded.path("name").asText(),
        start,
        start + response.path("end_ms").asDouble(),
        request.path("method").asText(),
        request.path("path").asText(),
        texts(request.path("headers")),
        body.isNull() ? "" : body.isTextual() ? body.asText() : body.toString(),
        response.path("ended").asText().equals("complete"),
        new Reply(
            response.path("status").asInt(), texts(response.path("headers")), text.toString()));
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      texts.put(each.getKey(), each.getValue().asText());
    }
    return texts;
  }
}
