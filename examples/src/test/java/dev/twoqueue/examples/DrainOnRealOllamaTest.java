package dev.twoqueue.examples;

import dev.twoqueue.ResidentModel;
import dev.twoqueue.ollama.OllamaClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The same on a real server, which must have one slot (OLLAMA_MAX_LOADED_MODELS=1) and the models
 * that TWOQUEUE_OLLAMA_MODELS names. Skipped where TWOQUEUE_OLLAMA_URL is not set.
 */
@EnabledIfEnvironmentVariable(
    named = "TWOQUEUE_OLLAMA_URL",
    matches = ".+",
    disabledReason = "TWOQUEUE_OLLAMA_URL names no real Ollama")
class DrainOnRealOllamaTest extends DrainOnServer {
  private final OllamaClient client = OllamaClient.connect(System.getenv("TWOQUEUE_OLLAMA_URL"));

  @BeforeEach
  void empty() throws Exception {
    for (var running : client.ps()) {
      client.evictor().evict(ResidentModel.worker(running.name(), 0)); // waits until it is gone
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Override
  OllamaClient client() {
    return client;
  }

  @Override
  List<String> models() {
    String named = System.getenv("TWOQUEUE_OLLAMA_MODELS");
    return named == null
        ? List.of("smollm2:135m", "gemma3:270m", "tiny-a:latest")
        : List.of(named.split(","));
  }
}
