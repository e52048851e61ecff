package dev.twoqueue.linearizability;

import dev.twoqueue.AsyncTaskBody;
import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.SchedulerClock;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRejectedException;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueException;
import dev.twoqueue.TwoQueueScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The public scheduler is linearizable: whatever two threads do to it, each call behaves as if it
 * took effect at once, at some moment between its beginning and its end, as {@link SequentialModel}
 * has it. Lincheck generates the scenarios and runs them on the real shell, with executors that run
 * in the caller and a time that stands still.
 *
 * <p>A cancel of a running task and its end are two steps by contract (I8), as are a start and the
 * first line of its body. So cancel and complete return here when the task has ended, and bodies
 * end as soon as they are told. Left out for the same reason are shutdownNow, which is many such
 * steps, and isTerminated, which waits for calls that are still returning.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:4")
@Param(name = "fleet", gen = BooleanGen.class)
@Param(name = "limit", gen = IntGen.class, conf = "1:2")
public class LincheckTest {
  /** How much longer than in an ordinary build it searches. */
  private static final int EFFORT = Integer.getInteger("twoqueue.lincheck", 1);

  static final int TASKS = 4;
  static final int FLEET_LIMIT = 1;
  static final int QUEUE_LIMIT = 1;

  private static final SchedulerClock STANDING_STILL =
      new SchedulerClock() {
        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public Instant instant() {
          return Instant.EPOCH;
        }

        @Override
        public Timer schedule(Duration delay, Runnable action) {
          return () -> {};
        }
      };

  private final TwoQueueScheduler scheduler =
      TwoQueueScheduler.builder()
          .executor(Runnable::run)
          .callbackExecutor(Runnable::run)
          .clock(STANDING_STILL)
          .fleetLimit(FLEET_LIMIT)
          .localQueueLimit(QUEUE_LIMIT)
          .fleetQueueLimit(QUEUE_LIMIT)
          .build();

  /** A task's key is taken before the task is submitted, so whoever asks early waits for it. */
  private static final class Submission {
    final CompletableFuture<Object> work = new CompletableFuture<>();
    final CompletableFuture<Optional<TaskHandle<Object>>> handle = new CompletableFuture<>();
  }

  private final AtomicReferenceArray<Submission> submissions =
      new AtomicReferenceArray<>(TASKS + 1);

  static boolean isLocal(int key) {
    return key > 2;
  }

  static TaskClass classOf(boolean fleet) {
    return fleet ? TaskClass.FLEET : TaskClass.LOCAL_HEAVY;
  }

  static String counts(int local, int fleet, int waitingLocal, int waitingFleet) {
    return local + " local, " + fleet + " fleet, " + waitingLocal + " + " + waitingFleet + " wait";
  }

  @Operation
  public String submit(@Param(name = "key") int key) {
    Submission mine = new Submission();
    if (!submissions.compareAndSet(key, null, mine)) {
      return "known";
    }
    AsyncTaskBody<Object> body =
        task -> {
          task.cancellation()
              .onCancel(() -> mine.work.completeExceptionally(new IllegalStateException("told")));
          return mine.work;
        };
    try {
      TaskHandle<Object> handle =
          isLocal(key)
              ? scheduler.submit(
                  LocalHeavyTask.asyncBuilder(LocalKind.OTHER, "local", body).build())
              : scheduler.submit(FleetTask.async("fleet", body));
      mine.handle.complete(Optional.of(handle));
      return "taken";
    } catch (TaskRejectedException rejected) {
      mine.handle.complete(Optional.empty());
      return rejected.what().contains("shut down") ? "shut down" : "full";
    }
  }

  private Optional<TaskHandle<Object>> handle(int key) {
    Submission submission = submissions.get(key);
    return submission == null ? Optional.empty() : submission.handle.join();
  }

  @Operation
  public boolean cancel(@Param(name = "key") int key) {
    return handle(key).map(LincheckTest::cancelled).orElse(false);
  }

  private static boolean cancelled(TaskHandle<?> handle) {
    boolean did = handle.cancel("by the test");
    awaitEnd(handle);
    return did;
  }

  @Operation
  public void complete(@Param(name = "key") int key) {
    TaskHandle<Object> handle = handle(key).orElse(null);
    if (handle != null && handle.state() == TaskState.RUNNING) {
      submissions.get(key).work.complete("done");
      awaitEnd(handle);
    }
  }

  private static void awaitEnd(TaskHandle<?> handle) {
    try {
      handle.join();
    } catch (TwoQueueException otherwise) {
      // It has ended, which is all that was waited for.
    }
  }

  @Operation
  public void pause(@Param(name = "fleet") boolean ofFleet) {
    scheduler.pause(classOf(ofFleet));
  }

  @Operation
  public void resume(@Param(name = "fleet") boolean ofFleet) {
    scheduler.resume(classOf(ofFleet));
  }

  @Operation
  public void fleetLimit(@Param(name = "limit") int limit) {
    scheduler.fleetLimit(limit);
  }

  @Operation
  public void shutdown() {
    scheduler.shutdown();
  }

  @Operation
  public String state(@Param(name = "key") int key) {
    return handle(key).map(handle -> handle.state().name()).orElse("none");
  }

  @Operation
  public String counts() {
    SchedulerSnapshot now = scheduler.snapshot();
    return counts(
        now.localHeavy().running().size(),
        now.fleet().running().size(),
        now.localHeavy().queued(),
        now.fleet().queued());
  }

  /** Real threads that run into each other by chance. */
  @Test
  void everyCallTakesEffectAtOnceUnderStress() {
    check(new StressOptions().iterations(12 * EFFORT).invocationsPerIteration(100 * EFFORT));
  }

  /**
   * Every switch between the threads is Lincheck's choice. It takes minutes, and Lincheck gives up
   * on an interleaving by the clock on the wall: not for an ordinary build.
   */
  @Test
  @EnabledIfSystemProperty(
      named = "twoqueue.lincheck",
      matches = "[1-9][0-9]*",
      disabledReason = "takes minutes; -Dtwoqueue.lincheck=1, or more for longer")
  void everyCallTakesEffectAtOnceInEveryInterleavingTried() {
    check(new ModelCheckingOptions().iterations(10 * EFFORT).invocationsPerIteration(100 * EFFORT));
  }

  private static void check(Options<?, ?> options) {
    options.threads(2);
    options.actorsBefore(2);
    options.actorsPerThread(3);
    options.actorsAfter(1);
    options.sequentialSpecification(SequentialModel.class);
    options.check(LincheckTest.class);
  }
}
