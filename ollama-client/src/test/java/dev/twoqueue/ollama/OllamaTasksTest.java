package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Progress;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRefusedException;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ready-made tasks against a simulated server, alone and through a scheduler. */
@Timeout(60)
class OllamaTasksTest {
  private static final String A = "llama3.1:8b";
  private static final String B = "gemma3:4b";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static String result(TaskHandle<String> handle) {
    try {
      return handle.get(PATIENCE).strip();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(handle.waitsFor().toString(), e);
    }
  }

  private static SimulatedModel model(String name) {
    return SimulatedModel.builder(name)
        .sizeBytes(1_000_000)
        .modelInfo(
            Map.of(
                "general.architecture", "llama",
                "llama.block_count", 2,
                "llama.embedding_length", 64,
                "llama.attention.head_count", 4,
                "llama.context_length", 131_072))
        .loadTime(Duration.ofMillis(20))
        .response("hello from " + name)
        .build();
  }

  private static SimulatedOllama server(OllamaVersion version) {
    return SimulatedOllama.builder()
        .version(version)
        .model(model(A), model(B))
        .pullable(model("new:1b"))
        .maxLoadedModels(1)
        .unloadTime(Duration.ofMillis(5))
        .start();
  }

  @Test
  void tasks_nameWhatTheyNeed() {
    try (OllamaClient client =
        OllamaClient.builder().address("127.0.0.1:1").modelsDirectory(Path.of("m")).build()) {
      LocalHeavyTask<String> chat = OllamaTasks.chat(client, "LLama3", "x");
      assertEquals(LocalKind.ORACLE, chat.kind());
      assertEquals(
          new ResidencyKey("llama3:latest", Map.of("num_ctx", "4096")),
          chat.residencyKey().orElseThrow());
      ModelOptions options = ModelOptions.context(8192).with("num_gpu", 0).with("seed", 1);
      assertEquals(
          Map.of("num_ctx", "8192", "num_gpu", "0"),
          OllamaTasks.load(client, "m", options).residencyKey().orElseThrow().runnerOptions());
      LocalHeavyTask<InstalledModel> pull = OllamaTasks.pull(client, "m", 5);
      assertEquals(LocalKind.PULL, pull.kind());
      assertTrue(pull.residencyKey().isEmpty());
      assertEquals(5, pull.bytesToWrite().orElse(0));
      assertEquals(Path.of("m"), pull.writesTo().orElseThrow());
      assertThrows(IllegalArgumentException.class, () -> OllamaTasks.pull(client, "m", -1));
      assertThrows(IllegalArgumentException.class, () -> OllamaTasks.chat(client, "m", " "));
    }
  }

