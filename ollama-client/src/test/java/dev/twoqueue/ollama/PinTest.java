package dev.twoqueue.ollama;

import static dev.twoqueue.ollama.TwoWorkers.A;
import static dev.twoqueue.ollama.TwoWorkers.EMBED;
import static dev.twoqueue.ollama.TwoWorkers.client;
import static dev.twoqueue.ollama.TwoWorkers.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long models stay: pins that are renewed, lent while tasks are queued, and let go of. */
@Timeout(60)
class PinTest {
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
      Eventually.holds("they leave", () -> client.ps().isEmpty());
      TestTask.run(OllamaTasks.chat(client, A, "x"));
      assertTrue(client.ps().get(0).isPinned());
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
      Eventually.holds("it is not pinned any more", () -> !client.ps().get(0).isPinned());
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
      Eventually.holds("unloaded", () -> client.ps().isEmpty());
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
      Eventually.holds(
          "it hangs", () -> server.activity().requests().getOrDefault("/api/embed", 0L) > 1);
      client.close();
      assertThrows(java.util.concurrent.CompletionException.class, hanging::join);
      Eventually.holds(
          "nothing stays for ever",
          () ->
              server.residents().stream()
                  .noneMatch(model -> model.expiresAt().isAfter(Instant.now().plusSeconds(3600))));
    }
  }
}
