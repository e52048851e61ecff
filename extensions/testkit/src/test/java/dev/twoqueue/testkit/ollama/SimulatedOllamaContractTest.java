package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

class SimulatedOllamaContractTest {

  @Nested
  @DisplayName("simulated as 0.33")
  class Version033 extends OnSimulator {
    Version033() {
      super(OllamaVersion.V0_33);
    }
  }

  @Nested
  @DisplayName("simulated as 0.24")
  class Version024 extends OnSimulator {
    Version024() {
      super(OllamaVersion.V0_24);
    }
  }

  abstract static class OnSimulator extends OllamaContract {
    private final OllamaVersion version;
    private @Nullable SimulatedOllama ollama;

    OnSimulator(OllamaVersion version) {
      this.version = version;
    }

    @Override
    URI server(int maxLoadedModels, int maxQueue) {
      ollama =
          RecordedModels.server(version)
              .maxLoadedModels(maxLoadedModels)
              .maxQueue(maxQueue)
              .timeScale(0.04)
              .start();
      return ollama.url();
    }

    @Override
    long secondsThatNoLoadTakes() {
      return 1;
    }

    @Override
    void awaitWaiting(int requests) {
      SimulatedOllama server = Objects.requireNonNull(ollama);
      eventually(() -> server.waiting() + " requests wait", () -> server.waiting() == requests);
    }

    @AfterEach
    void close() {
      if (ollama != null) {
        ollama.close();
      }
    }
  }
}
