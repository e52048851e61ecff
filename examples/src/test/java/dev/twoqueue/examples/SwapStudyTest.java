package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The study itself, where each swap takes as long as it is told to. */
class SwapStudyTest {
  private static final List<String> MODELS = List.of("a:1b", "b:1b", "c:1b");

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  private boolean holds(List<String> models) throws Exception {
    try (SimulatedOllama server =
            SimulatedOllama.builder()
                .model(
                    MODELS.stream()
                        .map(SimulatedModel::builder)
                        .map(model -> model.loadTime(Duration.ofMillis(1200)).build())
                        .toArray(SimulatedModel[]::new))
                .maxLoadedModels(1)
                .unloadTime(Duration.ofMillis(20))
                .start();
        OllamaClient client = OllamaClient.connect(server.url())) {
      PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
      return new SwapStudy(client, models).run(1, out);
    }
  }

  @Test
  void slowLoads_areSavedByTheScheduler() throws Exception {
    assertTrue(holds(MODELS), text::toString);
    assertTrue(text.toString(StandardCharsets.UTF_8).contains(", 3 swaps;"), text::toString);
  }

  @Test
  void otherSwapsThanModels_leaveTheClaimUnheld() throws Exception {
    assertFalse(holds(List.of("a:1b", "b:1b", "a:1b")), text::toString);
  }
}
