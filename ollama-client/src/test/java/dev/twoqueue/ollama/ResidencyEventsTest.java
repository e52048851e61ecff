package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Gate;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.testkit.VirtualTime;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to a resident model behind the scheduler's back, on a simulated server. */
@Timeout(60)
class ResidencyEventsTest {
  private static final String A = "a:latest";
  private static final String B = "b:latest";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static SimulatedModel model(String name, String digest) {
    return SimulatedModel.builder(name)
        .sizeBytes(1_000_000)
        .digest(digest.repeat(64))
        .weightsDigest(digest.repeat(64))
        .modelInfo(
            Map.of(
                "general.architecture", "llama",
                "llama.block_count", 2,
                "llama.embedding_length", 64,
                "llama.attention.head_count", 4,
                "llama.context_length", 131_072))
        .loadTime(Duration.ofMillis(10))
        .response("x")
        .build();
  }

  private static SimulatedOllama server(OllamaVersion version, int port) {
    return SimulatedOllama.builder()
        .version(version)
        .port(port)
        .model(model(A, "a"), model(B, "b"), model("copy:latest", "a"))
        .maxLoadedModels(1)
        .unloadTime(Duration.ofMillis(5))
        .start();
  }

  private static OllamaClient client(SimulatedOllama server) {
    return OllamaClient.builder()
        .address(server.url())
        .timeouts(OllamaTimeouts.DEFAULTS.withQuick(Duration.ofMillis(500)))
        .build();
  }

  private static void awaitExpiry(SimulatedOllama server) {
    Eventually.holds("its model expires", () -> server.residents().isEmpty());
  }

  private static <T> T result(TaskHandle<T> handle) throws InterruptedException {
    try {
      return handle.get(PATIENCE);
    } catch (TimeoutException e) {
      throw new AssertionError(handle.waitsFor().toString(), e);
    }
  }

  private static List<String> workers(OllamaClient client) throws Exception {
    Residency seen = client.residencyProbe().observe();
    return assertInstanceOf(Residency.Observed.class, seen).workers().stream()
        .map(ResidentModel::model)
        .toList();
  }

