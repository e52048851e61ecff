package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A cancel against a start (I7, I8): a cancel that was confirmed ends the task as cancelled, one
 * that was not came after its end; the body runs once or not at all, and the slot is never lost.
 */
@Timeout(300)
class CancelRaceTest {
  private static final int FLEET_LIMIT = 2;

  private final Ends ends = new Ends(Duel.ROUNDS + 100);
  private int submitted;

  @Test
  void againstAResumeOnTheSchedulersOwnThreads() throws InterruptedException {
    againstAResume(TwoQueueScheduler.builder(), Duel.ROUNDS, "own threads");
  }

  @Test
  void againstAResumeOnAHostsPool() throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    againstAResume(TwoQueueScheduler.builder().executor(pool), Duel.ROUNDS / 2, "a host's pool");
    pool.shutdown();
    assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
  }

  private void againstAResume(SchedulerBuilder builder, int rounds, String where)
      throws InterruptedException {
    TwoQueueScheduler scheduler = built(builder);
    try (Duel duel = new Duel("a start against a cancel, " + where)) {
      while (duel.goesOn(rounds)) {
        TaskClass taskClass = duel.round() % 2 == 0 ? TaskClass.FLEET : TaskClass.LOCAL_HEAVY;
        scheduler.pause(taskClass);
        AtomicInteger runs = new AtomicInteger();
        TaskHandle<Long> raced = submit(scheduler, taskClass, runs);
        race(duel, () -> scheduler.resume(taskClass), raced, runs);
      }
      finish(scheduler, duel);
    }
  }

  @Test
  void againstTheEndOfTheTaskBefore() throws InterruptedException {
    TwoQueueScheduler scheduler = built(TwoQueueScheduler.builder());
    try (Duel duel = new Duel("a start after another's end against a cancel")) {
      while (duel.goesOn(Duel.ROUNDS / 2)) {
        // A local task is before a fleet task or after it: both slots change hands.
        TaskClass taskClass = duel.round() % 2 == 0 ? TaskClass.FLEET : TaskClass.LOCAL_HEAVY;
        CompletableFuture<String> before = new CompletableFuture<>();
        TaskHandle<String> ahead =
            taskClass == TaskClass.FLEET
                ? scheduler.submit(
                    LocalHeavyTask.asyncBuilder(LocalKind.OTHER, "ahead", t -> before).build())
                : scheduler.submit(FleetTask.async("ahead", t -> before));
        submitted++;
        AtomicInteger runs = new AtomicInteger();
        TaskHandle<Long> raced = submit(scheduler, taskClass, runs);
        race(duel, () -> before.complete("done"), raced, runs);
        assertEquals("done", Tasks.result(ahead));
      }
      finish(scheduler, duel);
    }
  }

  private TwoQueueScheduler built(SchedulerBuilder builder) {
    return builder.fleetLimit(FLEET_LIMIT).listener(ends).eventBuffer(Integer.MAX_VALUE).build();
  }

  private TaskHandle<Long> submit(
      TwoQueueScheduler scheduler, TaskClass taskClass, AtomicInteger runs) {
    submitted++;
    TaskBody<Long> body =
        task -> {
          runs.incrementAndGet();
          return task.id();
        };
    return taskClass == TaskClass.FLEET
        ? scheduler.submit(Tasks.fleet("raced", body))
        : scheduler.submit(Tasks.local("raced", body));
  }

  private static void race(Duel duel, Runnable start, TaskHandle<Long> raced, AtomicInteger runs) {
    AtomicBoolean confirmed = new AtomicBoolean();
    duel.meet(start, () -> confirmed.set(raced.cancel("raced")), () -> Tasks.awaitEnd(raced));
    Outcome<Long> outcome = Tasks.awaitEnd(raced);
    int ran = runs.get();
    if (confirmed.get()) {
      assertEquals(new Outcome.Cancelled<>("raced"), outcome);
      assertTrue(ran <= 1, "it ran " + ran + " times");
    } else {
      assertEquals(new Outcome.Succeeded<>(raced.id()), outcome);
      assertEquals(1, ran);
    }
    assertEquals(confirmed.get() ? TaskState.CANCELLED : TaskState.SUCCEEDED, raced.state());
    duel.won(ran > 0);
  }

  private void finish(TwoQueueScheduler scheduler, Duel duel) throws InterruptedException {
    duel.assertBothWon();
    Slots.assertAllThere(scheduler, FLEET_LIMIT);
    scheduler.close();
    ends.assertOneEach(submitted + FLEET_LIMIT + Slots.EXTRA_TASKS);
  }
}
