package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.Http;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real servers of one version with different settings.
 *
 * @param version for people
 * @param addresses a fragment {@code #queue=1} tells an OLLAMA_MAX_QUEUE that is not 512
 */
record RealServers(String version, List<URI> addresses) {
  /**
   * Names them: {@code http://127.0.0.1:11434}; several of a version with commas between, several
   * versions with blanks: {@code 0.24.0=http://…,http://…#queue=1 0.33.0=http://…}. A version that
   * is not given is asked for.
   */
  static final String VARIABLE = "TWOQUEUE_OLLAMA_URL";

  private static final Map<URI, Integer> SLOTS = new ConcurrentHashMap<>();

  static Stream<RealServers> all(@Nullable String variable) {
    return variable == null
        ? Stream.of()
        : Stream.of(variable.strip().split("\\s+")).map(RealServers::of);
  }

  private static RealServers of(String text) {
    int http = text.indexOf("http");
    List<URI> addresses = Stream.of(text.substring(http).split(",", -1)).map(URI::create).toList();
    String version =
        http > 0
            ? text.substring(0, http - 1)
            : Http.get(addresses.get(0), "/api/version").json().path("version").asText();
    return new RealServers(version, addresses);
  }

  Optional<URI> find(int slots, int queue) {
    return addresses.stream().filter(it -> queue(it) == queue && slots(it) == slots).findFirst();
  }

  private static int queue(URI address) {
    String fragment = address.getFragment();
    return fragment == null ? 512 : Integer.parseInt(fragment.replace("queue=", ""));
  }

  /** Three small models are loaded: as many as it holds are left. */
  private static int slots(URI server) {
    return SLOTS.computeIfAbsent(
        server,
        asked -> {
          empty(server);
          for (String model : List.of("tiny-a", "tiny-b", "tiny-c")) {
            Http.Reply reply = OllamaContract.generate(server, model, "\"keep_alive\":\"5m\"");
            assertEquals(200, reply.status(), reply.body());
          }
          return OllamaContract.resident(server).size();
        });
  }

  static void empty(URI server) {
    for (JsonNode each : Http.get(server, "/api/tags").json().path("models")) {
      OllamaContract.unload(server, each.path("name").asText());
    }
    eventually("nothing is resident", () -> OllamaContract.resident(server).isEmpty());
  }

  @Override
  public String toString() {
    return version;
  }
}
