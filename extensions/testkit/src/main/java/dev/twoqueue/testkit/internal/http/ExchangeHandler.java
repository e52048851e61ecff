package dev.twoqueue.testkit.internal.http;

import java.io.IOException;

/** Answers requests. */
@FunctionalInterface
public interface ExchangeHandler {

  /**
   * Answers one request, on a thread of the server's.
   *
   * @param exchange the request, and the way back to its client
   * @throws IOException when the client cannot be reached any more
   */
  void handle(HttpExchange exchange) throws IOException;
}
