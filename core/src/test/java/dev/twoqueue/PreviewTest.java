package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a preview says of a task that nobody submits, in manual time. */
class PreviewTest {
  private final ManualTime time = new ManualTime();
  private final List<GateRequest> looks = new ArrayList<>();

  private Preview preview(TwoQueueScheduler scheduler, ScheduledTask<?> task) {
    CompletableFuture<Preview> preview = scheduler.preview(task);
    time.run();
    assertTrue(preview.isDone(), "nothing else need happen");
    return preview.join();
  }

  private Verdict remember(GateRequest request) {
    looks.add(request);
    return Verdict.proceed();
  }

  @Test
  void aSchedulerThatLooksAtNothingSaysSo() {
    Preview preview = preview(time.scheduler().build(), Tasks.local("sweep"));
    assertTrue(preview.wouldStartNow());
    assertEquals(List.of(), preview.reports());
    assertEquals(
        List.of(
            "not looked at: load, disk, processes and free memory: no gate was given",
            "not looked at: memory need: no working-set predictor was given",
            "not looked at: memory while a task runs: no watch was given",
            "not looked at: residency: no probe was given, order follows the last task that ended"
                + " well"),
        preview.warnings());
  }

  @Test
  void theGateIsAskedWhatAnEvictionWouldGiveBack() {
    FakeModelServer server = new FakeModelServer().holding("B");
    TwoQueueScheduler scheduler =
        time.scheduler().residencyProbe(server).gate(this::remember).build();
    preview(scheduler, Tasks.oracle("oracle", "A", task -> "done"));
    preview(scheduler, Tasks.oracle("oracle", "B", task -> "done"));
    assertEquals(GateRequest.Stage.PREVIEW, looks.get(0).stage());
    assertEquals(40L << 30, looks.get(0).reclaimableBytes());
    assertEquals(0, looks.get(1).reclaimableBytes(), "what serves it would not be evicted");
    assertEquals(List.of(), server.evicted);
  }

  @Test
  void theProbesSpellingOfAModelCounts() {
    FakeModelServer server = new FakeModelServer().holding("A");
    ResidencyProbe normalising =
        new ResidencyProbe() {
          @Override
          public Residency observe() {
            return server.observe();
          }

          @Override
          public ResidencyKey normalise(ResidencyKey key) {
            return ResidencyKey.of(key.model().replace(":latest", ""));
          }
        };
    TwoQueueScheduler scheduler =
        time.scheduler()
            .residencyProbe(normalising)
            .evictor(victim -> {})
            .gate(this::remember)
            .build();
    preview(scheduler, Tasks.oracle("oracle", "A:latest", task -> "done"));
    assertEquals(0, looks.get(0).reclaimableBytes());
  }

  @Test
  void plugInsThatFailAreInTheVerdict() {
    FakeModelServer server = new FakeModelServer();
    server.down = true;
    TwoQueueScheduler scheduler =
        time.scheduler()
            .residencyProbe(server)
            .workingSetPredictor(
                (task, residency) -> {
                  throw new IllegalStateException("no metadata");
                })
            .gate(
                request -> {
                  throw new IllegalStateException("no counters");
                })
            .build();
    Preview preview = preview(scheduler, Tasks.oracle("oracle", "A", task -> "done"));
    Verdict.Hold hold = assertInstanceOf(Verdict.Hold.class, preview.verdict());
    assertTrue(hold.reason().contains("no metadata"), hold.reason());
    assertTrue(hold.reason().contains("no counters"), hold.reason());
    assertFalse(preview.wouldStartNow());
  }

  @Test
  void whatRunsIsWarnedOf() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.submit(Tasks.local("sweep", time, Duration.ofSeconds(5)));
    scheduler.submit(Tasks.local("next"));
    time.run();
    Preview local = preview(scheduler, Tasks.local("pull"));
    assertEquals(1, local.ahead());
    assertEquals(WaitReason.Cause.SLOT_TAKEN, local.waitsFor().orElseThrow().cause());
    assertEquals(
        "started by hand now, it would be the second local-heavy task", local.warnings().get(0));
    Preview fleet = preview(scheduler, Tasks.fleet("agent"));
    assertEquals(WaitReason.Cause.OTHER_CLASS, fleet.waitsFor().orElseThrow().cause());
    assertEquals(
        "started by hand now, it would mix the classes: a local-heavy task occupies",
        fleet.warnings().get(0));
  }

  @Test
  void theFleetsGatesAreAskedForAFleetTask() {
    TwoQueueScheduler scheduler =
        time.scheduler()
            .gate(this::remember)
            .fleetGate(request -> Verdict.hold("a foreign pull runs", Duration.ofSeconds(3)))
            .build();
    Preview preview = preview(scheduler, Tasks.fleet("agent"));
    assertEquals("a foreign pull runs", preview.waitsFor().orElseThrow().text());
    assertEquals(List.of(), looks);
    assertEquals(0, scheduler.snapshot().fleet().queued());
  }

  @Test
  void aPausedClassIsWhyItWouldWait() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.pause(TaskClass.FLEET);
    Preview preview = preview(scheduler, Tasks.fleet("agent"));
    assertEquals(WaitReason.Cause.PAUSED, preview.waitsFor().orElseThrow().cause());
    assertTrue(preview(scheduler, Tasks.local("sweep")).wouldStartNow());
  }
}
