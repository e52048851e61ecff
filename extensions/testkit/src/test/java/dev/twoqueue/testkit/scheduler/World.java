package dev.twoqueue.testkit.scheduler;

import dev.twoqueue.AsyncTaskBody;
import dev.twoqueue.FleetTask;
import dev.twoqueue.InputLog;
import dev.twoqueue.InputReplay;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Outcome;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.SchedulerBuilder;
import dev.twoqueue.SchedulerClock;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskContext;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRejectedException;
import dev.twoqueue.TaskState;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WaitReason;
import dev.twoqueue.testkit.OccupancyMonitor;
import dev.twoqueue.testkit.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A real scheduler in virtual time, driven step by step, with the invariants checked on the way.
 */
final class World {
  /** One submitted task, as the test sees it. */
  static final class Tracked {
    final ScheduledTask<?> task;
    final String model;
    TaskHandle<String> handle;
    CompletableFuture<String> end;
    TaskContext context;
    boolean began;
    boolean mustNotRun;
    boolean suspended;
    Outcome<String> outcome;
    int ends;

    Tracked(ScheduledTask<?> task, String model) {
      this.task = task;
      this.model = model;
    }

    boolean running() {
      return end != null && !end.isDone() && !suspended;
    }
  }

  final OccupancyMonitor monitor = new OccupancyMonitor();
  final Plugged plugged = new Plugged(this);
  final VirtualTime time;
  final TwoQueueScheduler scheduler;
  final List<Tracked> tasks = new ArrayList<>();
  final List<String> violations = new ArrayList<>();
  int started;

  private final List<Runnable> delayed = new ArrayList<>();
  private final Map<Long, Tracked> byId = new HashMap<>();
  private final boolean gated;
  private final boolean capped;
  private boolean delaying;
  private boolean everDelayed;
  private final boolean evicts;
  private boolean confirming;
  private boolean residentChanged;
  private boolean clockThrows;
  private boolean listenerThrows;
  private List<Tracked> candidates;
  private List<String> residentThen = List.of();
  private int fleetLimit = 5;
  private final Path inputs;
  private Runnable writingInputs;
  private int previews;

  World(int config, long seed, Path inputs) {
    this.inputs = inputs;
    time = new VirtualTime(seed);
    gated = (config & 1) == 0;
    capped = (config & 2) != 0;
    evicts = (config & (8 | 16)) == 0;
    Executor executor =
        work -> {
          if (work.toString().endsWith(inputs.toString())) {
            writingInputs = work; // no work of the scheduler's: it must not change their order
          } else if (delaying) {
            delaying = false;
            everDelayed = true;
            delayed.add(work);
          } else {
            time.executor().execute(work);
          }
        };
    SchedulerBuilder builder =
        TwoQueueScheduler.builder()
            .clock(clock(time.clock()))
            .executor(executor)
            .callbackExecutor(executor)
            .localQueueLimit(12)
            .fleetQueueLimit(12)
            .suspendedLimit(3)
            .inputLog(InputLog.toFile(inputs, 16 << 20))
            .turnPolicy(
                (config & 4) == 0
                    ? TurnPolicy.DEFAULT
                    : TurnPolicy.budget(Duration.ZERO, Duration.ZERO))
            .listener(this::onEvent);
    if (gated) {
      builder.gate(plugged.first).gate(plugged.second).workingSetPredictor(plugged.predictor());
    }
    if (capped) {
      builder.consecutiveStartsCap(2);
    }
    if ((config & 8) == 0) {
      builder.residencyProbe(plugged.probe());
      if ((config & 16) == 0) {
        builder.evictor(plugged.evictor());
      }
    }
    if ((config & 32) != 0) {
      builder.fleetGate(plugged.fleet);
    }
    if ((config & 64) != 0) {
      builder.outsidePermits(plugged.permits());
    }
    scheduler = builder.build();
  }

  private SchedulerClock clock(SchedulerClock real) {
    return new SchedulerClock() {
      @Override
      public long nanos() {
        if (clockThrows) {
          throw new IllegalStateException("a clock that throws");
        }
        return real.nanos();
      }

      @Override
      public Instant instant() {
        return real.instant();
      }

      @Override
      public Timer schedule(Duration delay, Runnable action) {
        return real.schedule(delay, action);
      }
    };
  }

