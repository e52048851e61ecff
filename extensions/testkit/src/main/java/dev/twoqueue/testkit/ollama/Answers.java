package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers in the forms that the server has. */
final class Answers {
  private static final Map<String, String> JSON =
      Map.of("Content-Type", "application/json; charset=utf-8");
  private static final Map<String, String> PLAIN_JSON = Map.of("Content-Type", "application/json");
  private static final Map<String, String> NDJSON = Map.of("Content-Type", "application/x-ndjson");

  private Answers() {}

  static void json(HttpExchange exchange, JsonNode body) throws IOException {
    exchange.respond(200, JSON, Json.bytes(body));
  }

  static void json(HttpExchange exchange, int status, String body) throws IOException {
    exchange.respond(status, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The type that the answers of a pull have: without a character set. */
  static void plainJson(HttpExchange exchange, int status, JsonNode body) throws IOException {
    exchange.respond(status, PLAIN_JSON, Json.bytes(body));
  }

  static void error(HttpExchange exchange, ApiError error) throws IOException {
    exchange.respond(error.status(), JSON, Json.bytes(Json.error(error.text())));
  }

  static void text(HttpExchange exchange, int status, Map<String, String> headers, String body)
      throws IOException {
    exchange.respond(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  static void empty(HttpExchange exchange, int status) throws IOException {
    exchange.respond(status, Map.of(), new byte[0]);
  }

  static void startLines(HttpExchange exchange) throws IOException {
    exchange.startStream(200, NDJSON);
  }

  static void line(HttpExchange exchange, JsonNode line) throws IOException {
    exchange.write(Json.line(line));
  }
}
