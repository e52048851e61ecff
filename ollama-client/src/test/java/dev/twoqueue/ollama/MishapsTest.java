package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Outcome;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueException;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.VirtualTime;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.OllamaVersion;
import dev.twoqueue.testkit.ollama.ResidentModel;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import dev.twoqueue.testkit.ollama.SimulatedOllamaBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The queue on a server to which things happen: every handle ends, nothing runs twice. */
@Timeout(120)
class MishapsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> MODELS = List.of("a:latest", "b:latest");

  private final AtomicInteger asked = new AtomicInteger();
  private final Queue<String> stillLoading = new ConcurrentLinkedQueue<>();

  private static SimulatedOllamaBuilder server(OllamaVersion version) {
    SimulatedOllamaBuilder builder =
        SimulatedOllama.builder()
            .version(version)
            .maxLoadedModels(1)
            .unloadTime(Duration.ofMillis(3));
    for (String name : MODELS) {
      builder.model(
          SimulatedModel.builder(name)
              .loadTime(Duration.ofMillis(15))
              .tokensPerSecond(1500)
              .response("one two three four five six seven eight nine ten")
              .build());
    }
    return builder;
  }

  private static TwoQueueScheduler scheduler(OllamaClient client) {
    return TwoQueueScheduler.builder().residencyProbe(client.residencyProbe()).build();
  }

  /** Sees at the end of its body, which frees the slot, whether the server is still at its load. */
  private LocalHeavyTask<String> job(SimulatedOllama server, OllamaClient client, String model) {
    LocalHeavyTask<String> chat = OllamaTasks.chat(client, model, "x");
    TaskBody<String> body = chat.body().orElseThrow();
    return chat.withBody(
        task -> {
          asked.incrementAndGet();
          try {
            return body.run(task);
          } finally {
            if (server.waiting() != 0) {
              stillLoading.add(model);
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void cancelsAtRandomMoments(OllamaVersion version) throws Exception {
    Random random = new Random(17);
    try (SimulatedOllama server = server(version).start();
        OllamaClient client = OllamaClient.connect(server.url());
        TwoQueueScheduler scheduler = scheduler(client)) {
      List<TaskHandle<String>> handles = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        TaskHandle<String> cancelled = scheduler.submit(job(server, client, MODELS.get(i / 2 % 2)));
        handles.add(cancelled);
        if (i % 10 == 0) {
          handles.add(scheduler.submit(job(server, client, MODELS.get(i / 10 % 2))));
        }
        if (i % 2 == 0) { // in a load, however slow this machine is
          Eventually.holds(
              "it loads, or has", () -> server.waiting() > 0 || cancelled.outcome().isPresent());
        }
        LockSupport.parkNanos(random.nextInt(i % 2 == 0 ? 5_000_000 : 25_000_000));
        cancelled.cancel("moment " + i);
      }
      int succeeded = 0;
      for (TaskHandle<String> handle : handles) {
        Outcome<String> outcome = outcome(handle);
        assertTrue(
            outcome instanceof Outcome.Succeeded || outcome instanceof Outcome.Cancelled,
            outcome::toString);
        succeeded += outcome instanceof Outcome.Succeeded ? 1 : 0;
      }
      assertTrue(succeeded >= 10, succeeded + " succeeded: not even those that nobody cancelled");
      assertTrue(server.activity().count(Kind.LOAD_ABORTED) > 0, "no load was hit");
      assertEquals(List.of(), List.copyOf(stillLoading));
      assertEquals(1, server.activity().peakHeavy());
      assertNobodyAskedTwice(server);
    }
  }

  private void assertNobodyAskedTwice(SimulatedOllama server) {
    long chats = server.activity().requests().getOrDefault("/api/chat", 0L);
    assertTrue(chats <= asked.get(), chats + " requests of " + asked + " bodies");
  }

  private static Outcome<String> outcome(TaskHandle<String> handle) throws Exception {
    try {
      handle.get(PATIENCE);
    } catch (TwoQueueException ended) {
      assertTrue(handle.outcome().isPresent(), ended::toString);
    }
    return handle.outcome().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(OllamaVersion.class)
  void runnersKilledAtRandomMoments(OllamaVersion version) throws Exception {
    Random random = new Random(18);
    try (SimulatedOllama server = server(version).start();
        OllamaClient client = OllamaClient.connect(server.url());
        TwoQueueScheduler scheduler = scheduler(client)) {
      List<TaskHandle<String>> handles = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        handles.add(scheduler.submit(job(server, client, MODELS.get(i / 10 % 2))));
      }
      int killed = 0;
      while (handles.stream().anyMatch(handle -> handle.outcome().isEmpty())) {
        LockSupport.parkNanos(random.nextInt(15_000_000));
        for (ResidentModel resident : server.residents()) {
          try {
            server.killRunner(resident.model().name());
            killed++;
          } catch (IllegalArgumentException left) {
            assertTrue(String.valueOf(left.getMessage()).contains("not resident"));
          }
        }
      }
      int failed = 0;
      for (TaskHandle<String> handle : handles) {
        if (outcome(handle) instanceof Outcome.Failed<String> died) {
          assertInstanceOf(OllamaException.RunnerDied.class, died.cause());
          failed++;
        } else {
          assertInstanceOf(Outcome.Succeeded.class, outcome(handle));
        }
      }
      assertTrue(
          killed > 0 && failed > 0 && failed < 60, killed + " killed, " + failed + " failed");
      assertEquals(60, asked.get());
      assertNobodyAskedTwice(server);
      assertEquals(List.of(), List.copyOf(stillLoading));
    }
  }

  /** The next task is held, since residency is unknown, until the server is there again. */
  @Test
  void serverRestartedInTheMiddleOfAnAnswer() throws Exception {
    VirtualTime time = new VirtualTime(); // for holds alone: all else is real
    SimulatedOllama first = server(OllamaVersion.V0_33).start();
    URI url = first.url();
    CompletableFuture<String> held = new CompletableFuture<>();
    try (OllamaClient client = OllamaClient.connect(url);
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder()
                .residencyProbe(client.residencyProbe())
                .clock(time.clock())
                .listener(event -> completeWithHold(held, event))
                .build()) {
      TaskHandle<String> cutOff =
          scheduler.submit(OllamaTasks.generate(client, "a", "x".repeat(30_000))); // half a second
      Eventually.holds("it answers", () -> first.activity().heavyNow() == 1 && loaded(first));
      TaskHandle<String> next = scheduler.submit(OllamaTasks.generate(client, "a", "x"));
      first.close();
      assertInstanceOf(Outcome.Failed.class, outcome(cutOff));
      assertTrue(held.get(30, TimeUnit.SECONDS).contains("residency is unknown"));
      try (SimulatedOllama second = server(OllamaVersion.V0_33).port(url.getPort()).start()) {
        time.advance(Duration.ofSeconds(6)); // more would time its next look out
        assertTrue(next.get(PATIENCE).startsWith("one two"));
        assertEquals(1, second.activity().loads().size());
        assertEquals(2, second.activity().requests().get("/api/generate")); // the load, and one
        assertEquals(1, first.activity().loads().size());
      }
    }
  }

  private static void completeWithHold(CompletableFuture<String> held, SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Held hold) {
      held.complete(hold.reason());
    }
  }

  private static boolean loaded(SimulatedOllama server) {
    return server.activity().count(Kind.LOADED) == 1;
  }
}