  void check(boolean holds, String violation) {
    if (!holds) {
      violations.add(violation);
    }
  }

  void step(Step step) {
    switch (step.kind()) {
      case NOTHING -> {
        // What the others shrink to.
      }
      case SUBMIT_LOCAL -> submitLocal(step);
      case SUBMIT_FLEET -> submit(step, null);
      case END_BODY -> endBody(step);
      case CANCEL -> cancel(step);
      case ADVANCE ->
          time.advance(Duration.ofMillis(new int[] {1, 900, 5_000, 40_000}[step.pick(4)]));
      case GATE_MODE ->
          List.of(plugged.first, plugged.second, plugged.fleet).get(step.pick(3)).mode =
              step.pickOther(8);
      case RESIDENT -> resident(step);
      case EVICTOR_MODE -> plugged.evictorMode = step.pick(3);
      case PREDICTOR_MODE -> plugged.predictorMode = step.pick(5);
      case AWAIT -> await(step);
      case PAUSE -> scheduler.pause(aClass(step));
      case RESUME -> scheduler.resume(aClass(step));
      case FLEET_LIMIT -> limit(1 + step.pick(5));
      case DELAY_WORK -> delaying = true;
      case LATE_WORK -> runLate();
      case PERMIT_MODE -> plugged.permitMode = step.pick(6);
      case GRANT -> plugged.grant(step.a());
      case LISTENER_MODE -> listenerThrows = !listenerThrows;
      case CLOCK_MODE -> clockThrows = step.pick(4) == 0;
      case PREVIEW -> preview(step);
      case SHUTDOWN -> shutdown(step);
    }
    time.runUntilIdle();
    checkStep();
  }

