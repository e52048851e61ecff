package dev.twoqueue.testkit.ollama;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twoqueue.testkit.internal.http.Http;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract against real servers, which are only touched where {@link RealServers#VARIABLE}
 * names them. They have the models of the recordings. Behaviours for which none of them has the
 * settings are skipped.
 */
@ParameterizedClass(name = "real {0}")
@MethodSource("versions")
@EnabledIfEnvironmentVariable(
    named = RealServers.VARIABLE,
    matches = ".*http.+",
    disabledReason = RealServers.VARIABLE + " names no real Ollama")
class RealOllamaContractTest extends OllamaContract {
  private static final Duration TO_BE_TAKEN_UP = Duration.ofMillis(150);

  private final RealServers servers;

  RealOllamaContractTest(RealServers servers) {
    this.servers = servers;
  }

  static Stream<RealServers> versions() {
    return RealServers.all(System.getenv(RealServers.VARIABLE));
  }

  @Override
  URI server(int maxLoadedModels, int maxQueue) {
    Optional<URI> fitting = servers.find(maxLoadedModels, maxQueue);
    assumeTrue(
        fitting.isPresent(),
        "No real server with OLLAMA_MAX_LOADED_MODELS="
            + maxLoadedModels
            + " and OLLAMA_MAX_QUEUE="
            + maxQueue
            + " was given");
    URI server = fitting.orElseThrow();
    Http.post(server, "/api/copy", "{\"source\":\"tiny-a\",\"destination\":\"tiny-a:alias\"}");
    RealServers.empty(server);
    return server;
  }

  @Override
  long secondsThatNoLoadTakes() {
    return 4;
  }

  /** A real server does not say who waits. */
  @Override
  void awaitWaiting(int requests) {
    LockSupport.parkNanos(TO_BE_TAKEN_UP.toNanos());
  }
}
