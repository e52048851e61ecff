package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a body comes to leave its thread interrupted, the next body on that thread begins without
 * (I8). The next one is in the queue already when the first one ends, so that a thread which goes
 * on with it by itself is tested too.
 */
@Timeout(60)
class InterruptTest {
  private static final int ROUNDS = 200;
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final ExecutorService pool = Executors.newSingleThreadExecutor();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    pool.shutdown();
    assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
  }

  /** What leaves an interrupt behind. Each body says when it has begun. */
  enum Culprit {
    INTERRUPTS_ITSELF {
      @Override
      FleetTask<String> task(CountDownLatch begun) {
        return Tasks.fleet(
            name(),
            task -> {
              begun.countDown();
              Thread.currentThread().interrupt();
              return "ended";
            });
      }
    },
    INTERRUPTS_ITSELF_AND_THROWS {
      @Override
      FleetTask<String> task(CountDownLatch begun) {
        return Tasks.fleet(
            name(),
            task -> {
              begun.countDown();
              Thread.currentThread().interrupt();
              throw new IllegalStateException("a body that failed");
            });
      }
    },
    INTERRUPTS_ITSELF_AND_STAYS_ASYNCHRONOUS {
      @Override
      FleetTask<String> task(CountDownLatch begun) {
        return FleetTask.async(
            name(),
            task -> {
              begun.countDown();
              Thread.currentThread().interrupt();
              return CompletableFuture.completedFuture("ended");
            });
      }
    },
    IS_CANCELLED_AND_NEVER_LOOKS {
      @Override
      FleetTask<String> task(CountDownLatch begun) {
        return Tasks.fleet(
            name(),
            task -> {
              begun.countDown();
              Eventually.soon("it is told", () -> task.cancellation().isCancelled());
              return "ended";
            });
      }

      @Override
      void stop(TaskHandle<String> handle, TurnedClock clock) {
        handle.cancel("stop");
      }
    },
    IS_CANCELLED_AND_RESTORES_IT {
      @Override
      FleetTask<String> task(CountDownLatch begun) {
        return Tasks.fleet(name(), task -> untilInterrupted(begun));
      }

      @Override
      void stop(TaskHandle<String> handle, TurnedClock clock) {
        handle.cancel("stop");
      }
    },
    TAKES_TOO_LONG {
      @Override
      FleetTask<String> task(CountDownLatch begun) {
        return Tasks.fleet(name(), task -> untilInterrupted(begun)).withRunTimeout(LIMIT);
      }

      @Override
      void stop(TaskHandle<String> handle, TurnedClock clock) {
        // Its timer may be armed a moment after its start.
        Eventually.soon(
            "it is too late",
            () -> {
              clock.pass(LIMIT);
              return handle.outcome().isPresent();
            });
      }
    };

    abstract FleetTask<String> task(CountDownLatch begun);

    void stop(TaskHandle<String> handle, TurnedClock clock) {}

    private static String untilInterrupted(CountDownLatch begun) {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
        return "not interrupted";
      } catch (InterruptedException told) {
        Thread.currentThread().interrupt(); // as good manners want it
        return "ended";
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onTheSchedulersOwnThreads(Culprit culprit) throws InterruptedException {
    run(culprit, TwoQueueScheduler.builder());
  }

  @ParameterizedTest
  @EnumSource
  void onAHostsPool(Culprit culprit) throws InterruptedException {
    run(culprit, TwoQueueScheduler.builder().executor(pool));
  }

  private static void run(Culprit culprit, SchedulerBuilder builder) throws InterruptedException {
    TurnedClock clock = new TurnedClock();
    try (TwoQueueScheduler scheduler = builder.fleetLimit(1).clock(clock).build()) {
      ConcurrentLinkedQueue<String> disturbed = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < ROUNDS; i++) {
        CountDownLatch begun = new CountDownLatch(1);
        scheduler.pause(TaskClass.FLEET);
        TaskHandle<String> first = scheduler.submit(culprit.task(begun));
        List<TaskHandle<String>> next = new ArrayList<>();
        for (String name : List.of("right after it", "later")) {
          next.add(scheduler.submit(Tasks.fleet(name, task -> noted(task, disturbed))));
        }
        next.add(scheduler.submit(Tasks.local("of the other class", t -> noted(t, disturbed))));
        scheduler.resume(TaskClass.FLEET);
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        culprit.stop(first, clock);
        next.forEach(Tasks::result);
      }
      assertEquals(List.of(), List.copyOf(disturbed));
    }
  }

  private static String noted(TaskContext task, ConcurrentLinkedQueue<String> disturbed) {
    if (Thread.currentThread().isInterrupted()) {
      disturbed.add(task.task().name());
    }
    return task.task().name();
  }

  /** The body that an await was cancelled in, on a thread that nobody else clears. */
  @ParameterizedTest
  @EnumSource
  void anAwaitThatWasCancelledLeavesNone(TaskClass taskClass) throws InterruptedException {
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .executor(
                work ->
                    new Thread(
                            () -> {
                              work.run();
                              left.complete(Thread.currentThread().isInterrupted());
                            })
                        .start())
            .build();
    CompletableFuture<String> never = new CompletableFuture<>();
    try (scheduler) {
      TaskBody<String> awaiting =
          task -> {
            // Asynchronous, and it holds no thread of the executor's that could end first.
            TaskHandle<String> target = scheduler.submit(FleetTask.async("target", t -> never));
            try {
              return task.await(target);
            } catch (CancellationException told) {
              assertTrue(Thread.currentThread().isInterrupted(), "it stays set in the body");
              throw told;
            }
          };
      TaskHandle<String> cancelled =
          taskClass == TaskClass.FLEET
              ? scheduler.submit(Tasks.fleet("awaiting", awaiting))
              : scheduler.submit(Tasks.local("awaiting", awaiting));
      Eventually.holds("suspended", () -> cancelled.state() == TaskState.SUSPENDED);
      cancelled.cancel("stop");
      never.complete("done");
      assertEquals(new Outcome.Cancelled<>("stop"), Tasks.awaitEnd(cancelled));
    }
    assertFalse(left.join());
  }
}