  private static TaskClass aClass(Step step) {
    return step.pick(2) == 0 ? TaskClass.LOCAL_HEAVY : TaskClass.FLEET;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a preview never fails, as its Javadoc says
  private void preview(Step step) {
    if (!tasks.isEmpty()) {
      previews++;
      scheduler
          .preview(tasks.get(step.pick(tasks.size())).task)
          .whenComplete((preview, thrown) -> previews--);
    }
  }

  private void limit(int limit) {
    fleetLimit = limit;
    scheduler.fleetLimit(limit);
  }

  private void shutdown(Step step) {
    if (step.pick(8) == 0) {
      scheduler.shutdownNow("enough");
    } else if (step.pick(8) == 1) {
      scheduler.shutdown();
    }
  }

  private void resident(Step step) {
    residentChanged = true; // perhaps after the last look at what is resident
    plugged.probeMode = step.pickOther(6) >= 3 ? 0 : step.pickOther(4);
    plugged.resident.clear();
    if (step.pick(4) < 3) {
      plugged.resident.add(Plugged.MODELS[step.pick(4)]);
    }
  }

  private void submitLocal(Step step) {
    submit(step, step.pick(4) == 3 ? "" : Plugged.MODELS[step.pick(4)]);
  }

  private void submit(Step step, String model) {
    Tracked[] self = new Tracked[1];
    AsyncTaskBody<String> body = context -> begin(self[0], context, step.b());
    Tracked tracked;
    TaskHandle<String> handle;
    try {
      if (model == null) {
        FleetTask<String> task = FleetTask.async("fleet " + tasks.size(), body);
        task = step.pickOther(5) == 1 ? task.withStartWithin(Duration.ofSeconds(7)) : task;
        task = step.pickOther(5) == 2 ? task.withRunTimeout(Duration.ofSeconds(7)) : task;
        self[0] = tracked = new Tracked(task, null);
        handle = scheduler.submit(task);
      } else {
        var builder = LocalHeavyTask.asyncBuilder(LocalKind.ORACLE, "local " + tasks.size(), body);
        if (!model.isEmpty()) {
          builder.model(model);
        }
        if (step.pickOther(5) == 1) {
          builder.startWithin(Duration.ofSeconds(7));
        } else if (step.pickOther(5) == 2) {
          builder.runTimeout(Duration.ofSeconds(7));
        }
        LocalHeavyTask<String> task = builder.build();
        self[0] = tracked = new Tracked(task, model);
        handle = scheduler.submit(task);
      }
    } catch (TaskRejectedException full) {
      return;
    }
    tracked.handle = handle;
    tasks.add(tracked);
    byId.put(handle.id(), tracked);
  }

  private CompletionStage<String> begin(Tracked tracked, TaskContext context, int how) {
    boolean local = tracked.task.taskClass() == TaskClass.LOCAL_HEAVY;
    check(!tracked.began, "I7: " + tracked.task + " ran twice");
    check(!tracked.mustNotRun, "I8: " + tracked.task + " ran after it was cancelled");
    if (local && gated) {
      plugged.checkLookedBeforeStart(tracked.task);
    }
    if (local) {
      checkDrainOrder(tracked);
      checkNothingInTheWay(tracked);
    }
    tracked.began = true;
    started++;
    AsyncTaskBody<String> body =
        inner -> {
          if (how % 11 == 3) {
            throw new IllegalStateException("a body that throws at once");
          }
          tracked.context = inner;
          tracked.end = new CompletableFuture<>();
          if (how % 3 == 0) {
            inner.cancellation().onCancel(() -> tracked.end.cancel(false));
          }
          return how % 11 == 5 ? null : tracked.end;
        };
    try {
      CompletionStage<String> stage =
          local ? monitor.localAsync(body).start(context) : monitor.fleetAsync(body).start(context);
      if (!local && !everDelayed) {
        check(monitor.occupants().size() <= fleetLimit, "I2: over the limit of " + fleetLimit);
      }
      return stage;
    } catch (Exception thrown) {
      throw new IllegalStateException(thrown);
    }
  }

  private void endBody(Step step) {
    List<Tracked> running = tasks.stream().filter(Tracked::running).toList();
    if (!running.isEmpty()) {
      end(running.get(step.pick(running.size())), step.pickOther(4) == 0);
    }
  }

  private void end(Tracked tracked, boolean fails) {
    if (fails) {
      tracked.end.completeExceptionally(new IllegalStateException("a body that fails"));
    } else {
      tracked.end.complete("done");
    }
  }

  private void cancel(Step step) {
    if (tasks.isEmpty()) {
      return;
    }
    Tracked tracked = tasks.get(step.pick(tasks.size()));
    TaskState before = tracked.handle.state();
    boolean did = tracked.handle.cancel("not wanted");
    check(!did || !before.isEnd(), "I7: an ended task was cancelled");
    if (before == TaskState.QUEUED || before == TaskState.STARTING) {
      check(did, "I8: a queued task could not be cancelled");
      check(tracked.handle.state() == TaskState.CANCELLED, "I8: a queued task did not end at once");
      tracked.mustNotRun = true;
    }
  }

  private void await(Step step) {
    List<Tracked> running =
        tasks.stream().filter(t -> t.running() && !t.handle.state().isEnd()).toList();
    if (running.isEmpty()) {
      return;
    }
    Tracked waiter = running.get(step.pick(running.size()));
    Tracked target = tasks.get(step.pickOther(tasks.size()));
    waiter.suspended = true;
    try {
      waiter
          .context
          .awaitAsync(target.handle)
          .whenComplete(
              (value, thrown) -> {
                waiter.suspended = false;
                if (!waiter.end.isDone()) {
                  started++; // else its body ended before it was told that it goes on
                }
              });
    } catch (TaskDeadlockException kept) {
      waiter.suspended = false;
      check(kept.chain().size() >= 2, "I10: the chain is not named: " + kept);
    }
  }

  private void runLate() {
    List<Runnable> late = List.copyOf(delayed);
    delayed.clear();
    late.forEach(Runnable::run);
  }

  // What the plug-ins tell.

  void evicting() {
    confirming = true;
  }

  /** The next local task is about to be chosen, or an eviction to be confirmed. */
  void observing() {
    if (confirming) {
      confirming = false;
      return;
    }
    if (previews > 0) {
      candidates = null; // perhaps a preview's look, which chooses nothing
      return;
    }
    residentThen = plugged.probeMode == 0 ? List.copyOf(plugged.resident) : null;
    candidates = new ArrayList<>();
    for (Tracked tracked : tasks) {
      if (tracked.model != null && !tracked.began && !tracked.handle.state().isEnd()) {
        Optional<WaitReason> reason = tracked.handle.waitsFor();
        if (reason.isPresent() && reason.get().cause() != WaitReason.Cause.HELD) {
          candidates.add(tracked);
        }
      }
    }
  }

  /** I5, in the words of the design, with residency as it was seen when the task was chosen. */
  private void checkDrainOrder(Tracked chosen) {
    boolean comparable =
        candidates != null
            && residentThen != null
            && !capped
            && !everDelayed
            && tasks.stream().noneMatch(t -> t.model != null && t.suspended);
    if (comparable) {
      Tracked expected =
          candidates.stream()
              .filter(t -> !t.handle.state().isEnd() || t == chosen)
              .min(
                  Comparator.<Tracked>comparingInt(t -> residentThen.contains(t.model) ? 0 : 1)
                      .thenComparingLong(t -> t.handle.id()))
              .orElse(chosen);
      check(
          expected == chosen,
          "I5: " + chosen.task + " started before " + expected.task + " with " + residentThen);
    }
  }

  /** Only what the probe sees counts: no model is loaded beside one that did not leave. */
  private void checkNothingInTheWay(Tracked chosen) {
    boolean seen = evicts && !everDelayed && !residentChanged && plugged.probeMode == 0;
    if (seen && !chosen.model.isEmpty()) {
      check(
          plugged.resident.stream().allMatch(chosen.model::equals),
          "evict: " + chosen.task + " started beside " + plugged.resident);
    }
    if (!chosen.model.isEmpty()) {
      plugged.resident.clear();
      plugged.resident.add(chosen.model);
    }
    residentChanged = false;
  }

  private void onEvent(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Ended ended) {
      Tracked tracked = byId.get(ended.id());
      if (tracked != null) {
        tracked.ends++;
      }
    }
    if (listenerThrows) {
      throw new IllegalStateException("a listener that throws");
    }
  }

