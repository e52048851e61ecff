package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Progress;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pulls: how far, how fast, how large, and what one that ends early leaves. */
@Timeout(30)
class PullTest {
  private static final SimulatedModel NEW =
      SimulatedModel.builder("new:1b").sizeBytes(50_000_000).build();

  private static PullProgress layer(String digest, long total, long completed) {
    return new PullProgress("pulling " + digest, Optional.of(digest), total, completed);
  }

  @Test
  void meter_reckonsByWhatArrives() {
    AtomicLong now = new AtomicLong(1);
    PullMeter meter = new PullMeter(1_200, now::get);
    PullMeter.Reading first = meter.take(layer("a", 1_000, 400)); // from an earlier pull
    assertEquals(new PullMeter.Reading("pulling a", 400, 1_200, 0, Optional.empty()), first);
    now.addAndGet(2_000_000_000L);
    PullMeter.Reading second = meter.take(layer("a", 1_000, 600));
    assertEquals(100, second.bytesPerSecond(), 1e-9);
    assertEquals(Duration.ofSeconds(6), second.timeLeft().orElseThrow());
    now.addAndGet(10_000_000_000L);
    PullMeter.Reading stalled = meter.take(layer("a", 1_000, 600));
    now.addAndGet(10_000_000_000L);
    assertEquals(0, meter.take(layer("a", 1_000, 600)).bytesPerSecond());
    assertTrue(stalled.bytesPerSecond() < 100);
    now.addAndGet(1_000_000_000L);
    PullMeter.Reading other = meter.take(layer("b", 900, 900)); // more than was told
    assertEquals(1_900, other.totalBytes());
    assertEquals(1_500, other.doneBytes());
    assertThrows(IllegalArgumentException.class, () -> new PullMeter(-1));
  }

  @Test
  void progress_namesRateAndTimeLeft() throws Exception {
    try (SimulatedOllama server =
            SimulatedOllama.builder().pullable(NEW).pullBytesPerSecond(50e6).start();
        OllamaClient client = OllamaClient.connect(server.url())) {
      LocalHeavyTask<InstalledModel> pull = OllamaTasks.pull(client, "new:1b", 50_000_000);
      TestTask context = new TestTask(pull);
      assertEquals("new:1b", pull.body().orElseThrow().run(context).name());
      List<Progress> middle =
          context.reports.stream().filter(each -> each.message().contains(" left")).toList();
      assertTrue(middle.size() >= 3, context.reports::toString);
      assertTrue(middle.get(2).message().matches(".* [0-9.]+ MB/s, [0-9]+ s left"));
      assertTrue(context.reports.stream().allMatch(each -> each.done() <= each.total()));
    }
  }

  @Test
  void cancelledPull_leavesAPartial_whichTheNextOneGoesOnWith() throws Exception {
    try (SimulatedOllama server =
            SimulatedOllama.builder().pullable(NEW).pullBytesPerSecond(50e6).start();
        OllamaClient client = OllamaClient.connect(server.url())) {
      long free = server.machine().diskFree();
      LocalHeavyTask<InstalledModel> pull = OllamaTasks.pull(client, "new:1b");
      TestTask context = new TestTask(pull);
      CompletableFuture<InstalledModel> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return pull.body().orElseThrow().run(context);
                } catch (RuntimeException e) {
                  throw e;
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      Eventually.holds("10 MB are there", () -> free - server.machine().diskFree() > 10_000_000);
      context.token.cancel();
      ExecutionException e = assertThrows(ExecutionException.class, run::get);
      assertInstanceOf(OllamaException.Cancelled.class, e.getCause());
      Eventually.holds("it ends", () -> server.activity().count(Kind.PULL_ABORTED) == 1);
      long partial = free - server.machine().diskFree();
      TestTask again = new TestTask(pull);
      pull.body().orElseThrow().run(again);
      long first =
          again.reports.stream()
              .mapToLong(Progress::done)
              .filter(d -> d > 0)
              .findFirst()
              .orElseThrow();
      assertTrue(first >= partial, "resumed at " + first + " of " + partial);
      assertEquals(50_000_000, free - server.machine().diskFree());
    }
  }

  @Test
  void stalledPull_endsAlthoughLinesComeOn() {
    String line =
        "{\"status\":\"pulling a\",\"digest\":\"sha256:a\",\"total\":9,\"completed\":4}\n";
    try (RawServer server =
            RawServer.answering(
                (head, out) -> {
                  RawServer.write(out, RawServer.chunkedHead());
                  while (true) { // until the client goes
                    RawServer.write(out, RawServer.chunk(line));
                    Thread.onSpinWait();
                  }
                });
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .timeouts(OllamaTimeouts.DEFAULTS.withPullIdle(Duration.ofMillis(200)))
                .build()) {
      OllamaException.TimedOut e =
          assertThrows(OllamaException.TimedOut.class, () -> client.pull("m", progress -> {}));
      assertTrue(e.toString().contains("no progress"), e::toString);
    }
  }

  @Test
  void size_isTheManifestsSum() {
    String manifest =
        "{\"schemaVersion\":2,\"config\":{\"size\":5},"
            + "\"layers\":[{\"size\":4000000000},{\"size\":7}]}";
    try (ScriptedServer registry = new ScriptedServer().on("/v2/library/m/manifests/1b", manifest);
        OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
      String host = registry.url().substring("http://".length());
      String model = "http://" + host + "library/m:1b";
      assertEquals(4_000_000_012L, client.pullSize(model));
      LocalHeavyTask<InstalledModel> pull = OllamaTasks.sizedPull(client, model);
      assertEquals(4_000_000_012L, pull.bytesToWrite().orElse(0));
      OllamaException.ModelNotFound e =
          assertThrows(
              OllamaException.ModelNotFound.class,
              () -> client.pullSize("http://" + host + "library/absent"));
      assertTrue(e.endpoint().startsWith("GET http://"), e::endpoint);
      assertThrows(
          OllamaException.Unreachable.class, () -> client.pullSize("http://127.0.0.1:1/library/m"));
    }
    for (String wrong :
        List.of(
            "{}",
            "{\"layers\":[{\"size\":-1}]}",
            "{\"layers\":[{\"size\":9223372036854775807},{\"size\":1}]}",
            "[]")) {
      try (ScriptedServer registry =
              new ScriptedServer().on("/v2/library/m/manifests/latest", wrong);
          OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
        assertThrows(
            OllamaException.ProtocolViolation.class,
            () -> client.pullSize(registry.url() + "library/m"),
            wrong);
      }
    }
  }
}
