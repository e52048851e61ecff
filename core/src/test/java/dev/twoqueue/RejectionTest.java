package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is not accepted, and the limits of the fleet, in manual time. */
class RejectionTest {
  private final ManualTime time = new ManualTime();

  private static void assertMessage(TaskRejectedException rejected, String... parts) {
    String message = String.valueOf(rejected.getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aFullQueueSaysWhichBoundAndHowLongItIs() {
    TwoQueueScheduler scheduler = time.scheduler().localQueueLimit(2).fleetQueueLimit(3).build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    scheduler.pause(TaskClass.FLEET);
    TaskHandle<String> local = scheduler.submit(Tasks.local("local"));
    scheduler.submit(Tasks.local("local"));
    for (int i = 0; i < 3; i++) {
      scheduler.submit(Tasks.fleet("fleet"));
    }
    TaskRejectedException noLocal =
        assertThrows(TaskRejectedException.class, () -> scheduler.submit(Tasks.local("third")));
    assertMessage(noLocal, "local-heavy queue is full", "2 tasks wait", "bound is 2", "'third'");
    TaskRejectedException noFleet =
        assertThrows(TaskRejectedException.class, () -> scheduler.submit(Tasks.fleet("fourth")));
    assertMessage(noFleet, "fleet queue is full", "3 tasks wait", "bound is 3", "'fourth'");
    assertTrue(local.cancel("makes room"));
    assertEquals(TaskState.QUEUED, scheduler.submit(Tasks.local("third")).state());
    assertEquals(2, scheduler.snapshot().localHeavy().queued());
    assertEquals(3, scheduler.snapshot().fleet().queueLimit());
  }

  @Test
  void whatIsHeldCountsAndWhatRunsDoesNot() {
    TwoQueueScheduler scheduler =
        time.scheduler()
            .localQueueLimit(1)
            .gate(
                request ->
                    request.task().name().equals("held")
                        ? Verdict.hold("busy", Duration.ofSeconds(60))
                        : Verdict.proceed())
            .build();
    scheduler.submit(Tasks.local("runs", time, Duration.ofSeconds(5)));
    time.run();
    scheduler.submit(Tasks.local("held"));
    time.seconds(5);
    assertEquals(1, scheduler.snapshot().localHeavy().held());
    assertThrows(TaskRejectedException.class, () -> scheduler.submit(Tasks.local("more")));
  }

  @Test
  void afterAShutdownTheRejectionSaysSo() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.shutdown();
    assertMessage(
        assertThrows(TaskRejectedException.class, () -> scheduler.submit(Tasks.fleet("late"))),
        "shut down",
        "'late'");
    assertMessage(
        assertThrows(TaskRejectedException.class, () -> scheduler.submit(Tasks.local("late"))),
        "shut down");
  }

  @Test
  void theLimitIsWhatWasSetLastAndAnOverrideIsShown() {
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().overrideFleetLimit(9, "a batch window").build();
    assertLimit(scheduler, 9, "a batch window");
    scheduler.fleetLimit(2);
    assertLimit(scheduler, 2, null);
    scheduler.overrideFleetLimit(3, "asked for in writing");
    assertLimit(scheduler, 3, "asked for in writing");
    TwoQueueScheduler back =
        TwoQueueScheduler.builder().overrideFleetLimit(9, "a batch window").fleetLimit(5).build();
    assertLimit(back, 5, null);
    assertThrows(IllegalArgumentException.class, () -> scheduler.fleetLimit(6));
    assertLimit(scheduler, 3, "asked for in writing");
  }

  private static void assertLimit(
      TwoQueueScheduler scheduler, int limit, @org.jspecify.annotations.Nullable String reason) {
    SchedulerSnapshot snapshot = scheduler.snapshot();
    assertEquals(limit, snapshot.fleetLimit());
    assertEquals(Optional.ofNullable(reason), snapshot.fleetLimitOverride());
  }

  @Test
  void aLimitThatIsLoweredStartsNoneUntilFewerOccupy() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    for (int i = 0; i < 5; i++) {
      scheduler.submit(Tasks.fleet("agent " + i, time, Duration.ofSeconds(i + 1)));
    }
    TaskHandle<String> sixth = scheduler.submit(Tasks.fleet("sixth", time, Duration.ofSeconds(1)));
    time.run();
    scheduler.fleetLimit(2);
    assertEquals(5, scheduler.snapshot().fleet().running().size());
    time.seconds(3);
    assertEquals(2, scheduler.snapshot().fleet().running().size());
    assertEquals(TaskState.QUEUED, sixth.state());
    time.seconds(1);
    assertEquals(TaskState.RUNNING, sixth.state());
    scheduler.overrideFleetLimit(7, "a batch window");
    for (int i = 0; i < 9; i++) {
      scheduler.submit(Tasks.fleet("more " + i, time, Duration.ofSeconds(1)));
    }
    time.run();
    assertEquals(7, scheduler.snapshot().fleet().running().size());
  }
}
