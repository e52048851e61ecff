package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The study itself, where each load takes as long as it is told to. */
@Timeout(60)
class SwapStudyTest {
  private static final List<String> MODELS = List.of("llama3.2:3b", "qwen3:8b", "gpt-oss:20b");

  /** Not the times of the scheduler, which a busy machine spoils: those are for a quiet one. */
  @Test
  void schedulerPaysOneSwapAModel() throws Exception {
    try (SimulatedOllama server =
            SimulatedOllama.builder()
                .model(
                    MODELS.stream()
                        .map(name -> SimulatedModel.of(name).toBuilder())
                        .map(model -> model.loadTime(Duration.ofMillis(300)).build())
                        .toArray(SimulatedModel[]::new))
                .maxLoadedModels(1)
                .unloadTime(Duration.ofMillis(20))
                .start();
        OllamaClient client = OllamaClient.connect(server.url())) {
      SwapStudy.Result result = new SwapStudy(client, MODELS).measure(1);
      assertEquals(3, result.swaps(), result::toString);
      assertTrue(result.coming() > result.grouped(), result::toString);
      assertTrue(result.scheduled() >= 900_000_000L, "three loads at least: " + result);
    }
  }

  @Test
  void claimHolds_onlyWithOneSwapAModelAndLittleMoreTime() {
    assertTrue(new SwapStudy.Result(9, 100, 110, 3, 3).holds());
    assertFalse(new SwapStudy.Result(9, 100, 111, 3, 3).holds());
    assertFalse(new SwapStudy.Result(9, 100, 100, 4, 3).holds());
  }
}
