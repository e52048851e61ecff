package dev.twoqueue.benchmarks;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.SchedulerBuilder;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.WaitReason;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The last fleet task ends, and the local-heavy one for which the door was closed starts. */
final class SchedulerHandover implements Handover {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final TwoQueueScheduler scheduler;
  private final Semaphore fleetRuns = new Semaphore(0);
  private final Semaphore fleetMayEnd = new Semaphore(0);
  private final FleetTask<Long> fleet =
      FleetTask.of(
          "fleet",
          context -> {
            fleetRuns.release();
            fleetMayEnd.acquire();
            return System.nanoTime();
          });
  private final LocalHeavyTask<Long> local =
      LocalHeavyTask.of(LocalKind.OTHER, "local", context -> System.nanoTime());

  SchedulerHandover(boolean gated) {
    SchedulerBuilder builder = TwoQueueScheduler.builder();
    scheduler = (gated ? builder.gate(request -> Verdict.proceed()) : builder).build();
  }

  @Override
  public long nanos() throws Exception {
    TaskHandle<Long> ending = scheduler.submit(fleet);
    if (!fleetRuns.tryAcquire(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("the fleet task does not start");
    }
    TaskHandle<Long> starting = scheduler.submit(local);
    awaitDoorClosedFor(starting);
    fleetMayEnd.release();
    return starting.get(LONGEST) - ending.get(LONGEST);
  }

  /** The early look is over, and nothing is missing but the end of the fleet. */
  private static void awaitDoorClosedFor(TaskHandle<?> task) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (task.waitsFor().map(WaitReason::cause).orElse(null) != WaitReason.Cause.OTHER_CLASS) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the door does not close, " + task.waitsFor());
      }
      LockSupport.parkNanos(10_000);
    }
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
