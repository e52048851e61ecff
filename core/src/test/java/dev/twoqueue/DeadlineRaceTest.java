package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deadline against what it is the deadline of (I7), on real threads. */
@Timeout(300)
class DeadlineRaceTest {
  private static final int FLEET_LIMIT = 2;
  private static final Duration LIMIT = Duration.ofMillis(1);

  private final TurnedClock clock = new TurnedClock();
  private final Ends ends = new Ends(Duel.ROUNDS + 100);

  private SchedulerBuilder builder() {
    return TwoQueueScheduler.builder()
        .fleetLimit(FLEET_LIMIT)
        .listener(ends)
        .eventBuffer(Integer.MAX_VALUE);
  }

  @Test
  void startWithinAgainstTheStart() throws InterruptedException {
    TwoQueueScheduler scheduler = builder().clock(clock).build();
    try (Duel duel = new Duel("a start against its deadline")) {
      while (duel.goesOn(Duel.ROUNDS)) {
        boolean fleet = duel.round() % 2 == 0;
        TaskClass taskClass = fleet ? TaskClass.FLEET : TaskClass.LOCAL_HEAVY;
        AtomicInteger runs = new AtomicInteger();
        TaskBody<Integer> body = task -> runs.incrementAndGet();
        scheduler.pause(taskClass);
        TaskHandle<Integer> raced =
            fleet
                ? scheduler.submit(Tasks.fleet("raced", body).withStartWithin(LIMIT))
                : scheduler.submit(
                    LocalHeavyTask.builder(LocalKind.OTHER, "raced", body)
                        .startWithin(LIMIT)
                        .build());
        duel.meet(
            () -> scheduler.resume(taskClass),
            () -> clock.pass(LIMIT),
            () -> Tasks.awaitEnd(raced));
        Outcome<Integer> outcome = Tasks.awaitEnd(raced);
        boolean ran = runs.get() == 1;
        assertEquals(
            ran
                ? new Outcome.Succeeded<>(1)
                : new Outcome.TimedOut<>(Outcome.Deadline.START_WITHIN, LIMIT),
            outcome);
        duel.won(ran);
      }
      finish(scheduler, duel);
    }
  }

  @Test
  void runTimeoutAgainstTheEnd() throws InterruptedException {
    TwoQueueScheduler scheduler = builder().clock(clock).build();
    try (Duel duel = new Duel("an end against its run timeout")) {
      while (duel.goesOn(Duel.ROUNDS)) {
        CompletableFuture<String> work = new CompletableFuture<>();
        AtomicInteger told = new AtomicInteger();
        AsyncTaskBody<String> body =
            task -> {
              task.cancellation().onCancel(told::incrementAndGet);
              return work;
            };
        TaskHandle<String> raced =
            duel.round() % 2 == 0
                ? scheduler.submit(FleetTask.async("raced", body).withRunTimeout(LIMIT))
                : scheduler.submit(
                    LocalHeavyTask.asyncBuilder(LocalKind.OTHER, "raced", body)
                        .runTimeout(LIMIT)
                        .build());
        duel.meet(
            () -> work.complete("done"), () -> clock.pass(LIMIT), () -> Tasks.awaitEnd(raced));
        Outcome<String> outcome = Tasks.awaitEnd(raced);
        boolean inTime = outcome instanceof Outcome.Succeeded;
        assertEquals(
            inTime
                ? new Outcome.Succeeded<>("done")
                : new Outcome.TimedOut<>(Outcome.Deadline.RUN_TIMEOUT, LIMIT),
            outcome);
        assertFalse(inTime && told.get() > 0, "told, although it had ended in time");
        duel.won(inTime);
      }
      finish(scheduler, duel);
    }
  }

  @Test
  void aTimedGetAgainstTheEnd() throws InterruptedException {
    TwoQueueScheduler scheduler = builder().build();
    try (Duel duel = new Duel("an end against the timeout of a get")) {
      while (duel.goesOn(Duel.ROUNDS / 2)) {
        timedGet(scheduler, duel);
      }
      finish(scheduler, duel);
    }
  }

  @Test
  void aTimedGetInABodyAgainstTheEnd() throws InterruptedException {
    TwoQueueScheduler scheduler = builder().build();
    TaskHandle<Duel> asking =
        scheduler.submit(
            Tasks.fleet(
                "asking",
                task -> {
                  try (Duel duel = new Duel("an end against the timeout of a get in a body")) {
                    while (duel.goesOn(Duel.ROUNDS / 2)) {
                      timedGet(scheduler, duel);
                    }
                    return duel;
                  }
                }));
    Duel duel = asking.join();
    duel.assertBothWon();
    Slots.assertAllThere(scheduler, FLEET_LIMIT);
    scheduler.close();
    ends.assertOneEach(1 + duel.round() + FLEET_LIMIT + Slots.EXTRA_TASKS);
  }

  /** This side ends the task, the other one waits for no time or for a little. */
  private static void timedGet(TwoQueueScheduler scheduler, Duel duel) {
    CompletableFuture<String> work = new CompletableFuture<>();
    TaskHandle<String> raced = scheduler.submit(FleetTask.async("raced", task -> work));
    Duration patience = Duration.ofNanos(duel.round() % 4 * 5_000L);
    AtomicBoolean inTime = new AtomicBoolean();
    duel.meet(
        () -> work.complete("done"),
        () -> inTime.set(endedWithin(raced, patience)),
        () -> Tasks.awaitEnd(raced));
    assertEquals("done", Tasks.result(raced), "a timeout of a wait changes nothing");
    assertTrue(endedWithin(raced, Duration.ZERO));
    duel.won(inTime.get());
  }

  private static boolean endedWithin(TaskHandle<String> handle, Duration patience) {
    try {
      return handle.get(patience).equals("done");
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
  }

  private void finish(TwoQueueScheduler scheduler, Duel duel) throws InterruptedException {
    duel.assertBothWon();
    // A body whose handle was timed out ends after it.
    Eventually.soon("the end of the last body", () -> nothingRuns(scheduler.snapshot()));
    Slots.assertAllThere(scheduler, FLEET_LIMIT);
    scheduler.close();
    ends.assertOneEach(duel.round() + FLEET_LIMIT + Slots.EXTRA_TASKS);
  }

  private static boolean nothingRuns(SchedulerSnapshot now) {
    return now.localHeavy().running().isEmpty() && now.fleet().running().isEmpty();
  }
}
