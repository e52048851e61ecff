package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real client of Ollama in the view, beside another server. */
@Timeout(60)
class OllamaBesideLmStudioTest {
  private final AtomicInteger onOllamaAtTheLoad = new AtomicInteger(-1);

  private FakeServer studio(OllamaClient ollama) {
    FakeServer server = new FakeServer();
    return server
        .on("GET /api/v1/models", models(""))
        .on(
            "POST /api/v1/models/load",
            body -> {
              onOllamaAtTheLoad.set(ollama.ps().size());
              server.on(
                  "GET /api/v1/models",
                  models("{\"id\":\"qwen3-8b\",\"config\":{\"context_length\":8192}}"));
              return FakeServer.answer(200, "{\"status\":\"loaded\"}");
            });
  }

  private static String models(String instance) {
    return "{\"models\":[{\"type\":\"llm\",\"key\":\"qwen3-8b\",\"loaded_instances\":["
        + instance
        + "]}]}";
  }

  @Test
  void workerOfOllama_leavesForOneOfLmStudio() {
    SimulatedModel model = SimulatedModel.of("llama3.2:3b").toBuilder().response("Yes.").build();
    try (SimulatedOllama server = SimulatedOllama.builder().model(model).timeScale(0.001).start();
        OllamaClient ollama = OllamaClient.connect(server.url());
        FakeServer studioServer = studio(ollama);
        LmStudio studio =
            LmStudio.builder()
                .address(studioServer.url())
                .modelBytes("qwen3-8b", 9_000_000_000L)
                .build()) {
      // snippet: ollama-beside-lm-studio
      ModelServers servers =
          ModelServers.builder()
              .server("ollama", ollama.residencyProbe(), ollama.workingSetPredictor())
              .server("lmstudio", studio)
              .build();

      try (TwoQueueScheduler scheduler =
          TwoQueueScheduler.builder()
              .residencyProbe(servers.residencyProbe())
              .workingSetPredictor(servers.workingSetPredictor())
              .build()) {

        TaskHandle<String> verdict =
            scheduler.submit(
                servers.on("ollama", OllamaTasks.chat(ollama, "llama3.2:3b", "Does it hold?")));
        TaskHandle<String> loaded =
            scheduler.submit(
                LocalHeavyTask.builder(
                        LocalKind.LOAD,
                        "load qwen3-8b",
                        task -> {
                          studio.load("qwen3-8b", 8192, task.cancellation());
                          return "loaded";
                        })
                    .model("lmstudio/qwen3-8b")
                    .runnerOption(LmStudio.CONTEXT_LENGTH, 8192)
                    .build());
        // end snippet
        assertEquals("Yes.", verdict.join());
        assertEquals("loaded", loaded.join());
      }
      assertEquals(0, onOllamaAtTheLoad.get());
      assertEquals(List.of("llama3.2:3b"), server.activity().loads());
      assertEquals(1, studio.residents().size());
    }
  }
}
