package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import dev.twoqueue.testkit.ollama.SimulatedOllamaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Swaps, pins and embeddings on a simulated server that evicts as the real one does. */
@Timeout(60)
class SwapTest {
  private static final String A = "a:latest";
  private static final String B = "b:latest";
  private static final String EMBED = "embed:latest";

  /** The context of the tasks. */
  private static final ModelOptions SAME = ModelOptions.context(4096);

  /** A prompt that keeps a model busy for half a second, and a text that does. */
  private static final String LONG_PROMPT = "x".repeat(20_000);

  private static SimulatedOllamaBuilder server(OllamaVersion version, int slots) {
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

  private static OllamaClient client(SimulatedOllama server) {
    return OllamaClient.builder().address(server.url()).alwaysResident(EMBED).build();
  }

  private static TwoQueueScheduler scheduler(OllamaClient client) {
    return TwoQueueScheduler.builder().residencyProbe(client.residencyProbe()).build();
  }

  static void eventually(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plusSeconds(20);
    while (!condition.getAsBoolean()) {
      assertTrue(Instant.now().isBefore(deadline), what);
      LockSupport.parkNanos(
          1_000_000); // a loop without a pause keeps others from the server's locks
    }
  }

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
      eventually("it answers", () -> server.activity().heavyNow() == 1);
      CompletableFuture<float[]> embedding =
          CompletableFuture.supplyAsync(() -> client.embeddings(EMBED).embed("x"));
      eventually("the embedding model waits for the victim", () -> server.waiting() == 1);
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
      eventually("it is busy", () -> server.residents().get(0).inUse());
      WorkerModels.Need need = new WorkerModels.Need(A, ModelName.parse(A), SAME, null);
      CompletableFuture<Boolean> load =
          CompletableFuture.supplyAsync(() -> client.workers().makeReady(client, need));
      eventually("the load waits for the victim", () -> server.waiting() == 1);
      CompletableFuture<Void> pin = CompletableFuture.runAsync(embeddings::pin);
      eventually(
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

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void lostPin_isRenewedByTheNextTask(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 2).start();
        OllamaClient client = client(server)) {
      client.embeddings(EMBED).pin();
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      server.killRunner(A); // as recorded in runner-dies: listed as pinned, and dead
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      assertTrue(client.ps().stream().allMatch(RunningModel::isPinned), client.ps()::toString);
      // Somebody else's request takes the embedding model's pin.
      client.load(EMBED, ModelOptions.NONE, KeepAlive.of(Duration.ofMinutes(5)));
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      assertTrue(client.ps().stream().allMatch(RunningModel::isPinned), client.ps()::toString);
      server.losePins(); // as an out-of-memory at run time does: they leave
      eventually("they leave", () -> client.ps().isEmpty());
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      assertTrue(client.ps().get(0).isPinned());
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

  @Test
  void pinLastsWhileTasksAreQueued_thenTheModelLingers() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 2).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder()
                .residencyProbe(client.residencyProbe())
                .listener(client.pinWhileQueued(Duration.ofMinutes(7)))
                .build()) {
      assertThrows(IllegalStateException.class, () -> client.pinWhileQueued(Duration.ZERO));
      List<Boolean> pinned = new ArrayList<>();
      scheduler.pause(TaskClass.LOCAL_HEAVY);
      List<TaskHandle<String>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        var chat = OllamaTasks.chat(client, A, "x");
        var body = chat.body().orElseThrow();
        answers.add(
            scheduler.submit(
                chat.withBody(
                    task -> {
                      String answer = body.run(task);
                      pinned.add(client.ps().get(0).isPinned());
                      return answer;
                    })));
      }
      TaskHandle<String> cancelled = scheduler.submit(OllamaTasks.chat(client, A, "x"));
      scheduler.resume(TaskClass.LOCAL_HEAVY);
      answers.get(1).join();
      cancelled.cancel("the test says so");
      answers.get(2).join();
      assertEquals(List.of(true, true), pinned.subList(0, 2));
      eventually("it is not pinned any more", () -> !client.ps().get(0).isPinned());
      Instant leaves = client.ps().get(0).expiresAt().orElseThrow();
      Duration left = Duration.between(Instant.now(), leaves);
      assertTrue(left.toSeconds() > 380 && left.toSeconds() <= 420, left::toString);
      assertEquals(List.of(A), server.activity().loads());
    }
  }

  /** Its pin was for a task that never came to ask: only the scheduler's events tell of that. */
  @Test
  void lastTaskThatAsksNothing_theModelStillLeaves() {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 2).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder()
                .residencyProbe(client.residencyProbe())
                .listener(client.pinWhileQueued(Duration.ZERO))
                .build()) {
      scheduler.pause(TaskClass.LOCAL_HEAVY);
      LocalHeavyTask<String> chat = OllamaTasks.chat(client, A, "x");
      scheduler.submit(chat);
      TaskHandle<String> last =
          scheduler.submit(chat.withBody(task -> client.ps().get(0).isPinned() + ""));
      scheduler.resume(TaskClass.LOCAL_HEAVY);
      assertEquals("true", last.join());
      eventually("unloaded", () -> client.ps().isEmpty());
      assertEquals(1, server.activity().count(Kind.UNLOADED));
    }
  }

  @Test
  void close_unpinsEmbeddingsToo_evenWhileOneIsUnderWay() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33, 2).start()) {
      OllamaClient client = client(server);
      client.embeddings(EMBED).pin();
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      server.faults().hangNext("/api/embed");
      CompletableFuture<float[]> hanging =
          CompletableFuture.supplyAsync(() -> client.embeddings(EMBED).embed("x"));
      eventually("it hangs", () -> server.activity().requests().getOrDefault("/api/embed", 0L) > 1);
      client.close();
      assertThrows(java.util.concurrent.CompletionException.class, hanging::join);
      eventually(
          "nothing stays for ever",
          () ->
              server.residents().stream()
                  .noneMatch(model -> model.expiresAt().isAfter(Instant.now().plusSeconds(3600))));
    }
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void cancelledLoad_leavesNothing_andTheSlotOnlyThen(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version, 1).start();
        OllamaClient client = client(server);
        TwoQueueScheduler scheduler = scheduler(client)) {
      server.faults().slowLoads(A, Duration.ofMillis(400));
      TaskHandle<String> loading = scheduler.submit(OllamaTasks.chat(client, A, "x"));
      eventually("it loads", () -> server.waiting() == 1);
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
      eventually("both wait", () -> gate.waiting() == 2);
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
      eventually("it loads", () -> server.waiting() == 1);
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
}
