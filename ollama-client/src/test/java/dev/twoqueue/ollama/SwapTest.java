package dev.twoqueue.ollama;

import static dev.twoqueue.ollama.TwoWorkers.A;
import static dev.twoqueue.ollama.TwoWorkers.B;
import static dev.twoqueue.ollama.TwoWorkers.EMBED;
import static dev.twoqueue.ollama.TwoWorkers.client;
import static dev.twoqueue.ollama.TwoWorkers.scheduler;
import static dev.twoqueue.ollama.TwoWorkers.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Swaps on a simulated server that evicts as the real one does. */
@Timeout(60)
class SwapTest {
  /** As recorded in two-slots-with-embedding: left to itself the server evicts the embedding. */
  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void pinnedEmbedding_survivesSwapsInTwoSlots(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 2).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler = scheduler(client)) {
      OllamaEmbeddings embeddings = client.embeddings(EMBED);
      embeddings.pin();
      for (String model : List.of(A, B, A, B)) {
        assertEquals("ok", scheduler.submit(OllamaTasks.chat(client, model, "x")).join().strip());
        assertTrue(embeddings.embed("y").length > 0);
      }
      assertEquals(List.of(), server.activity().models(Kind.EVICTED));
      assertEquals(List.of(A, B, A), server.activity().models(Kind.UNLOADED));
      assertEquals(List.of(EMBED, A, B, A, B), server.activity().loads());
      assertTrue(client.ps().stream().allMatch(RunningModel::isPinned));
      assertTrue(client.bypassWarning().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void oneSlot_isNoticedWhenAPinnedModelLeaves(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 1).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler = scheduler(client)) {
      OllamaEmbeddings embeddings = client.embeddings(EMBED);
      embeddings.pin();
      assertTrue(client.bypassWarning().isEmpty());
      scheduler.submit(OllamaTasks.chat(client, A, "x")).join();
      String warning = client.bypassWarning().orElse("");
      assertTrue(
          warning.contains(EMBED) && warning.contains("OLLAMA_MAX_LOADED_MODELS=2"), warning);
      embeddings.pin(); // evicts the worker: said once already
      assertEquals(warning, client.bypassWarning().orElse(""));
      scheduler.submit(OllamaTasks.chat(client, A, "x")).join();
      assertEquals(List.of(warning), scheduler.snapshot().warnings());
    }
  }

  @Test
  void taskForAPinnedModel_costsTwoLooks() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 1).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler = scheduler(client)) {
      for (String model : List.of(B, A)) {
        scheduler.submit(OllamaTasks.chat(client, model, "x")).join();
      }
      Map<String, Long> before = server.activity().requests();
      scheduler.submit(OllamaTasks.chat(client, A, "x")).join();
      Map<String, Long> after = server.activity().requests();
      assertEquals(
          before.getOrDefault("/api/ps", 0L) + 2,
          after.get("/api/ps")); // before its start, and after
      assertEquals(before.get("/api/tags"), after.get("/api/tags"));
      assertEquals(before.get("/api/generate"), after.get("/api/generate"));
    }
  }

  @Test
  void swapCosts_areMeasuredByModel() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 1).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler = scheduler(client)) {
      server.faults().slowLoads(B, Duration.ofMillis(100));
      for (String model : List.of(A, B, A, B, B)) {
        scheduler.submit(OllamaTasks.chat(client, model, "x")).join();
      }
      SwapCost a = Objects.requireNonNull(client.swapCosts().get(A));
      SwapCost b = Objects.requireNonNull(client.swapCosts().get(B));
      assertEquals(2, a.swaps());
      assertEquals(2, b.swaps());
      assertTrue(a.median().toMillis() >= 30, a::toString);
      assertTrue(b.median().toMillis() >= 130, b::toString);
      assertTrue(b.last().toMillis() >= 135, "with the eviction: " + b);
      assertEquals(Map.of(A, a.median(), B, b.median()), client.residencyProbe().swapTimes());
    }
  }
}
