package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens to the resident model before another one is loaded. */
class EvictionTest {
  private final ManualTime time = new ManualTime();
  private final FakeModelServer server = new FakeModelServer();
  private final List<GateRequest> looks = new ArrayList<>();

  private TwoQueueScheduler scheduler(Gate gate) {
    return time.scheduler()
        .residencyProbe(server)
        .gate(
            request -> {
              looks.add(request);
              return gate.look(request);
            })
        .build();
  }

  private TwoQueueScheduler scheduler() {
    return scheduler(request -> Verdict.proceed());
  }

  @Test
  void theWorkerIsEvictedAndSeenToBeGoneBeforeTheFinalLook() {
    server.holding("B").resident.add(ResidentModel.alwaysResident("embed", 1L << 28));
    TaskHandle<String> oracle = scheduler().submit(Tasks.oracle("oracle", "A", task -> "done"));
    time.run();
    assertEquals("done", Tasks.ended(oracle));
    assertEquals(List.of("B"), server.evicted, "the always-resident model stays (I9)");
    assertEquals(
        List.of(Stage.EARLY, Stage.FINAL), looks.stream().map(GateRequest::stage).toList());
    assertEquals(40L << 30, looks.get(0).reclaimableBytes());
    assertEquals(0, looks.get(1).reclaimableBytes(), "it has been given back by then");
    assertEquals("embed", looks.get(1).residency().toString());
  }

  @Test
  void whatIsServedAlreadyEvictsNothing() {
    server.holding("A");
    TaskHandle<String> oracle = scheduler().submit(Tasks.oracle("oracle", "A", task -> "done"));
    time.run();
    assertEquals("done", Tasks.ended(oracle));
    assertEquals(List.of(), server.evicted);
    assertEquals(List.of(Stage.FINAL), looks.stream().map(GateRequest::stage).toList());
  }

  @Test
  void aTaskWithoutAModelEvictsNothing() {
    server.holding("B");
    TaskHandle<String> pull = scheduler().submit(Tasks.local("pull"));
    time.run();
    assertEquals("pull", Tasks.ended(pull));
    assertEquals(List.of(), server.evicted);
  }

  @Test
  void nothingIsEvictedForATaskThatIsRefused() {
    server.holding("B");
    TaskHandle<String> oracle =
        scheduler(request -> Verdict.refuse("too big")).submit(Tasks.oracle("o", "A", t -> "done"));
    time.run();
    assertEquals(TaskState.REFUSED, oracle.state());
    assertEquals(List.of(), server.evicted);
  }

  @Test
  void anEvictorThatLiesHoldsTheTask() {
    server.holding("B").evictorLies = true;
    TaskHandle<String> oracle = scheduler().submit(Tasks.oracle("oracle", "A", task -> "done"));
    time.run();
    WaitReason why = oracle.waitsFor().orElseThrow();
    assertEquals(WaitReason.Cause.HELD, why.cause());
    assertEquals("B did not leave for A", why.text());
    time.seconds(5);
    assertEquals(List.of("B", "B"), server.evicted, "tried again after its time");
    server.evictorLies = false;
    time.seconds(5);
    assertEquals("done", Tasks.ended(oracle));
  }

  @Test
  void anEvictorThatThrowsHoldsTheTaskAndItsReasonIsShown() {
    server.holding("B").evictorThrows = true;
    TaskHandle<String> oracle = scheduler().submit(Tasks.oracle("oracle", "A", task -> "done"));
    time.run();
    String text = oracle.waitsFor().orElseThrow().text();
    assertTrue(text.contains("B did not leave for A"), text);
    assertTrue(text.contains("500 from the server"), text);
    server.holding();
    time.seconds(5);
    assertEquals("done", Tasks.ended(oracle), "only what the probe sees counts");
  }

  @Test
  void aFailedProbeHoldsTasksWithAModelWhileTasksWithoutOneGoOn() {
    server.down = true;
    TwoQueueScheduler scheduler = scheduler();
    TaskHandle<String> oracle = scheduler.submit(Tasks.oracle("oracle", "A", task -> "done"));
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.run();
    assertEquals("sweep", Tasks.ended(sweep));
    String text = oracle.waitsFor().orElseThrow().text();
    assertTrue(
        text.startsWith("residency is unknown") && text.contains("connection refused"), text);
    assertEquals(1, scheduler.snapshot().localHeavy().held());
    server.down = false;
    time.seconds(5);
    assertEquals("done", Tasks.ended(oracle));
  }

  @Test
  void aProbeThatFailsAfterTheEvictionHoldsTheTask() {
    server.holding("B");
    TwoQueueScheduler scheduler =
        time.scheduler()
            .residencyProbe(server)
            .evictor(
                victim -> {
                  server.resident.remove(victim);
                  server.down = true;
                })
            .build();
    TaskHandle<String> oracle = scheduler.submit(Tasks.oracle("oracle", "A", task -> "done"));
    time.run();
    assertEquals(WaitReason.Cause.HELD, oracle.waitsFor().orElseThrow().cause());
    server.down = false;
    time.seconds(5);
    assertEquals("done", Tasks.ended(oracle));
  }

  @Test
  void aCancelDuringTheEvictionLeavesTheNextTaskItsTurn() {
    server.holding("B");
    List<Runnable> held = new ArrayList<>();
    SchedulerBuilder builder =
        time.scheduler()
            .callbackExecutor(work -> (looks.isEmpty() ? time : later(held)).execute(work));
    TwoQueueScheduler scheduler =
        builder
            .residencyProbe(server)
            .gate(
                request -> {
                  looks.add(request);
                  return Verdict.proceed();
                })
            .build();
    TaskHandle<String> oracle = scheduler.submit(Tasks.oracle("oracle", "A", task -> "done"));
    time.run();
    assertEquals(WaitReason.Cause.EVICTING, oracle.waitsFor().orElseThrow().cause());
    assertTrue(oracle.cancel("not wanted any more"));
    assertEquals(TaskState.CANCELLED, oracle.state());
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    assertEquals(TaskState.QUEUED, sweep.state(), "an eviction under way is waited for");
    while (!held.isEmpty()) {
      held.remove(0).run();
      time.run();
    }
    assertEquals("sweep", Tasks.ended(sweep));
  }

  private static java.util.concurrent.Executor later(List<Runnable> held) {
    return held::add;
  }
}
