package dev.twoqueue.ollama;

import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import dev.twoqueue.testkit.ollama.SimulatedOllamaBuilder;
import java.time.Duration;

/** A simulated server that has two worker models and an embedding model, and what uses it. */
final class TwoWorkers {
  static final String A = "a:latest";
  static final String B = "b:latest";
  static final String EMBED = "embed:latest";

  private TwoWorkers() {}

  static SimulatedOllamaBuilder server(OllamaVersion version, int slots) {
    return SimulatedOllama.builder()
        .version(version)
        .model(worker(A), worker(B), worker(EMBED).toBuilder().capabilities("embedding").build())
        .maxLoadedModels(slots)
        .unloadTime(Duration.ofMillis(5));
  }

  private static SimulatedModel worker(String name) {
    return SimulatedModel.builder(name)
        .loadTime(Duration.ofMillis(30))
        .tokensPerSecond(1000)
        .response("ok")
        .build();
  }

  static OllamaClient client(SimulatedOllama server) {
    return OllamaClient.builder().address(server.url()).alwaysResident(EMBED).build();
  }

  static TwoQueueScheduler scheduler(OllamaClient client) {
    return TwoQueueScheduler.builder().residencyProbe(client.residencyProbe()).build();
  }
}
