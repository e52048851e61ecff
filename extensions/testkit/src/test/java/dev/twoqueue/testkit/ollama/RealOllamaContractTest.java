package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.Http;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The contract against a real server, which is only touched when it is named: {@code
 * -Dtwoqueue.ollama=http://127.0.0.1:11998 -Dtwoqueue.ollama.slots=1 -Dtwoqueue.ollama.queue=512}.
 * Tests that need other settings than these are skipped.
 */
@EnabledIfSystemProperty(named = "twoqueue.ollama", matches = "http.*")
class RealOllamaContractTest extends OllamaContract {
  private static final Duration TO_BE_TAKEN_UP = Duration.ofMillis(150);

  @Override
  URI server(int maxLoadedModels, int maxQueue) {
    assumeTrue(maxLoadedModels == Integer.getInteger("twoqueue.ollama.slots", 3));
    assumeTrue(maxQueue == Integer.getInteger("twoqueue.ollama.queue", 512));
    URI server = URI.create(System.getProperty("twoqueue.ollama"));
    for (JsonNode each : Http.get(server, "/api/tags").json().path("models")) {
      unload(server, each.path("name").asText());
    }
    eventually("nothing is resident", () -> resident(server).isEmpty());
    return server;
  }

  /** A real server does not say who waits. */
  @Override
  void awaitWaiting(int requests) {
    LockSupport.parkNanos(TO_BE_TAKEN_UP.toNanos());
  }
}
