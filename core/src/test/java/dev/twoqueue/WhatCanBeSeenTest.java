package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Handles, snapshots, previews and events, in manual time. */
class WhatCanBeSeenTest {
  private final ManualTime time = new ManualTime();

  private static String cause(TaskHandle<?> handle) {
    return handle.waitsFor().map(reason -> reason.cause().name()).orElse("none");
  }

  @Test
  void aHandleSaysWhereItIsAndWhyItWaits() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    TaskHandle<String> first = scheduler.submit(Tasks.local("first", time, Duration.ofMinutes(1)));
    TaskHandle<String> second =
        scheduler.submit(Tasks.local("second", time, Duration.ofMinutes(1)));
    TaskHandle<String> call = scheduler.submit(Tasks.fleet("call", time, Duration.ofMinutes(1)));
    time.run();

    assertEquals(TaskState.RUNNING, first.state());
    assertEquals(OptionalInt.empty(), first.position());
    assertEquals("none", cause(first));
    assertEquals(TaskState.QUEUED, second.state());
    assertEquals(OptionalInt.of(0), second.position());
    assertEquals("SLOT_TAKEN", cause(second));
    assertEquals("OTHER_CLASS", cause(call));

    scheduler.pause(TaskClass.FLEET);
    assertEquals("PAUSED", cause(call));
    scheduler.resume(TaskClass.FLEET);
    time.seconds(60);
    assertEquals("first", Tasks.ended(first));
    assertEquals("none", cause(first));
    assertEquals(Optional.of(new Outcome.Succeeded<>("first")), first.outcome());
  }

  @Test
  void theSnapshotShowsQueuesTurnsAndWhatNobodyLooksAt() {
    TwoQueueScheduler scheduler = time.scheduler().overrideFleetLimit(7, "a big machine").build();
    scheduler.submit(Tasks.local("runs", time, Duration.ofMinutes(1)));
    scheduler.submit(Tasks.oracle("waits", "a", task -> "answer"));
    scheduler.submit(Tasks.fleet("call"));
    time.seconds(10);

    SchedulerSnapshot seen = scheduler.snapshot();
    assertEquals(List.of("runs"), names(seen.localHeavy().running()));
    assertEquals(List.of("waits"), names(seen.localHeavy().next()));
    assertEquals(List.of("call"), names(seen.fleet().next()));
    assertEquals(Duration.ofSeconds(10), seen.localHeavy().running().get(0).age());
    assertEquals(Duration.ofSeconds(10), seen.longestWaits().get("a"));
    assertEquals(Optional.of(TaskClass.LOCAL_HEAVY), seen.turn());
    assertFalse(seen.fleetDoorOpen());
    assertEquals(7, seen.fleetLimit());
    assertEquals(Optional.of("a big machine"), seen.fleetLimitOverride());
    assertInstanceOf(Residency.Unknown.class, seen.residency());
    String missing = String.join("\n", seen.notLookedAt());
    for (String what : List.of("no gate", "no working-set predictor", "no watch", "no probe")) {
      assertTrue(missing.contains(what), missing);
    }
  }

  private static List<String> names(List<SchedulerSnapshot.TaskView> tasks) {
    return tasks.stream().map(task -> task.task().name()).toList();
  }

  @Test
  void progressIsTheLastReport() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    TaskHandle<String> handle =
        scheduler.submit(
            LocalHeavyTask.asyncBuilder(
                    LocalKind.PULL,
                    "pull",
                    task -> {
                      task.progress(new Progress(1, 4, "first"));
                      task.progress(new Progress(2, 4, "second"));
                      return time.after(Duration.ofSeconds(1), "done");
                    })
                .build());
    assertEquals(Progress.NONE, handle.progress());
    time.run();
    assertEquals(new Progress(2, 4, "second"), handle.progress());
    assertEquals(
        new Progress(2, 4, "second"),
        scheduler.snapshot().localHeavy().running().get(0).progress());
  }

  @Test
  void theFutureFollowsTheTaskAndItsCancelReachesIt() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    CompletableFuture<String> ended = scheduler.submit(Tasks.fleet("call")).toCompletableFuture();
    TaskHandle<String> held = scheduler.submit(Tasks.fleet("held", time, Duration.ofHours(1)));
    CompletableFuture<String> view = held.toCompletableFuture();
    time.run();
    assertEquals("call", ended.join());

    scheduler.pause(TaskClass.FLEET);
    TaskHandle<String> queued = scheduler.submit(Tasks.fleet("queued"));
    assertTrue(queued.toCompletableFuture().cancel(true));
    time.run();
    assertEquals(TaskState.CANCELLED, queued.state());

    TaskHandle<String> other = scheduler.submit(Tasks.fleet("other"));
    CompletableFuture<String> cancelled = other.toCompletableFuture();
    other.cancel("not wanted");
    time.run();
    assertTrue(cancelled.isCancelled());
    // Not by join(): from Java 23 on it wraps the exception once more.
    Throwable why = cancelled.handle((value, thrown) -> thrown).join();
    assertInstanceOf(CancellationException.class, why);
    assertInstanceOf(TaskCancelledException.class, why.getCause());
    assertFalse(view.isDone());
    assertThrows(TimeoutException.class, () -> held.get(Duration.ZERO));
  }

  @Test
  void aPreviewAnswersWithoutSubmitting() {
    MemoryForecast forecast =
        new MemoryForecast(
            WorkingSet.exactly("weights", 90L << 30),
            new MemoryBudget(
                72L << 30,
                60L << 30,
                0,
                List.of(new MemoryPart("margin", 2L << 30)),
                "a made-up machine"));
    Verdict[] says = {Verdict.proceed("all well")};
    int[] leases = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .gate(request -> says[0])
            .workingSetPredictor((task, residency) -> WorkingSet.exactly("all", 1))
            .build();
    LocalHeavyTask<String> task = Tasks.local("asked about");

    Preview preview = previewed(scheduler, task);
    assertTrue(preview.wouldStartNow(), preview::toString);
    assertTrue(preview.verdict() instanceof Verdict.Proceed p && p.saw().equals("all well"));

    says[0] = Verdict.proceed().withLease(() -> leases[0]++);
    previewed(scheduler, task);
    assertEquals(1, leases[0], "a preview keeps no lease");

    says[0] = Verdict.hold("the disk is full", Duration.ofSeconds(30));
    preview = previewed(scheduler, task);
    assertFalse(preview.wouldStartNow());
    assertEquals("the disk is full", preview.waitsFor().orElseThrow().text());

    says[0] = new Verdict.Refuse("too big", Optional.of(forecast));
    preview = previewed(scheduler, task);
    assertEquals(Optional.of(forecast), preview.forecast());
    assertEquals(0, scheduler.snapshot().localHeavy().queued(), "a preview submits nothing");

    scheduler.submit(Tasks.fleet("call", time, Duration.ofMinutes(1)));
    says[0] = Verdict.proceed();
    preview = previewed(scheduler, task);
    assertTrue(String.join("", preview.warnings()).contains("would mix the classes"));
    assertFalse(preview.wouldStartNow());
  }

  private Preview previewed(TwoQueueScheduler scheduler, ScheduledTask<?> task) {
    CompletableFuture<Preview> preview = scheduler.preview(task);
    time.run();
    assertTrue(preview.isDone());
    return preview.join();
  }

  @Test
  void aRefusalCarriesTheBudgetByPart() {
    MemoryForecast forecast =
        new MemoryForecast(
            new WorkingSet.Known(
                List.of(
                    new MemoryPart("weights", 40L << 30), new MemoryPart("KV cache", 40L << 30)),
                80L << 30,
                81L << 30,
                List.of("a context of 131072")),
            new MemoryBudget(
                72L << 30,
                60L << 30,
                5L << 30,
                List.of(new MemoryPart("margin", 2L << 30)),
                "a made-up machine"));
    assertFalse(forecast.fits());
    assertFalse(forecast.fitsAlone());
    assertEquals((65L - 2 - 81) << 30, forecast.headroomBytes());

    TwoQueueScheduler scheduler =
        time.scheduler()
            .gate(request -> new Verdict.Refuse("memory", Optional.of(forecast)))
            .build();
    TaskHandle<String> handle = scheduler.submit(Tasks.local("too big"));
    time.run();
    assertEquals(TaskState.REFUSED, handle.state());
    TaskRefusedException refused = assertThrows(TaskRefusedException.class, handle::join);
    String text = String.valueOf(refused.getMessage());
    for (String line :
        List.of(
            "needed                        81.00 GiB",
            "weights                     40.00 GiB",
            "uncertainty                  1.00 GiB",
            "free                          60.00 GiB",
            "given back by evictions        5.00 GiB",
            "reserved                       2.00 GiB",
            "over by                       18.00 GiB",
            "a made-up machine",
            "a context of 131072")) {
      assertTrue(text.contains(line), () -> line + " is not in\n" + text);
    }
    assertEquals(Optional.of(forecast), refused.forecast());
  }

  @Test
  void absurdSizesDoNotOverflowIntoAFit() {
    MemoryForecast forecast =
        new MemoryForecast(
            WorkingSet.exactly("all", Long.MAX_VALUE),
            new MemoryBudget(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                List.of(new MemoryPart("a", 1), new MemoryPart("b", Long.MAX_VALUE)),
                "absurd"));
    assertFalse(forecast.headroomBytes() > 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> new WorkingSet.Known(List.of(new MemoryPart("a", 5)), 6, 7, List.of()));
  }

  @Test
  void eventsTellATasksLifeInOrder() {
    List<SchedulerEvent> events = new ArrayList<>();
    TwoQueueScheduler scheduler =
        time.scheduler().gate(request -> Verdict.proceed()).listener(events::add).build();
    scheduler.submit(Tasks.local("local", time, Duration.ofSeconds(3)));
    time.seconds(3);
    scheduler.shutdown();
    time.run();
    assertEquals(
        "Submitted Door Looked Started SlotFreed Ended Door Shutdown",
        events.stream()
            .map(event -> event.getClass().getSimpleName())
            .collect(Collectors.joining(" ")));
    SchedulerEvent.SlotFreed freed =
        events.stream()
            .filter(SchedulerEvent.SlotFreed.class::isInstance)
            .map(SchedulerEvent.SlotFreed.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(Duration.ofSeconds(3), freed.ran());
    assertFalse(freed.overrun());
  }
}
