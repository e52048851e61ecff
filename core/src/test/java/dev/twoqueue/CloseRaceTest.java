package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The end of a scheduler against submits: each is either rejected or ends, and close returns only
 * after all have ended. Bodies run on a host's pool, since a hundred thousand schedulers with
 * threads of their own would test the machine.
 */
@Timeout(300)
class CloseRaceTest {
  private static final int SUBMITS = 3;

  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger ran = new AtomicInteger();
  private final List<TaskHandle<Long>> accepted = new ArrayList<>();
  private int rejected;

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    pool.shutdown();
    assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
  }

  private TwoQueueScheduler scheduler(Ends ends) {
    accepted.clear();
    rejected = 0;
    ran.set(0);
    return TwoQueueScheduler.builder()
        .executor(pool)
        .callbackExecutor(Runnable::run)
        .listener(ends)
        .fleetLimit(1)
        .build();
  }

  @Test
  void aCloseAgainstSubmits() {
    try (Duel duel = new Duel("submits against a close")) {
      while (duel.goesOn(Duel.ROUNDS)) {
        Ends ends = new Ends(SUBMITS);
        TwoQueueScheduler scheduler = scheduler(ends);
        AtomicInteger insideAfter = new AtomicInteger();
        duel.meet(
            () -> submitSome(scheduler),
            () -> {
              scheduler.close();
              insideAfter.set(inside.get());
            },
            () -> accepted.forEach(Tasks::awaitEnd));
        assertTrue(scheduler.isTerminated());
        assertEquals(0, insideAfter.get(), "close returned while a body ran");
        for (TaskHandle<Long> handle : accepted) {
          assertEquals(new Outcome.Succeeded<>(handle.id()), handle.outcome().orElseThrow());
        }
        assertEquals(accepted.size(), ran.get());
        assertEquals(SUBMITS, accepted.size() + rejected);
        ends.assertOneEach(accepted.size());
        duel.won(rejected == 0);
      }
      duel.assertBothWon();
    }
  }

  @Test
  void aShutdownNowAgainstSubmits() {
    try (Duel duel = new Duel("submits against a shutdownNow")) {
      while (duel.goesOn(Duel.ROUNDS / 2)) {
        Ends ends = new Ends(SUBMITS);
        TwoQueueScheduler scheduler = scheduler(ends);
        List<ScheduledTask<?>> neverRan = new ArrayList<>();
        duel.meet(
            () -> submitSome(scheduler),
            () -> neverRan.addAll(scheduler.shutdownNow("over")),
            () -> accepted.forEach(Tasks::awaitEnd));
        scheduler.close();
        int cancelled = 0;
        for (TaskHandle<Long> handle : accepted) {
          Outcome<Long> outcome = handle.outcome().orElseThrow();
          if (!outcome.equals(new Outcome.Succeeded<>(handle.id()))) {
            assertEquals(new Outcome.Cancelled<>("over"), outcome);
            cancelled++;
          }
        }
        assertTrue(neverRan.size() <= cancelled, "what never ran was cancelled");
        assertTrue(ran.get() <= accepted.size() - neverRan.size(), "what never ran did not run");
        assertEquals(SUBMITS, accepted.size() + rejected);
        ends.assertOneEach(accepted.size());
        duel.won(rejected == 0);
      }
      duel.assertBothWon();
    }
  }

  private void submitSome(TwoQueueScheduler scheduler) {
    TaskBody<Long> body =
        task -> {
          inside.incrementAndGet();
          ran.incrementAndGet();
          inside.decrementAndGet();
          return task.id();
        };
    for (int i = 0; i < SUBMITS; i++) {
      try {
        accepted.add(
            i % 2 == 0
                ? scheduler.submit(Tasks.fleet("agent", body))
                : scheduler.submit(Tasks.local("sweep", body)));
      } catch (TaskRejectedException shutDown) {
        assertTrue(shutDown.what().contains("shut down"), shutDown.what());
        rejected++;
      }
    }
  }
}