  /** The look sees it, the use does not find it: the request loads it again and nothing is lost. */
  @Test
  void modelThatExpiresBetweenLookAndUse_isLoadedAgain() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 0);
        OllamaClient client = client(server)) {
      client.load(A, ModelOptions.context(4096), KeepAlive.of(Duration.ofSeconds(1)));
      assertEquals(List.of(A), workers(client));
      Gate whileItExpires =
          request -> {
            awaitExpiry(server);
            return Verdict.proceed();
          };
      try (TwoQueueScheduler scheduler =
          TwoQueueScheduler.builder()
              .residencyProbe(client.residencyProbe())
              .gate(whileItExpires)
              .build()) {
        assertEquals("x", result(scheduler.submit(OllamaTasks.chat(client, A, "?"))).strip());
      }
      assertEquals(2, server.activity().loads().size());
      assertEquals(List.of(A), workers(client));
    }
  }

  @Test
  void modelThatExpiresBeforeItsEviction_isEvicted() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_24, 0);
        OllamaClient client = client(server)) {
      client.load(A, ModelOptions.context(4096), KeepAlive.of(Duration.ofSeconds(1)));
      Residency.Observed seen = (Residency.Observed) client.residencyProbe().observe();
      awaitExpiry(server);
      client.evictor().evict(seen.workers().get(0));
      assertEquals(List.of(), workers(client));
    }
  }

  /** While it is down nothing is known, so nothing starts; then everything must be loaded anew. */
  @Test
  void serverThatRestarts_isUnknownAndThenEmpty() throws Exception {
    VirtualTime time = new VirtualTime(); // for the hold alone: all else is real
    SimulatedOllama first = server(OllamaVersion.V0_33, 0);
    int port = first.url().getPort();
    CompletableFuture<String> held = new CompletableFuture<>();
    try (OllamaClient client = client(first);
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder()
                .residencyProbe(client.residencyProbe())
                .clock(time.clock())
                .listener(
                    event -> {
                      if (event instanceof SchedulerEvent.Held hold) {
                        held.complete(hold.reason());
                      }
                    })
                .build()) {
      result(scheduler.submit(OllamaTasks.chat(client, A, "?")));
      assertEquals(List.of(A), workers(client));
      first.close();
      Residency.Unknown down =
          assertInstanceOf(Residency.Unknown.class, client.residencyProbe().observe());
      assertTrue(down.reason().contains("GET /api/ps"), down::reason);
      TaskHandle<String> next = scheduler.submit(OllamaTasks.chat(client, A, "?"));
      assertTrue(held.get(30, TimeUnit.SECONDS).contains("residency is unknown"));
      try (SimulatedOllama second = server(OllamaVersion.V0_24, port)) {
        assertEquals(List.of(), workers(client)); // a pooled connection to the old one does no harm
        time.advance(Duration.ofSeconds(6)); // more would time its next look out
        assertEquals("x", result(next).strip());
        assertEquals(1, second.activity().loads().size());
        assertEquals(List.of(A), workers(client));
      }
    } finally {
      first.close();
    }
  }

  /** A copy is the same runner: asked for by both names in turn, it is loaded once. */
  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void copyOfAModel_isNoSwap(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 0);
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder().residencyProbe(client.residencyProbe()).build()) {
      for (String name : List.of(A, "Copy", B, "copy", A)) {
        result(scheduler.submit(OllamaTasks.chat(client, name, "?")));
      }
      assertEquals(3, scheduler.snapshot().swaps());
      assertEquals(3, server.activity().loads().size());
    }
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void modelDeletedWhileLoaded_isSeenAndNotTakenForGone(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 0);
        OllamaClient client = client(server)) {
      client.load(B, ModelOptions.context(4096), KeepAlive.FOREVER);
      client.delete(B);
      assertEquals(List.of(B), workers(client));
      Residency.Observed seen = (Residency.Observed) client.residencyProbe().observe();
      EvictionFailedException e =
          assertThrows(
              EvictionFailedException.class, () -> client.evictor().evict(seen.workers().get(0)));
      assertTrue(e.toString().contains("was deleted while it was loaded"), e::toString);
      assertEquals(List.of(B), workers(client));
    }
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void modelDeletedWhileLoaded_leavesByTheNameOfItsCopy(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 0);
        OllamaClient client = client(server)) {
      client.load(A, ModelOptions.context(4096), KeepAlive.FOREVER);
      client.delete(A);
      assertEquals(List.of(A), workers(client));
      client.evictor().evict(ResidentModel.worker(A, 0));
      assertEquals(List.of(), workers(client));
    }
  }

  @Test
  void probeThatFails_isUnknown() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 0);
        OllamaClient client = client(server)) {
      List<Runnable> faults =
          List.of(
              () -> server.faults().answerNext("/api/ps", 500, "{\"error\":\"x\"}"),
              () -> server.faults().answerNext("/api/ps", 200, ""),
              () -> server.faults().answerNext("/api/ps", 200, "{}"),
              () -> server.faults().answerNext("/api/ps", 200, "{\"models\":null}"),
              () -> server.faults().answerNext("/api/ps", 204, ""),
              () -> server.faults().answerNext("/api/ps", 301, ""),
              () -> server.faults().answerNext("/api/ps", 503, "{\"error\":\"server busy\"}"),
              () -> server.faults().breakOffNext("/api/ps"),
              () -> server.faults().hangNext("/api/ps"),
              () -> server.faults().hugeBodyNext("/api/ps", 100_000_000));
      for (Runnable fault : faults) {
        fault.run();
        Residency seen = client.residencyProbe().observe();
        assertInstanceOf(Residency.Unknown.class, seen, "fault " + faults.indexOf(fault));
      }
      assertEquals(List.of(), workers(client));
    }
  }
}
