package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose turn it is, for how long, and when the fleet's door closes (I6), in manual time. */
class TurnsTest {
  private static final Duration BUDGET = Duration.ofSeconds(30);

  private final ManualTime time = new ManualTime();
  private final List<SchedulerEvent.Door> doors = new ArrayList<>();

  private SchedulerBuilder builder() {
    return time.scheduler()
        .listener(
            event -> {
              if (event instanceof SchedulerEvent.Door door) {
                doors.add(door);
              }
            });
  }

  private Duration startOf(TaskHandle<?> handle, Duration patience) {
    Duration step = Duration.ofMillis(100);
    Duration end = time.elapsed().plus(patience);
    time.run();
    while (handle.state() == TaskState.QUEUED || handle.state() == TaskState.STARTING) {
      assertTrue(time.elapsed().compareTo(end) < 0, "not started within " + patience);
      time.pass(step);
    }
    return time.elapsed();
  }

  private void fleetTasks(TwoQueueScheduler scheduler, int count, Duration each) {
    for (int i = 0; i < count; i++) {
      scheduler.submit(Tasks.fleet("agent " + i, time, each));
    }
    time.run();
  }

  @Test
  void aLocalTaskWaitsAtMostForTheFleetsBudgetAndItsRunningBodies() {
    TwoQueueScheduler scheduler = builder().build();
    fleetTasks(scheduler, 1_000, Duration.ofSeconds(4));
    time.seconds(1);
    TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
    assertEquals(Duration.ofSeconds(32), startOf(oracle, Duration.ofSeconds(60)));
    // The last fleet tasks started at 28 s, within the 30 s, and ended at 32 s.
    assertEquals("oracle", Tasks.ended(oracle));
    time.seconds(1);
    assertEquals(5, scheduler.snapshot().fleet().running().size(), "then the fleet goes on");
  }

  @Test
  void aFleetTaskWaitsAtMostForTheLocalBudgetAndTheRunningBody() {
    TwoQueueScheduler scheduler = builder().build();
    for (int i = 0; i < 100; i++) {
      scheduler.submit(Tasks.local("sweep " + i, time, Duration.ofSeconds(7)));
    }
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent", time, Duration.ofSeconds(1)));
    assertEquals(Duration.ofSeconds(35), startOf(agent, Duration.ofSeconds(60)));
  }

  @Test
  void withoutTheOtherClassATurnHasNoEnd() {
    TwoQueueScheduler scheduler = builder().fleetLimit(1).build();
    fleetTasks(scheduler, 100, Duration.ofSeconds(1));
    time.seconds(80);
    assertEquals(19, scheduler.snapshot().fleet().queued());
    assertEquals(List.of(), doors);
  }

  @Test
  void behindTheClosedDoorNoFleetTaskStarts() {
    TwoQueueScheduler scheduler = builder().fleetLimit(2).build();
    fleetTasks(scheduler, 2, Duration.ofSeconds(50));
    TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle", time, BUDGET));
    assertFalse(
        scheduler.snapshot().fleetDoorOpen(), "no fleet task waits: the door closes at once");
    scheduler.overrideFleetLimit(10, "to show that the limit is not what keeps it");
    TaskHandle<String> late = scheduler.submit(Tasks.fleet("late"));
    time.seconds(49);
    assertEquals(TaskState.QUEUED, late.state());
    WaitReason why = late.waitsFor().orElseThrow();
    assertEquals(WaitReason.Cause.OTHER_CLASS, why.cause());
    assertTrue(why.text().contains("door is closed"), why.text());
    time.seconds(1);
    assertEquals(TaskState.RUNNING, oracle.state());
    assertTrue(late.waitsFor().orElseThrow().text().contains("'oracle' occupies"));
    time.pass(BUDGET);
    assertEquals("late", Tasks.ended(late));
    assertEquals(List.of(false, true), doors.stream().map(SchedulerEvent.Door::open).toList());
  }

