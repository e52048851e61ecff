package dev.twoqueue.servers;

import static dev.twoqueue.servers.LmStudioAnswers.LOAD;
import static dev.twoqueue.servers.LmStudioAnswers.LOADED;
import static dev.twoqueue.servers.LmStudioAnswers.UNLOAD;
import static dev.twoqueue.servers.LmStudioAnswers.V1;
import static dev.twoqueue.servers.LmStudioAnswers.instance;
import static dev.twoqueue.servers.LmStudioAnswers.models;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueScheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads on LM Studio, and how they end. */
@Timeout(30)
class LmStudioLoadTest {
  private final FakeServer server = new FakeServer();
  private final LmStudio studio = LmStudio.connect(server.url());

  @AfterEach
  void close() {
    studio.close();
    server.close();
  }

  @Test
  void load_sendsTheContextAndLooks() {
    server.on(V1, models(), models(instance("m", 8192))).on(LOAD, LOADED);
    studio.load("m", 8192, new Token());
    assertEquals(1, server.count(LOAD + " {\"model\":\"m\",\"context_length\":8192}"));
    studio.load("m", 8192, new Token());
    studio.load("m", new Token());
    assertEquals(1, server.count(LOAD));
  }

  @Test
  void instanceWithAnotherContext_isUnloadedFirst() {
    server
        .on(V1, models(instance("m", 4096)))
        .on(
            UNLOAD,
            body -> {
              server.on(V1, models());
              return FakeServer.answer(200, "{\"instance_id\":\"m\"}");
            })
        .on(
            LOAD,
            body -> {
              server.on(V1, models(instance("m", 8192)));
              return FakeServer.answer(200, LOADED);
            });
    studio.load("m", 8192, new Token());
    assertEquals(
        List.of("POST /api/v1/models/unload", "POST /api/v1/models/load"),
        server.requests.stream()
            .filter(request -> request.startsWith("POST"))
            .map(request -> request.substring(0, request.indexOf(" {")))
            .toList());
  }

  @Test
  void loadThatFails_isSaidToHaveFailed() {
    server
        .on(V1, models())
        .on(LOAD, FakeServer.answer(500, "{\"error\":{\"message\":\"insufficient resources\"}}"));
    ModelServerException e =
        assertThrows(ModelServerException.LoadFailed.class, () -> studio.load("m", new Token()));
    assertTrue(String.valueOf(e.getCause()).contains("insufficient resources"), e::toString);
    server.on(LOAD, "{\"error\":\"Unexpected endpoint or method. (POST /api/v1/models/load)\"}");
    assertThrows(ModelServerException.LoadFailed.class, () -> studio.load("m", new Token()));
    server.on(LOAD, LOADED);
    assertThrows(ModelServerException.LoadFailed.class, () -> studio.load("m", new Token()));
    server.on(LOAD, FakeServer.answer(404, "{\"error\":{\"message\":\"no such model\"}}"));
    assertThrows(ModelServerException.ModelNotFound.class, () -> studio.load("m", new Token()));
  }

  @Test
  void cancelledLoad_isWaitedForAndUndone() throws Exception {
    Token token = new Token();
    AtomicBoolean answered = new AtomicBoolean();
    Thread caller = Thread.currentThread();
    server
        .on(V1, models())
        .on(
            LOAD,
            body -> {
              token.cancel();
              caller.interrupt(); // as the scheduler does
              server.on(V1, models(instance("m", 4096)));
              answered.set(true);
              return FakeServer.answer(200, LOADED);
            })
        .on(
            UNLOAD,
            body -> {
              server.on(V1, models());
              return FakeServer.answer(200, "{\"instance_id\":\"m\"}");
            });
    ModelServerException e =
        assertThrows(ModelServerException.Cancelled.class, () -> studio.load("m", token));
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertTrue(answered.get());
    assertEquals(1, server.count(UNLOAD));
    assertEquals(0, e.getSuppressed().length);
    assertEquals(1, studio.residents().size());
  }

  @Test
  void loadWhoseEndIsUnknown_isUndone() {
    server
        .on(V1, models())
        .on(
            LOAD,
            body -> {
              server.on(V1, models(instance("m", 4096)));
              return new MockResponse.Builder()
                  .onResponseStart(new SocketEffect.CloseSocket())
                  .build();
            })
        .on(
            UNLOAD,
            body -> {
              server.on(V1, models());
              return FakeServer.answer(200, "{}");
            });
    assertThrows(ModelServerException.StreamBroken.class, () -> studio.load("m", new Token()));
    assertEquals(1, server.count(UNLOAD));
    server.on(UNLOAD, FakeServer.answer(500, "no"));
    ModelServerException e =
        assertThrows(ModelServerException.StreamBroken.class, () -> studio.load("m", new Token()));
    assertEquals(1, e.getSuppressed().length);
  }

  @Test
  void cancelledTask_occupiesUntilTheServerHasAnswered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    server
        .on(V1, models())
        .on(
            LOAD,
            body -> {
              asked.countDown();
              await(answer);
              server.on(V1, models(instance("m", 4096)));
              order.add("loaded");
              return FakeServer.answer(200, LOADED);
            })
        .on(
            UNLOAD,
            body -> {
              order.add("unloaded");
              server.on(V1, models());
              return FakeServer.answer(200, "{}");
            });
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().residencyProbe(studio.residencyProbe()).build()) {
      TaskHandle<String> load =
          scheduler.submit(
              LocalHeavyTask.<String>builder(
                      LocalKind.LOAD,
                      "load m",
                      task -> {
                        studio.load("m", task.cancellation());
                        return "loaded";
                      })
                  .model("m")
                  .build());
      await(asked);
      load.cancel("not wanted any more");
      TaskHandle<Boolean> next =
          scheduler.submit(
              LocalHeavyTask.of(LocalKind.TEST_SWEEP, "sweep", task -> order.add("swept")));
      FleetTask<Boolean> fleet = FleetTask.of("fleet", task -> order.add("fleet"));
      TaskHandle<Boolean> beside = scheduler.submit(fleet);
      assertEquals(TaskState.QUEUED, next.state());
      assertEquals(TaskState.QUEUED, beside.state());
      answer.countDown();
      next.join();
      beside.join();
    }
    assertEquals(List.of("loaded", "unloaded"), order.subList(0, 2), order::toString);
    assertEquals(4, order.size());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
