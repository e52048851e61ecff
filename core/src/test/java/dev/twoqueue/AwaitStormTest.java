package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tasks that wait for each other at random, in every way there is, while others cancel them, pause
 * the classes and move the limit: every task ends, or is told at once that its wait never would
 * (I10); and the rule holds all the while (I1 to I3).
 */
@Timeout(120)
class AwaitStormTest {
  private static final int STORMS = Integer.getInteger("twoqueue.storms", 40);
  private static final int ROOTS = 40;
  private static final int DEEPEST = 4;
  private static final int MOST_CHILDREN = 3;
  private static final int FLEET_LIMIT = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final long seed = Long.getLong("twoqueue.seed", System.nanoTime());
  private final SplittableRandom seeds = new SplittableRandom(seed);
  private final AtomicInteger deadlocks = new AtomicInteger();
  private final AtomicInteger waits = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();

  @Test
  void nobodyWaitsForEver() throws InterruptedException {
    System.out.println("AwaitStormTest: -Dtwoqueue.seed=" + seed);
    int tasks = 0;
    for (int i = 0; i < STORMS; i++) {
      tasks += new Storm(seeds.split()).rage();
    }
    System.out.println(
        "AwaitStormTest: "
            + tasks
            + " tasks, "
            + waits
            + " waits, "
            + deadlocks
            + " that would have been for ever, "
            + cancelled
            + " cancelled");
    assertTrue(waits.get() > 0 && deadlocks.get() > 0 && cancelled.get() > 0, "no storm");
  }

  private final class Storm {
    private final SplittableRandom random;
    private final Occupants occupants = new Occupants(FLEET_LIMIT);
    private final List<TaskHandle<Integer>> all = new CopyOnWriteArrayList<>();
    private final TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .fleetLimit(FLEET_LIMIT)
            .suspendedLimit(16)
            .turnPolicy(TurnPolicy.budget(Duration.ofMillis(1), Duration.ofMillis(1)))
            .build();

    Storm(SplittableRandom random) {
      this.random = random;
    }

    int rage() throws InterruptedException {
      AtomicBoolean over = new AtomicBoolean();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      SplittableRandom itsOwn = random.split();
      Thread disturber = new Thread(() -> disturb(itsOwn, over), "disturber");
      disturber.setUncaughtExceptionHandler((thread, why) -> thrown.set(why));
      disturber.start();
      for (int i = 0; i < ROOTS; i++) {
        submit(random.split(), 0);
      }
      awaitAll();
      over.set(true);
      disturber.join();
      assertEquals(null, thrown.get());
      // The disturber may have left a class paused or the limit low.
      calm();
      Slots.assertAllThere(scheduler, FLEET_LIMIT);
      scheduler.close();
      assertEquals(List.of(), occupants.broken());
      assertTrue(occupants.empty());
      return all.size();
    }

    /** Also what bodies submit while this waits. */
    private void awaitAll() {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (int i = 0; i < all.size(); i++) {
        TaskHandle<Integer> handle = all.get(i);
        Eventually.holds(
            () -> handle.task() + " ends; it is " + handle.state() + "\n" + scheduler.snapshot(),
            Duration.ofNanos(Math.max(1, deadline - System.nanoTime())),
            () -> handle.outcome().isPresent());
        Outcome<Integer> outcome = handle.outcome().orElseThrow();
        if (outcome instanceof Outcome.Cancelled) {
          cancelled.incrementAndGet();
        } else if (outcome instanceof Outcome.Failed<Integer> failed) {
          fail(handle.task() + " failed", failed.cause());
        }
      }
    }

    private void disturb(SplittableRandom chance, AtomicBoolean over) {
      while (!over.get()) {
        switch (chance.nextInt(4)) {
          case 0 -> scheduler.fleetLimit(chance.nextInt(1, FLEET_LIMIT + 1));
          case 1 -> scheduler.pause(anyClass(chance));
          case 2 -> calm();
          default -> {
            if (!all.isEmpty()) {
              all.get(chance.nextInt(all.size())).cancel("by the storm");
            }
          }
        }
        LockSupport.parkNanos(1_000);
      }
    }

    private TaskClass anyClass(SplittableRandom chance) {
      return chance.nextBoolean() ? TaskClass.FLEET : TaskClass.LOCAL_HEAVY;
    }

    private void calm() {
      scheduler.fleetLimit(FLEET_LIMIT);
      scheduler.resume(TaskClass.FLEET);
      scheduler.resume(TaskClass.LOCAL_HEAVY);
    }

    private TaskHandle<Integer> submit(SplittableRandom chance, int depth) {
      TaskBody<Integer> body = task -> waitAtRandom(task, chance, depth);
      TaskHandle<Integer> handle =
          chance.nextInt(3) == 0
              ? scheduler.submit(Tasks.local("local", occupants.local(body)))
              : scheduler.submit(Tasks.fleet("fleet", occupants.fleet(body)));
      all.add(handle);
      return handle;
    }

    private int waitAtRandom(TaskContext task, SplittableRandom chance, int depth)
        throws Exception {
      int children = depth == DEEPEST ? 0 : chance.nextInt(MOST_CHILDREN);
      for (int i = 0; i < children; i++) {
        // A child of its own, or anybody: also who waits for this one, or this one itself.
        TaskHandle<Integer> other =
            all.isEmpty() || chance.nextInt(3) > 0
                ? submit(chance.split(), depth + 1)
                : all.get(chance.nextInt(all.size()));
        try {
          waits.incrementAndGet();
          await(task, other, chance.nextInt(6));
        } catch (TaskDeadlockException dead) {
          assertTrue(dead.chain().size() >= 2, dead.what());
          deadlocks.incrementAndGet();
        } catch (TaskCancelledException | CancellationException otherOrThis) {
          // Bodies that were told may go on for a while, and then wait again.
        }
      }
      return depth;
    }

    private void await(TaskContext task, TaskHandle<Integer> other, int way) throws Exception {
      try {
        switch (way) {
          case 0 -> other.join();
          case 1 -> other.get(Duration.ofHours(1));
          case 2 -> other.toCompletableFuture().join();
          case 3 -> other.toCompletableFuture().get();
          default -> occupants.suspended(task, () -> task.await(other));
        }
      } catch (InterruptedException told) {
        assertTrue(task.cancellation().isCancelled(), "only who was told is interrupted");
      }
    }
  }
}
