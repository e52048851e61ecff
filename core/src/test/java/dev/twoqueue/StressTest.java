package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many tasks from many threads with random cancels, on real threads: nothing forbidden is seen from
 * inside the bodies (I1 to I3), every task ends once (I7), and nothing is left.
 */
@Timeout(120)
class StressTest {
  private static final int SUBMITTERS = 8;
  private static final int TASKS_EACH = 25_000;
  private static final int LOCAL_IN_A_HUNDRED = 10;
  private static final int CANCELS_IN_A_HUNDRED = 30;
  private static final String[] MODELS = {"A", "B", "C"};

  private final long seed = Long.getLong("twoqueue.seed", System.nanoTime());
  private final Occupants occupants = new Occupants(TwoQueueScheduler.DEFAULT_FLEET_LIMIT);
  private final AtomicInteger permitsOut = new AtomicInteger();
  private final AtomicLong ends = new AtomicLong();
  private final AtomicLong ran = new AtomicLong();

  @Test
  void twoHundredThousandTasksFromEightSubmitters() throws InterruptedException {
    System.out.println("StressTest: -Dtwoqueue.seed=" + seed);
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .localQueueLimit(Integer.MAX_VALUE)
            .fleetQueueLimit(Integer.MAX_VALUE)
            .turnPolicy(TurnPolicy.budget(Duration.ofMillis(20), Duration.ofMillis(20)))
            .outsidePermits((taskClass, name) -> permit())
            .listener(this::count)
            .eventBuffer(Integer.MAX_VALUE)
            .build();
    List<List<TaskHandle<Long>>> handles = new ArrayList<>();
    List<Thread> submitters = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < SUBMITTERS; i++) {
      List<TaskHandle<Long>> own = new ArrayList<>(TASKS_EACH);
      handles.add(own);
      SplittableRandom itsOwn = random.split();
      submitters.add(
          new Thread(
              () -> {
                Eventually.holds("all are there", () -> go.getCount() == 0);
                submitAll(scheduler, itsOwn, own);
              }));
    }
    submitters.forEach(Thread::start);
    go.countDown();
    for (Thread submitter : submitters) {
      submitter.join();
    }
    scheduler.shutdown();
    assertTrue(
        scheduler.awaitTermination(Duration.ofSeconds(90)), () -> "still " + scheduler.snapshot());
    assertEquals(List.of(), occupants.broken());
    assertTrue(occupants.empty());
    int succeeded = 0;
    for (List<TaskHandle<Long>> own : handles) {
      assertEquals(TASKS_EACH, own.size());
      for (TaskHandle<Long> handle : own) {
        Outcome<Long> outcome = handle.outcome().orElseThrow();
        if (outcome instanceof Outcome.Succeeded<Long> value) {
          assertEquals(handle.id(), value.value());
          succeeded++;
        } else {
          assertEquals(Optional.of(new Outcome.Cancelled<>("at random")), Optional.of(outcome));
        }
      }
    }
    int all = SUBMITTERS * TASKS_EACH;
    Eventually.holds(
        () -> ends.get() + " of " + all + " ends were told",
        Duration.ofSeconds(20),
        () -> ends.get() == all);
    assertTrue(succeeded > all / 2 && succeeded < all, succeeded + " succeeded");
    assertTrue(ran.get() >= succeeded);
    Eventually.holds("every permit is given back", () -> permitsOut.get() == 0);
    SchedulerSnapshot after = scheduler.snapshot();
    assertEquals(0, after.localHeavy().queued() + after.fleet().queued());
    Eventually.holds("no thread is left", () -> StressTest.ownThreads().isEmpty());
  }

  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("two-queue"))
        .toList();
  }

  private CompletionStage<Lease> permit() {
    permitsOut.incrementAndGet();
    return CompletableFuture.completedFuture(permitsOut::decrementAndGet);
  }

  private void count(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Ended) {
      ends.incrementAndGet();
    }
  }

  private void submitAll(
      TwoQueueScheduler scheduler, SplittableRandom random, List<TaskHandle<Long>> handles) {
    TaskBody<Long> body =
        task -> {
          ran.incrementAndGet();
          return task.id();
        };
    for (int i = 0; i < TASKS_EACH; i++) {
      TaskHandle<Long> handle;
      if (random.nextInt(100) < LOCAL_IN_A_HUNDRED) {
        String model = MODELS[random.nextInt(MODELS.length)];
        handle = scheduler.submit(Tasks.oracle("oracle", model, occupants.local(body)));
      } else {
        handle = scheduler.submit(Tasks.fleet("agent", occupants.fleet(body)));
      }
      handles.add(handle);
      if (random.nextInt(100) < CANCELS_IN_A_HUNDRED) {
        handles
            .get(random.nextInt(Math.max(0, handles.size() - 20), handles.size()))
            .cancel("at random");
      }
    }
  }
}
