package dev.twoqueue.ollama;

import static dev.twoqueue.ollama.TwoWorkers.A;
import static dev.twoqueue.ollama.TwoWorkers.EMBED;
import static dev.twoqueue.ollama.TwoWorkers.client;
import static dev.twoqueue.ollama.TwoWorkers.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 17408: a request with a keep_alive for a model that the server is evicting, its victim,
 * revives it, and blocks every later load. No request of ours does.
 */
@Timeout(60)
class VictimTest {
  /** The context of the tasks. */
  private static final ModelOptions SAME = ModelOptions.context(4096);

  /** A prompt that keeps a model busy for half a second, and a text that does. */
  private static final String LONG_PROMPT = "x".repeat(20_000);

  /**
   * Issue 17408 as the simulated server has it: the victim is busy, and a request for it that
   * carries a keep_alive keeps it for ever, so that the queue stands still. A task's does not.
   */
  @Test
  void taskForAVictim_doesNotReviveIt() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 1).start();
        OllamaClient client = client(server)) {
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      CompletableFuture<OllamaAnswer> busy =
          CompletableFuture.supplyAsync(
              () -> client.generate(GenerateRequest.of(A, LONG_PROMPT).withOptions(SAME)));
      Eventually.holds("it answers", () -> server.activity().heavyNow() == 1);
      CompletableFuture<float[]> embedding =
          CompletableFuture.supplyAsync(() -> client.embeddings(EMBED).embed("x"));
      Eventually.holds("the embedding model waits for the victim", () -> server.waiting() == 1);
      CompletableFuture<String> task =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return TestTask.run(OllamaTasks.chat(client, A, "x"));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      busy.get(10, TimeUnit.SECONDS);
      assertEquals("ok", task.get(10, TimeUnit.SECONDS).strip());
      assertTrue(embedding.get(10, TimeUnit.SECONDS).length > 0);
      assertEquals(List.of(A), server.activity().models(Kind.EVICTED));
    }
  }

  /** The same with the embedding model as the victim: its pin waits until the load has ended. */
  @Test
  void pinOfAVictim_doesNotReviveIt() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 1).start();
        OllamaClient client = client(server)) {
      OllamaEmbeddings embeddings = client.embeddings(EMBED);
      embeddings.embed("x");
      TestToken token = new TestToken();
      CompletableFuture<?> busy =
          CompletableFuture.supplyAsync(
              () ->
                  client
                      .cancelledBy(token)
                      .embed(EmbedRequest.of(EMBED, List.of(LONG_PROMPT)))); // for seconds
      Eventually.holds("it is busy", () -> server.residents().get(0).inUse());
      WorkerModels.Need need = new WorkerModels.Need(A, ModelName.parse(A), SAME, null);
      CompletableFuture<Boolean> load =
          CompletableFuture.supplyAsync(() -> client.workers().makeReady(client, need));
      Eventually.holds("the load waits for the victim", () -> server.waiting() == 1);
      CompletableFuture<Void> pin = CompletableFuture.runAsync(embeddings::pin);
      Eventually.holds(
          "the pin waits, or its request is there",
          () ->
              client.workers().gate().waiting() == 1
                  || server.activity().requests().getOrDefault("/api/embed", 0L) == 3);
      token.cancel();
      assertTrue(load.get(10, TimeUnit.SECONDS));
      pin.get(10, TimeUnit.SECONDS);
      assertThrows(ExecutionException.class, busy::get);
      assertEquals(List.of(EMBED, A, EMBED), server.activity().loads());
    }
  }

  @Test
  void evictionAndPinDoNotMeet() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 2).start();
        OllamaClient client = client(server)) {
      client.load(A, ModelOptions.NONE, KeepAlive.FOREVER);
      PinGate gate = client.workers().gate();
      PinGate.Pass alone = gate.alone(Duration.ZERO).orElseThrow();
      CompletableFuture<Void> evicting =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.evictor().evict(ResidentModel.worker(A, 0));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      CompletableFuture<float[]> embedding =
          CompletableFuture.supplyAsync(() -> client.embeddings(EMBED).embed("x"));
      Eventually.holds("both wait", () -> gate.waiting() == 2);
      assertEquals(0, server.activity().count(Kind.UNLOADED));
      assertFalse(evicting.isDone() || embedding.isDone());
      alone.end();
      evicting.join();
      embedding.join();
      PinGate.Pass loading = gate.mayLoad(Duration.ZERO, "GET /");
      assertTrue(gate.alone(Duration.ofMillis(1)).isEmpty());
      loading.end();
      loading.end(); // without effect
      assertTrue(gate.alone(Duration.ZERO).isPresent());
    }
  }

  @Test
  void questionThatMayNotGo_namesItsEndpoint() {
    String listed = "{\"models\":[{\"name\":\"" + A + "\",\"size\":1,\"digest\":\"d\"}]}";
    try (ScriptedServer server = new ScriptedServer().on("/api/ps", listed);
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .timeouts(OllamaTimeouts.DEFAULTS.withLoad(Duration.ofMillis(20)))
                .build()) {
      PinGate.Pass alone = client.workers().gate().alone(Duration.ZERO).orElseThrow();
      for (LocalHeavyTask<String> task :
          List.of(OllamaTasks.chat(client, A, "x"), OllamaTasks.generate(client, A, "x"))) {
        OllamaException.TimedOut e =
            assertThrows(OllamaException.TimedOut.class, () -> TestTask.run(task));
        assertEquals("POST /api/" + task.name().split(" ", -1)[0], e.endpoint());
      }
      alone.end();
    }
  }
}