  @Test
  void cloudModels_areFleetTasksOnly() {
    try (OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
      FleetTask<String> task = OllamaTasks.cloudChat(client, "gpt-oss:120b-cloud", "x");
      assertEquals("ollama cloud", task.provider().orElseThrow());
      for (org.junit.jupiter.api.function.Executable local :
          List.<org.junit.jupiter.api.function.Executable>of(
              () -> OllamaTasks.chat(client, "x:cloud", "x"),
              () -> OllamaTasks.generate(client, "x:20b-cloud", "x"),
              () -> OllamaTasks.load(client, "x:cloud"),
              () -> OllamaTasks.pull(client, "x:cloud"))) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, local);
        assertTrue(e.toString().contains("cloudChat"), e::toString);
      }
      assertThrows(
          IllegalArgumentException.class, () -> OllamaTasks.cloudChat(client, "llama3", "x"));
      for (String cloud : List.of("x:cloud", "X:20B-Cloud", "x:20b:cloud", "me/x:cloud")) {
        assertInstanceOf(
            FleetTask.class, OllamaTasks.chatAnywhere(client, ChatRequest.of(cloud, "x")), cloud);
      }
      for (String local : List.of("x", "x:local", "cloud", "x:cloudy", "cloud/x:1b")) {
        assertInstanceOf(
            LocalHeavyTask.class,
            OllamaTasks.chatAnywhere(client, ChatRequest.of(local, "x")),
            local);
      }
    }
  }

  @Test
  void submitChat_joinsTheQueueThatTheNameSays() throws Exception {
    String answer = "{\"message\":{\"content\":\"from afar\"},\"done\":true}";
    try (ScriptedServer server = new ScriptedServer().on("/api/chat", answer);
        OllamaClient client = OllamaClient.connect(server.url());
        TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<OllamaAnswer> cloud =
          OllamaTasks.submitChat(scheduler, client, ChatRequest.of("x:120b-cloud", "y"));
      assertEquals("from afar", cloud.get(PATIENCE).text());
      assertEquals(List.of("/api/chat"), server.paths()); // nothing local was looked at
      scheduler.pause(dev.twoqueue.TaskClass.LOCAL_HEAVY);
      TaskHandle<OllamaAnswer> local =
          OllamaTasks.submitChat(scheduler, client, ChatRequest.of("x:120b", "y"));
      assertEquals(1, scheduler.snapshot().localHeavy().queued());
      local.cancel("the test says so");
    }
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void bodies_doTheirWork(OllamaVersion version) throws Exception {
    try (SimulatedOllama server = server(version);
        OllamaClient client = OllamaClient.connect(server.url())) {
      RunningModel loaded = TestTask.run(OllamaTasks.load(client, A));
      assertTrue(loaded.isPinned());
      assertEquals(4096, loaded.contextLength().orElse(0));
      assertEquals("hello from " + A, TestTask.run(OllamaTasks.chat(client, A, "x")).strip());
      List<String> pieces = new ArrayList<>();
      OllamaAnswer answer =
          TestTask.run(
              OllamaTasks.generate(
                  client, GenerateRequest.of(A, "x"), chunk -> pieces.add(chunk.text())));
      assertEquals(answer.text(), String.join("", pieces));
      assertTrue(answer.done());
      assertEquals(1, server.activity().loads().size());

      LocalHeavyTask<InstalledModel> pull = OllamaTasks.pull(client, "new:1b");
      TestTask context = new TestTask(pull);
      InstalledModel installed = pull.body().orElseThrow().run(context);
      assertEquals("new:1b", installed.name());
      Progress last = context.reports.get(context.reports.size() - 1);
      assertEquals("success", last.message());
      assertEquals(last.total(), last.done());
      assertTrue(last.total() >= 1_000_000, last::toString);
    }
  }

  @Test
  void cancelledTask_closesItsCall() throws Exception {
    try (SimulatedOllama server = server(OllamaVersion.V0_33);
        OllamaClient client = OllamaClient.connect(server.url())) {
      server.faults().hangNext("/api/chat");
      LocalHeavyTask<String> task = OllamaTasks.chat(client, A, "x");
      TestTask context = new TestTask(task);
      CompletableFuture<String> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return task.body().orElseThrow().run(context);
                } catch (RuntimeException e) {
                  throw e;
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      Eventually.holds("a call of its runs", () -> context.token.registered() > 0);
      context.token.cancel();
      ExecutionException e = assertThrows(ExecutionException.class, run::get);
      assertInstanceOf(OllamaException.Cancelled.class, e.getCause());
    }
  }

  @Test
  void pullOfAnUnknownModel_isNotFound() {
    try (SimulatedOllama server = server(OllamaVersion.V0_33);
        OllamaClient client = OllamaClient.connect(server.url())) {
      OllamaException.ModelNotFound e =
          assertThrows(
              OllamaException.ModelNotFound.class,
              () -> TestTask.run(OllamaTasks.pull(client, "nope")));
      assertEquals("nope", e.model().orElse(""));
    }
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void interleavedJobs_areDrainedByModel(OllamaVersion version) {
    try (SimulatedOllama server = server(version);
        OllamaClient client = OllamaClient.connect(server.url())) {
      TwoQueueScheduler scheduler =
          TwoQueueScheduler.builder()
              .residencyProbe(client.residencyProbe())
              .workingSetPredictor(client.workingSetPredictor())
              .build();
      try {
        client.load(A, ModelOptions.context(4096), KeepAlive.FOREVER);
        List<TaskHandle<String>> handles = new ArrayList<>();
        scheduler.pause(dev.twoqueue.TaskClass.LOCAL_HEAVY);
        for (String model : List.of(B, A, B, A)) {
          handles.add(scheduler.submit(OllamaTasks.chat(client, model, "x")));
        }
        scheduler.resume(dev.twoqueue.TaskClass.LOCAL_HEAVY);
        assertEquals(
            List.of("hello from " + B, "hello from " + A, "hello from " + B, "hello from " + A),
            handles.stream().map(OllamaTasksTest::result).toList());
        assertEquals(List.of(A, B), server.activity().loads());
        assertThrows(
            TaskRefusedException.class,
            () -> scheduler.submit(OllamaTasks.chat(client, "absent", "x")).get(PATIENCE));
      } finally {
        scheduler.shutdownNow("the test ends"); // a close would wait for a task that is held
      }
    }
  }
}
