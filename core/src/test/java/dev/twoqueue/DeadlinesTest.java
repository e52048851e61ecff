package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The two deadlines of a task, in manual time. */
class DeadlinesTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final ManualTime time = new ManualTime();
  private final List<SchedulerEvent> events = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();

  private LocalHeavyTask<String> impatient(String name) {
    return LocalHeavyTask.builder(
            LocalKind.OTHER,
            name,
            task -> {
              ran.add(name);
              return name;
            })
        .startWithin(LIMIT)
        .build();
  }

  private static void assertTimedOut(TaskHandle<?> handle, Outcome.Deadline deadline) {
    assertEquals(TaskState.TIMED_OUT, handle.state());
    assertEquals(new Outcome.TimedOut<>(deadline, LIMIT), handle.outcome().orElseThrow());
    TaskTimeoutException thrown =
        assertThrows(TaskTimeoutException.class, () -> Tasks.ended(handle));
    assertEquals(deadline, thrown.deadline());
    assertEquals(LIMIT, thrown.limit());
  }

  @Test
  void aTaskThatDidNotStartInTimeNeverRuns() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.submit(Tasks.local("ahead", time, Duration.ofSeconds(60)));
    TaskHandle<String> late = scheduler.submit(impatient("late"));
    time.pass(LIMIT.minusMillis(1));
    assertEquals(TaskState.QUEUED, late.state());
    time.pass(Duration.ofMillis(1));
    assertTimedOut(late, Outcome.Deadline.START_WITHIN);
    time.seconds(60);
    assertEquals(List.of(), ran);
    assertFalse(late.cancel("too late to cancel"));
    assertFalse(time.timerArmed(), "nothing waits any more");
  }

  @Test
  void theWaitOfAHeldTaskCounts() {
    TwoQueueScheduler scheduler =
        time.scheduler().gate(r -> Verdict.hold("busy", Duration.ofSeconds(60))).build();
    TaskHandle<String> held = scheduler.submit(impatient("held"));
    time.pass(LIMIT);
    assertTimedOut(held, Outcome.Deadline.START_WITHIN);
    assertEquals(0, scheduler.snapshot().localHeavy().held());
    time.seconds(120);
    assertEquals(List.of(), ran);
  }

  @Test
  void aTaskThatIsBeingLookedAtTimesOutAndALateVerdictStartsNothing() {
    List<Runnable> looks = new ArrayList<>();
    int[] closed = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .callbackExecutor(looks::add)
            .gate(r -> Verdict.proceed().withLease(() -> closed[0]++))
            .lookTimeout(Duration.ofSeconds(60))
            .build();
    TaskHandle<String> slow = scheduler.submit(impatient("slow"));
    assertEquals(TaskState.STARTING, slow.state());
    time.pass(LIMIT);
    assertTimedOut(slow, Outcome.Deadline.START_WITHIN);
    for (int i = 0; i < looks.size(); i++) {
      looks.get(i).run(); // each may add more
    }
    time.run();
    assertEquals(List.of(), ran);
    assertEquals(0, closed[0], "a gate is not even asked for a task that is gone");
  }

  @Test
  void onceStartedTheFirstDeadlineIsOver() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    TaskHandle<String> handle =
        scheduler.submit(
            LocalHeavyTask.asyncBuilder(
                    LocalKind.OTHER, "long", t -> time.after(Duration.ofSeconds(60), "done"))
                .startWithin(LIMIT)
                .build());
    time.seconds(60);
    assertEquals("done", Tasks.ended(handle));
  }

  @Test
  void atARunTimeoutTheHandleEndsAtOnceAndTheSlotWhenTheBodyHas() {
    TwoQueueScheduler scheduler = time.scheduler().listener(events::add).build();
    CompletableFuture<String> work = new CompletableFuture<>();
    List<String> told = new ArrayList<>();
    TaskHandle<String> overrun =
        scheduler.submit(
            LocalHeavyTask.<String>asyncBuilder(
                    LocalKind.OTHER,
                    "overrun",
                    task -> {
                      task.cancellation()
                          .onCancel(() -> told.add(task.cancellation().reason().orElseThrow()));
                      return work;
                    })
                .runTimeout(LIMIT)
                .build());
    TaskHandle<String> next = scheduler.submit(Tasks.local("next"));
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.pass(LIMIT);
    assertTimedOut(overrun, Outcome.Deadline.RUN_TIMEOUT);
    assertEquals(List.of("ran longer than PT5S"), told);
    assertFalse(work.isDone(), "its stage is not cancelled: that would say nothing of its work");
    time.seconds(40);
    assertEquals(TaskState.QUEUED, next.state());
    assertEquals(TaskState.QUEUED, agent.state());
    SchedulerSnapshot.TaskView view = scheduler.snapshot().localHeavy().running().get(0);
    assertTrue(view.overrun());
    assertEquals(Duration.ofSeconds(45), view.age());
    assertTrue(work.complete("too late"));
    time.run();
    assertEquals("next", Tasks.ended(next));
    assertEquals("agent", Tasks.ended(agent));
    assertTimedOut(overrun, Outcome.Deadline.RUN_TIMEOUT);
    assertTrue(
        events.stream()
            .anyMatch(
                e ->
                    e instanceof SchedulerEvent.SlotFreed freed
                        && freed.id() == overrun.id()
                        && freed.overrun()
                        && freed.ran().equals(Duration.ofSeconds(45))));
  }

  @Test
  void aTimeoutOfAYearOrAThousandNeverComes() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    FleetTask<String> patient =
        Tasks.fleet("patient", time, Duration.ofDays(300))
            .withStartWithin(Duration.ofSeconds(Long.MAX_VALUE))
            .withRunTimeout(Duration.ofSeconds(Long.MAX_VALUE));
    TaskHandle<String> handle = scheduler.submit(patient);
    time.pass(Duration.ofDays(300));
    assertEquals("patient", Tasks.ended(handle));
  }
}
