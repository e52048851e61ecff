package dev.twoqueue.testkit.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Outcome;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.OccupancyMonitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rule with real threads, as an independent witness sees it. */
@Timeout(300)
class RealThreadsTest {
  private static final int SUBMITTERS = 8;
  private static final int TASKS_EACH = 25_000;
  private static final int ONE_IN_LOCAL = 20;
  private static final int ONE_IN_CANCELLED = 7;

  private final OccupancyMonitor witness = new OccupancyMonitor();
  private final AtomicLong bodies = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();

  @Test
  void twoHundredThousandTasksOfEightSubmittersWithRandomCancels() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .localQueueLimit(SUBMITTERS * TASKS_EACH)
            .fleetQueueLimit(SUBMITTERS * TASKS_EACH)
            // Short turns: the classes take turns all the time, which is what is attacked here.
            .turnPolicy(TurnPolicy.budget(Duration.ofMillis(1), Duration.ofMillis(1)))
            .build();
    List<TaskHandle<Long>> handles = new ArrayList<>();
    try (scheduler) {
      List<Callable<List<TaskHandle<Long>>>> work = new ArrayList<>();
      for (int i = 0; i < SUBMITTERS; i++) {
        Random random = new Random(seed + i);
        work.add(() -> submitAll(scheduler, random));
      }
      for (Future<List<TaskHandle<Long>>> submitted : submitters.invokeAll(work)) {
        handles.addAll(submitted.get());
      }
    } finally {
      submitters.shutdownNow();
    }

    witness.assertRuleHeld(TwoQueueScheduler.DEFAULT_FLEET_LIMIT);
    assertEquals(SUBMITTERS * TASKS_EACH, handles.size());
    long succeeded =
        handles.stream()
            .filter(h -> h.outcome().orElseThrow() instanceof Outcome.Succeeded)
            .count();
    long ended =
        handles.stream()
            .filter(h -> h.outcome().orElseThrow() instanceof Outcome.Cancelled)
            .count();
    assertEquals(handles.size(), succeeded + ended, "a task ended in another way");
    assertTrue(ended >= cancelled.get(), "a cancel that was confirmed did not bite");
    assertTrue(bodies.get() >= succeeded, "a body was lost");
    assertTrue(cancelled.get() > 0 && witness.maxFleet() > 1 && witness.maxLocal() == 1);
    assertTrue(scheduler.isTerminated(), "a permit is left");
    SchedulerSnapshot last = scheduler.snapshot();
    assertEquals(0, last.fleet().queued() + last.localHeavy().queued());
    assertEquals(List.of(), last.fleet().running());
    assertEquals(List.of(), threadsLeftAfter(Duration.ofSeconds(10)));
  }

  /** The pooled threads end by themselves, a second after their last work. */
  private static List<String> threadsLeftAfter(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> left = ours();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      left = ours();
    }
    return left;
  }

  private static List<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("two-queue"))
        .toList();
  }

  private List<TaskHandle<Long>> submitAll(TwoQueueScheduler scheduler, Random random) {
    List<TaskHandle<Long>> handles = new ArrayList<>(TASKS_EACH);
    for (int i = 0; i < TASKS_EACH; i++) {
      TaskHandle<Long> handle =
          random.nextInt(ONE_IN_LOCAL) == 0
              ? scheduler.submit(
                  LocalHeavyTask.of(
                      LocalKind.OTHER, "local", witness.local(task -> bodies.incrementAndGet())))
              : scheduler.submit(
                  FleetTask.of("fleet", witness.fleet(task -> bodies.incrementAndGet())));
      handles.add(handle);
      TaskHandle<Long> other = handles.get(random.nextInt(handles.size()));
      if (random.nextInt(ONE_IN_CANCELLED) == 0 && other.cancel("not wanted")) {
        cancelled.incrementAndGet();
      }
    }
    return handles;
  }
}