  @Test
  void aHoldAtTheFinalLookOpensTheDoorAndBacksOff() {
    boolean[] hold = {true};
    TwoQueueScheduler scheduler =
        builder()
            .gate(
                request ->
                    hold[0] && request.stage() == GateRequest.Stage.FINAL
                        ? Verdict.hold("the last moment", Duration.ofMillis(1))
                        : Verdict.proceed())
            .build();
    scheduler.submit(Tasks.fleet("first", time, Duration.ofMillis(500)));
    time.run();
    TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
    List<Duration> keptOpen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      time.pass(Duration.ofMillis(500)); // the fleet ends, the final look holds, the door opens
      assertTrue(scheduler.snapshot().fleetDoorOpen());
      Duration opened = time.elapsed();
      TaskHandle<String> agent =
          scheduler.submit(Tasks.fleet("agent " + i, time, Duration.ofSeconds(20)));
      time.run();
      assertEquals(TaskState.RUNNING, agent.state(), "the fleet may start again");
      while (scheduler.snapshot().fleetDoorOpen()) {
        assertTrue(time.elapsed().minus(opened).compareTo(BUDGET) < 0, "the door never closes");
        time.pass(Duration.ofMillis(100));
      }
      keptOpen.add(time.elapsed().minus(opened));
      time.pass(Duration.ofSeconds(20).minus(time.elapsed().minus(opened)).minusMillis(500));
    }
    assertEquals(List.of(1L, 2L, 4L, 8L), keptOpen.stream().map(Duration::toSeconds).toList());
    hold[0] = false;
    time.pass(Duration.ofMillis(500));
    assertEquals("oracle", Tasks.ended(oracle));
  }

  @Test
  void aHoldBeforeTheFleetIsEmptiedClosesNoDoor() {
    TwoQueueScheduler scheduler =
        builder().gate(request -> Verdict.hold("busy", Duration.ofSeconds(3))).build();
    fleetTasks(scheduler, 1, Duration.ofSeconds(20));
    TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
    time.seconds(19);
    assertEquals(List.of(), doors, "the early look avoids emptying the fleet for nothing");
    assertEquals("busy", oracle.waitsFor().orElseThrow().text());
  }

  @Test
  void aPausedClassClosesNoDoor() {
    TwoQueueScheduler scheduler = builder().fleetLimit(1).build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
    fleetTasks(scheduler, 100, Duration.ofSeconds(1));
    time.seconds(60);
    assertEquals(39, scheduler.snapshot().fleet().queued(), "the fleet goes on past its budget");
    assertEquals(List.of(), doors);
    assertEquals(WaitReason.Cause.PAUSED, oracle.waitsFor().orElseThrow().cause());
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    time.seconds(2);
    assertEquals("oracle", Tasks.ended(oracle), "the fleet's turn had used its budget");
  }

  @Test
  void aPausedFleetLeavesTheLocalTasksTheirTurn() {
    TwoQueueScheduler scheduler = builder().build();
    scheduler.pause(TaskClass.FLEET);
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    for (int i = 0; i < 10; i++) {
      scheduler.submit(Tasks.local("sweep " + i, time, Duration.ofSeconds(7)));
    }
    time.seconds(70);
    assertEquals(0, scheduler.snapshot().localHeavy().queued());
    assertEquals(TaskState.QUEUED, agent.state());
    scheduler.resume(TaskClass.FLEET);
    time.run();
    assertEquals("agent", Tasks.ended(agent));
  }

  @Test
  void aDoorThatClosedForATaskThatIsPausedOpensAgain() {
    TwoQueueScheduler scheduler = builder().build();
    fleetTasks(scheduler, 1, Duration.ofSeconds(20));
    scheduler.submit(Tasks.local("oracle"));
    assertFalse(scheduler.snapshot().fleetDoorOpen());
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    assertTrue(scheduler.snapshot().fleetDoorOpen());
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.run();
    assertEquals("agent", Tasks.ended(agent));
  }

  @Test
  void aHeldTaskDoesNotBlockOthers() {
    TwoQueueScheduler scheduler =
        builder()
            .gate(
                request ->
                    request.task().name().equals("too big now")
                        ? Verdict.hold("does not fit now", Duration.ofSeconds(10))
                        : Verdict.proceed())
            .build();
    TaskHandle<String> big = scheduler.submit(Tasks.local("too big now"));
    TaskHandle<String> small = scheduler.submit(Tasks.local("small"));
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.run();
    assertEquals("small", Tasks.ended(small));
    assertEquals("agent", Tasks.ended(agent));
    WaitReason why = big.waitsFor().orElseThrow();
    assertEquals("does not fit now", why.text());
    assertEquals(Duration.ofSeconds(10), why.lookAgainIn().orElseThrow());
    assertEquals(1, scheduler.snapshot().localHeavy().held());
  }

  @Test
  void aHoldThatIsShorterThanALookDoesNotKeepOthersOut() {
    FakeModelServer server = new FakeModelServer();
    TwoQueueScheduler scheduler =
        builder()
            .callbackExecutor(work -> time.schedule(Duration.ofSeconds(2), work)) // slow looks
            .residencyProbe(server)
            .gate(
                request ->
                    request.task().name().equals("held again and again")
                        ? Verdict.hold("not yet", Duration.ofSeconds(1))
                        : Verdict.proceed())
            .build();
    scheduler.submit(Tasks.local("held again and again"));
    TaskHandle<String> other = scheduler.submit(Tasks.local("other"));
    time.seconds(30);
    assertEquals("other", Tasks.ended(other));
  }

  @Test
  void aHoldThatIsShorterThanTheFleetsEndDoesNotKeepOthersOut() {
    TwoQueueScheduler scheduler =
        builder()
            .gate(
                request ->
                    request.task().name().equals("held again and again")
                        ? Verdict.hold("not yet", Duration.ofSeconds(1))
                        : Verdict.proceed())
            .build();
    fleetTasks(scheduler, 1_000, Duration.ofSeconds(4));
    scheduler.submit(Tasks.local("held again and again"));
    TaskHandle<String> other = scheduler.submit(Tasks.local("other"));
    time.seconds(35);
    assertEquals("other", Tasks.ended(other));
  }

  @Test
  void aHoldOfTheClassBlocksAllLocalTasksButNotTheFleet() {
    int[] looks = {0};
    boolean[] busy = {true};
    TwoQueueScheduler scheduler =
        builder()
            .gate(
                request -> {
                  looks[0]++;
                  return busy[0]
                      ? Verdict.holdClass("load 11.2", Duration.ofSeconds(10))
                      : Verdict.proceed();
                })
            .build();
    TaskHandle<String> first = scheduler.submit(Tasks.local("first"));
    TaskHandle<String> second = scheduler.submit(Tasks.local("second"));
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.seconds(9);
    assertEquals("agent", Tasks.ended(agent));
    assertEquals(1, looks[0], "one hold stands for the whole class");
    for (TaskHandle<String> held : List.of(first, second)) {
      assertEquals("load 11.2", held.waitsFor().orElseThrow().text());
    }
    assertEquals("load 11.2", scheduler.snapshot().localHeavy().classHold().orElseThrow().text());
    busy[0] = false;
    time.seconds(1);
    assertEquals("first", Tasks.ended(first));
    assertEquals("second", Tasks.ended(second));
  }

  @Test
  void aTurnPolicyOfTheHostDecides() {
    TwoQueueScheduler scheduler =
        builder().fleetLimit(1).turnPolicy(TurnPolicy.budget(Duration.ZERO, Duration.ZERO)).build();
    List<String> order = new ArrayList<>();
    fleetTasks(scheduler, 1, Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      String number = " " + i;
      scheduler.submit(Tasks.local("local", task -> order.add("local" + number)));
      scheduler.submit(Tasks.fleet("fleet", task -> order.add("fleet" + number)));
    }
    time.seconds(2);
    assertEquals(List.of("local 0", "fleet 0", "local 1", "fleet 1", "local 2", "fleet 2"), order);
  }
}
