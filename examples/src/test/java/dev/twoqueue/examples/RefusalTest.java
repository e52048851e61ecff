package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Preview;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRefusedException;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.MemoryGate;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.ollama.RunningModel;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model that would not fit is refused before any byte is loaded, with the whole budget. */
@Timeout(60)
class RefusalTest {
  private static final long GIB = 1L << 30;

  @Test
  void aContextThatCannotFitIsRefusedByPart() {
    try (SimulatedOllama server =
            SimulatedOllama.builder()
                .model(SimulatedModel.of("llama3.3:70b"))
                .memory(96 * GIB, 14 * GIB)
                .timeScale(0.001)
                .start();
        OllamaClient client = OllamaClient.connect(server.url());
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder()
                .gate(MemoryGate.of(ModelMachine.memory(server.machine())))
                .residencyProbe(client.residencyProbe())
                .workingSetPredictor(client.workingSetPredictor())
                .build()) {
      var task = OllamaTasks.load(client, "llama3.3:70b", ModelOptions.context(131_072));

      Preview preview = scheduler.preview(task).join();
      assertTrue(preview.verdict() instanceof Verdict.Refuse, preview::toString);

      TaskHandle<RunningModel> handle = scheduler.submit(task);
      TaskRefusedException refused = assertThrows(TaskRefusedException.class, handle::join);
      String text = String.valueOf(refused.getMessage());
      for (String part :
          List.of("needed", "free", "reserved", "over by", "KV cache", "weights", "GiB")) {
        assertTrue(text.contains(part), text);
      }
      MemoryForecast forecast = refused.forecast().orElseThrow();
      assertFalse(forecast.fitsAlone());
      assertTrue(text.contains(MemoryForecast.gib(-forecast.headroomBytes())), text);
      assertEquals(List.of(), server.activity().loads(), "a byte was loaded");
    }
  }
}
