package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.Http;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract against a real server, which is only touched where the environment variable {@code
 * TWOQUEUE_OLLAMA_URL} names it. It has the models of the recordings; how many it holds at once is
 * tried out, and {@code TWOQUEUE_OLLAMA_QUEUE} tells its OLLAMA_MAX_QUEUE where that is not 512.
 * Tests that need other settings are skipped.
 */
@EnabledIfEnvironmentVariable(
    named = "TWOQUEUE_OLLAMA_URL",
    matches = "http.+",
    disabledReason = "TWOQUEUE_OLLAMA_URL names no real Ollama")
class RealOllamaContractTest extends OllamaContract {
  private static final Duration TO_BE_TAKEN_UP = Duration.ofMillis(150);
  private static final URI SERVER =
      URI.create(System.getenv().getOrDefault("TWOQUEUE_OLLAMA_URL", "http://127.0.0.1:1"));

  @Override
  URI server(int maxLoadedModels, int maxQueue) {
    empty();
    int slots = slots();
    assumeTrue(maxLoadedModels == slots, "the server holds " + slots + " models at once");
    int queue = Integer.parseInt(System.getenv().getOrDefault("TWOQUEUE_OLLAMA_QUEUE", "512"));
    assumeTrue(maxQueue == queue, "the server's queue holds " + queue);
    Http.post(SERVER, "/api/copy", "{\"source\":\"tiny-a\",\"destination\":\"tiny-a:alias\"}");
    empty();
    return SERVER;
  }

  private static void empty() {
    for (JsonNode each : Http.get(SERVER, "/api/tags").json().path("models")) {
      unload(SERVER, each.path("name").asText());
    }
    eventually("nothing is resident", () -> resident(SERVER).isEmpty());
  }

  /** Three small models are loaded: as many as it holds are left. */
  private static int slots() {
    for (String model : List.of("tiny-a", "tiny-b", "tiny-c")) {
      Http.Reply reply = generate(SERVER, model, "\"keep_alive\":\"5m\"");
      assertEquals(200, reply.status(), reply.body());
    }
    return resident(SERVER).size();
  }

  /** A real server does not say who waits. */
  @Override
  void awaitWaiting(int requests) {
    LockSupport.parkNanos(TO_BE_TAKEN_UP.toNanos());
  }
}
