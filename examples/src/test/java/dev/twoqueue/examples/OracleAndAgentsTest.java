package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.Gate;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.gate.MemoryGate;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's host runs as it is printed there. */
class OracleAndAgentsTest {
  @Test
  @Timeout(60)
  void asksTheOracleAndTheAgents() {
    // The model is on a simulated machine, so this one's load and memory do not matter.
    Gate roomy =
        MemoryGate.of(
            () -> new MemoryBudget(96L << 30, 80L << 30, 0, List.of(), "a simulated machine"));
    SimulatedModel model =
        SimulatedModel.of("llama3.2:3b").toBuilder().response("Looks good.").build();
    try (SimulatedOllama server = SimulatedOllama.builder().model(model).timeScale(0.01).start();
        OllamaClient ollama = OllamaClient.connect(server.url())) {
      String said =
          OracleAndAgents.ask(
              ollama, roomy, "llama3.2:3b", List.of("a", "b"), url -> "read " + url);
      assertEquals("Looks good.[read a, read b]", said);
    }
  }
}
