package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;

/** What answers the requests to one path. */
@FunctionalInterface
interface Endpoint {
  void handle(HttpExchange exchange) throws IOException, ApiError;
}
