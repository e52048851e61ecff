package dev.twoqueue.ollama;

import static dev.twoqueue.ollama.TwoWorkers.A;
import static dev.twoqueue.ollama.TwoWorkers.B;
import static dev.twoqueue.ollama.TwoWorkers.client;
import static dev.twoqueue.ollama.TwoWorkers.scheduler;
import static dev.twoqueue.ollama.TwoWorkers.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A load that its caller gives up leaves nothing, and holds the slot until that is known. */
@Timeout(60)
class GivenUpLoadTest {
  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void cancelledLoad_leavesNothing_andTheSlotOnlyThen(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 1).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler = scheduler(client)) {
      server.faults().slowLoads(A, Duration.ofMillis(400));
      TaskHandle<String> loading = scheduler.submit(OllamaTasks.chat(client, A, "x"));
      Eventually.holds("it loads", () -> server.waiting() == 1);
      TaskHandle<String> next = scheduler.submit(OllamaTasks.chat(client, B, "x"));
      loading.cancel("the test says so");
      assertEquals("ok", next.join().strip());
      assertEquals(List.of(B), client.ps().stream().map(RunningModel::name).toList());
      assertEquals(1, server.activity().count(Kind.LOAD_ABORTED));
      assertEquals(1, server.activity().peakHeavy());
      assertEquals(0, server.activity().count(Kind.EVICTED));
    }
  }

  @Test
  void loadThatIsGivenUp_isLookedAfter_beforeTheBodyEnds() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 1).start();
        OllamaClient client = client(server)) {
      server.faults().slowLoads(A, Duration.ofMinutes(10));
      LocalHeavyTask<RunningModel> load = OllamaTasks.load(client, A);
      TestTask context = new TestTask(load);
      CompletableFuture<Void> run =
          CompletableFuture.runAsync(
              () ->
                  assertThrows(
                      OllamaException.Cancelled.class,
                      () -> load.body().orElseThrow().run(context)));
      Eventually.holds("it loads", () -> server.waiting() == 1);
      context.token.cancel();
      run.get(20, TimeUnit.SECONDS);
      // One look before the load, and two that saw nothing after it.
      assertEquals(3, server.activity().requests().get("/api/ps"));
      assertEquals(0, server.waiting());
    }
  }

  /** A load may have ended just before its client went. */
  @Test
  void modelThatIsThereAfterAll_isUnloadedOnce() {
    String there = "{\"models\":[{\"name\":\"m\",\"size\":1,\"digest\":\"d\"}]}";
    String none = "{\"models\":[]}";
    String unloaded = "{\"response\":\"\",\"done\":true,\"done_reason\":\"unload\"}";
    try (ScriptedServer server =
            new ScriptedServer()
                .on("/api/ps", none, there)
                .on("/api/ps", 500, "{\"error\":\"boom\"}")
                .on("/api/ps", there, none)
                .on("/api/generate", unloaded);
        OllamaClient client = OllamaClient.connect(server.url())) {
      Thread.currentThread().interrupt();
      new LoadAftermath(client, ModelName.parse("m"), Duration.ofSeconds(20)).settle();
      assertTrue(Thread.interrupted(), "the flag is set again");
      assertEquals(6, server.count("/api/ps"));
      assertEquals(1, server.count("\"keep_alive\":0"));
    }
  }

  @Test
  void closedClient_endsTheAftermath_andInterruptsNobody() throws Exception {
    try (RawServer server = RawServer.answering((head, out) -> {})) { // it never answers
      OllamaClient client = OllamaClient.connect(server.url());
      LoadAftermath aftermath =
          new LoadAftermath(client, ModelName.parse("m"), Duration.ofSeconds(20));
      CompletableFuture<Boolean> interrupted =
          CompletableFuture.supplyAsync(
              () -> {
                aftermath.settle();
                return Thread.interrupted();
              });
      server.requested.await();
      client.close();
      assertFalse(interrupted.get(10, TimeUnit.SECONDS));
    }
  }
}
