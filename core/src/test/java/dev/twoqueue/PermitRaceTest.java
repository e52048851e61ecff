package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A grant from outside against what makes it unwanted: a grant counts only if it won (I7), and
 * every permit that was granted is given back once, whoever won.
 */
@Timeout(300)
class PermitRaceTest {
  /** Of each class and each reason. */
  private static final int ROUNDS = Duel.ROUNDS / 2;

  private static final int FLEET_LIMIT = 2;
  private static final Duration LIMIT = Duration.ofMillis(1);

  /** The questions of the scheduler that nobody has answered. */
  private final ConcurrentLinkedQueue<CompletableFuture<Lease>> asked =
      new ConcurrentLinkedQueue<>();

  private final AtomicInteger granted = new AtomicInteger();
  private final AtomicInteger givenBack = new AtomicInteger();
  private final TurnedClock clock = new TurnedClock();
  private final Ends ends = new Ends(ROUNDS + 100);
  private final AtomicBoolean grantAtOnce = new AtomicBoolean();
  private final TwoQueueScheduler scheduler =
      TwoQueueScheduler.builder()
          .fleetLimit(FLEET_LIMIT)
          .clock(clock)
          .outsidePermits((taskClass, name) -> permit())
          .listener(ends)
          .eventBuffer(Integer.MAX_VALUE)
          .build();

  private CompletableFuture<Lease> permit() {
    CompletableFuture<Lease> question = new CompletableFuture<>();
    if (grantAtOnce.get()) {
      grant(question);
    } else {
      asked.add(question);
    }
    return question;
  }

  private void grant(CompletableFuture<Lease> question) {
    if (question.complete(givenBack::incrementAndGet)) {
      granted.incrementAndGet();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGrantAgainstTheDeadline(TaskClass taskClass) throws InterruptedException {
    race(taskClass, "deadline", raced -> clock.pass(LIMIT));
  }

  @ParameterizedTest
  @EnumSource
  void aGrantAgainstACancel(TaskClass taskClass) throws InterruptedException {
    race(taskClass, "cancel", raced -> raced.cancel("no longer needed"));
  }

  /** A pause takes the question back; the task asks again when its class goes on. */
  @Test
  void aGrantAgainstAPause() throws InterruptedException {
    race(
        TaskClass.LOCAL_HEAVY,
        "pause",
        raced -> {
          scheduler.pause(TaskClass.LOCAL_HEAVY);
          raced.cancel("no longer needed");
          scheduler.resume(TaskClass.LOCAL_HEAVY);
        });
  }

  private interface Unwanted {
    void make(TaskHandle<?> raced);
  }

  private void race(TaskClass taskClass, String what, Unwanted unwanted)
      throws InterruptedException {
    try (Duel duel = new Duel("a grant to " + taskClass + " against a " + what)) {
      while (duel.goesOn(ROUNDS)) {
        AtomicInteger runs = new AtomicInteger();
        TaskHandle<Integer> raced = submit(taskClass, task -> runs.incrementAndGet());
        Eventually.soon("it asks for a permit", () -> !asked.isEmpty());
        CompletableFuture<Lease> question = asked.remove();
        duel.meet(() -> grant(question), () -> unwanted.make(raced), () -> Tasks.awaitEnd(raced));
        Outcome<Integer> outcome = Tasks.awaitEnd(raced);
        if (outcome instanceof Outcome.Succeeded) {
          assertEquals(1, runs.get());
        }
        Eventually.soon(
            "every permit that was granted is given back", () -> givenBack.get() == granted.get());
        duel.won(runs.get() == 1);
      }
      duel.assertBothWon();
      grantAtOnce.set(true);
      Slots.assertAllThere(scheduler, FLEET_LIMIT);
      scheduler.close();
      ends.assertOneEach(duel.round() + FLEET_LIMIT + Slots.EXTRA_TASKS);
      Eventually.holds("no permit is left", () -> givenBack.get() == granted.get());
      assertEquals(0, asked.size(), "nobody asks any more");
    }
  }

  private TaskHandle<Integer> submit(TaskClass taskClass, TaskBody<Integer> body) {
    return taskClass == TaskClass.FLEET
        ? scheduler.submit(Tasks.fleet("raced", body).withStartWithin(LIMIT))
        : scheduler.submit(
            LocalHeavyTask.builder(LocalKind.OTHER, "raced", body).startWithin(LIMIT).build());
  }
}