  private void checkStep() {
    monitor.violations().forEach(violation -> violations.add(violation.toString()));
    for (Tracked tracked : tasks) {
      Optional<Outcome<String>> outcome = tracked.handle.outcome();
      if (tracked.outcome != null) {
        check(outcome.isPresent() && outcome.get() == tracked.outcome, "I7: an end changed");
      }
      tracked.outcome = outcome.orElse(null);
    }
    if (!violations.isEmpty()) {
      throw new AssertionError(violations + "\n" + scheduler.snapshot());
    }
  }

  /** I6 and I7: once bodies end and gates admit, every task ends, and nothing is left over. */
  void windUp() {
    clockThrows = false;
    delaying = false;
    plugged.behave();
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    scheduler.resume(TaskClass.FLEET);
    limit(5);
    for (int round = 0; round < 300 && unfinished() > 0; round++) {
      runLate();
      plugged.behave();
      time.runUntilIdle();
      tasks.stream().filter(Tracked::running).forEach(t -> end(t, false));
      time.advance(Duration.ofSeconds(1));
      checkStep();
    }
    check(unfinished() == 0, "I6: " + unfinished() + " tasks never ended");
    scheduler.shutdown();
    runLate();
    time.advance(Duration.ofSeconds(30));
    runLate();
    time.runUntilIdle();
    check(scheduler.isTerminated(), "I7: something still occupies after every task has ended");
    check(plugged.leasesOpen == 0, "I7: " + plugged.leasesOpen + " leases leaked");
    check(monitor.occupants().isEmpty(), "I7: bodies are left: " + monitor.occupants());
    for (Tracked tracked : tasks) {
      check(tracked.ends == 1, "I7: " + tracked.task + " ended " + tracked.ends + " times");
    }
    checkStep();
    checkReplay();
  }

  /** What the engine was told, told to another one, makes it decide the same. */
  private void checkReplay() {
    writingInputs.run();
    InputReplay replay;
    try {
      replay = InputLog.replay(inputs);
      Files.delete(inputs); // to write a file anew, once it is truncated, may flush it to the disk
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    if (replay.divergence().isPresent() || replay.end() != InputReplay.End.TERMINATED) {
      throw new AssertionError("replayed to other decisions: " + replay);
    }
  }

  private long unfinished() {
    return tasks.stream()
        .filter(t -> !t.handle.state().isEnd() || (t.end != null && !t.end.isDone()))
        .count();
  }
}
