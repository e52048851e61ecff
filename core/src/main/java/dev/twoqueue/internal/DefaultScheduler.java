package dev.twoqueue.internal;

import dev.twoqueue.ExpectedStart;
import dev.twoqueue.FleetTask;
import dev.twoqueue.GateReport;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Outcome;
import dev.twoqueue.Preview;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.SchedulerClock;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRejectedException;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WaitReason;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Engine;
import dev.twoqueue.internal.engine.EngineSettings;
import dev.twoqueue.internal.engine.EngineView;
import dev.twoqueue.internal.engine.Job;
import dev.twoqueue.internal.engine.RecordingEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shell: what hosts, bodies and plug-ins say is told to the engine, one event at a time. */
public final class DefaultScheduler implements TwoQueueScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(TwoQueueScheduler.class);

  private final SchedulerSettings settings;
  private final SchedulerClock clock;
  private final Executor callbacks;
  private final EngineLoop loop;
  private final Looks looks;
  private final Plugins plugins;
  private final Watches watches;
  private final Termination termination;

  private long lastId;
  private Optional<String> fleetLimitOverride;
  private final Estimates estimates = new Estimates();
  private List<GateReport> lastLook = List.of();
  private Optional<MemoryForecast> nextForecast = Optional.empty();

  /** Starts nothing: the first thread is made when there is something to do. */
  public DefaultScheduler(SchedulerSettings settings) {
    this.settings = settings;
    this.clock = settings.clock().map(Guard::clock).orElseGet(SystemClock::new);
    OwnThreads own = new OwnThreads("two-queue", settings.allItsOwn());
    this.callbacks = settings.callbackExecutor().orElse(own);
    this.fleetLimitOverride = settings.fleetLimitOverride();
    this.plugins = new Plugins(callbacks, clock);
    this.looks = new Looks(plugins, settings.lookTimeout(), settings.predictor());
    this.watches =
        new Watches(settings.watches(), plugins, clock, settings.lookTimeout(), new Watched());
    InputLogWriter inputLog =
        settings.inputLog().map(target -> new InputLogWriter(target, callbacks)).orElse(null);
    this.termination = new Termination(inputLog);
    this.loop =
        new EngineLoop(
            engine(settings.forEngine(), clock.nanos(), inputLog),
            clock,
            new EventBus(settings.listeners(), callbacks, clock, settings.eventBuffer()),
            new Effects(
                    this,
                    settings,
                    callbacks,
                    settings.executor().isPresent() ? null : own,
                    plugins,
                    looks,
                    watches)
                ::carryOut,
            inputLog,
            termination::reach);
    warnAboutOverride(settings.fleetLimit(), settings.fleetLimitOverride());
  }

  private static Engine engine(
      EngineSettings engineSettings, long now, @Nullable InputLogWriter inputLog) {
    return inputLog == null
        ? new Engine(engineSettings, now)
        : new RecordingEngine(engineSettings, now, inputLog);
  }

  @Override
  public <T extends @Nullable Object> TaskHandle<T> submit(LocalHeavyTask<T> task) {
    Objects.requireNonNull(task, "task must not be null");
    return submit(task, task.residencyKey().map(this::normalised).orElse(null));
  }

  @Override
  public <T extends @Nullable Object> TaskHandle<T> submit(FleetTask<T> task) {
    return submit(Objects.requireNonNull(task, "task must not be null"), null);
  }

  /** The probe's spelling of a key; the task's own where the probe fails. */
  private ResidencyKey normalised(ResidencyKey key) {
    Optional<ResidencyProbe> probe = settings.probe();
    if (probe.isEmpty()) {
      return key;
    }
    try {
      ResidencyKey normal = probe.get().normalise(key);
      if (normal != null) {
        return normal;
      }
      LOG.warn("the residency probe has no normal form for {}, it is used as it is", key);
    } catch (Throwable thrown) {
      LOG.warn("the residency probe could not normalise {}, it is used as it is", key, thrown);
    }
    return key;
  }

  private <T extends @Nullable Object> TaskHandle<T> submit(
      ScheduledTask<T> task, @Nullable ResidencyKey key) {
    Entry<T> made = new Entry<>(task, key, this);
    return loop.ask(made, this, DefaultScheduler::submitted);
  }

  /** Under the lock. */
  private static <T extends @Nullable Object> TaskHandle<T> submitted(
      Engine engine, long now, Entry<T> entry, DefaultScheduler scheduler) {
    ScheduledTask<T> task = entry.task();
    entry.number(++scheduler.lastId);
    String rejected = engine.submit(entry, now);
    if (rejected != null) {
      throw new TaskRejectedException(
          task.name(),
          rejected,
          engine.view(now).shutdown()
              ? "Submit before the shutdown, or to another scheduler."
              : "Submit less at a time, wait for tasks to end, or raise the bound.");
    }
    if (scheduler.loop.hasListeners()) { // with every task: what captures nothing allocates nothing
      scheduler.loop.publish(at -> new SchedulerEvent.Submitted(at, entry.id(), task));
    }
    return entry;
  }

  void tell(EngineLoop.Event event) {
    loop.tell(event);
  }

  // Called by entries, on the host's threads.

  void bodyEnded(Entry<?> entry, Outcome<?> outcome) {
    watches.ended(entry);
    loop.ask(
        entry,
        outcome,
        (to, now, ended, how) -> {
          ended.scheduler().estimates.ended(ended, how, now);
          to.bodyEnded(ended, how, now);
          return true;
        });
  }

  boolean cancel(Entry<?> entry, String reason) {
    return loop.ask((to, now) -> to.cancel(entry, reason, now));
  }

  /**
   * Suspends a body.
   *
   * @param suspending called under the lock before the slot is given up
   * @return false when the other task has ended already, and the body keeps its slot
   */
  boolean suspend(Entry<?> entry, Entry<?> target, Runnable suspending) {
    return loop.ask(
        (to, now) -> {
          if (entry.stage() != Job.Stage.RUNNING) {
            throw new IllegalStateException(entry + " cannot await: it is " + entry.stage());
          }
          if (target.ended()) {
            return false;
          }
          suspending.run();
          TaskDeadlockException dead = to.await(entry, target, now);
          if (dead != null) {
            throw dead;
          }
          return true;
        });
  }

  void beginJoin(Entry<?> waiter, Entry<?> target) {
    loop.ask((to, now) -> Optional.ofNullable(to.beginJoin(waiter, target, now)))
        .ifPresent(
            dead -> {
              throw dead;
            });
  }

  void endJoin(Entry<?> waiter) {
    tell((to, now) -> to.endJoin(waiter, now));
  }

  <T extends @Nullable Object> TaskState stateOf(Entry<T> entry) {
    return entry
        .outcome()
        .map(entry::endState)
        .orElseGet(() -> loop.look(view -> view.stateOf(entry)));
  }

  OptionalInt positionOf(Job job) {
    return loop.look(
        view -> {
          int at = view.inOrder(job.taskClass()).indexOf(job);
          return at < 0 ? OptionalInt.empty() : OptionalInt.of(at);
        });
  }

  Optional<WaitReason> waitsFor(Entry<?> entry) {
    return entry.outcome().isPresent() ? Optional.empty() : loop.look(view -> view.waitsFor(entry));
  }

  Optional<ExpectedStart> expectedStartOf(Entry<?> entry) {
    Instant at = clock.instant();
    return entry.outcome().isPresent()
        ? Optional.empty()
        : loop.look(view -> estimates.of(entry, view, at));
  }

  void completeView(Runnable completion) {
    if (!Guard.execute(callbacks, "completing a future", completion)) {
      completion.run();
    }
  }

  // Called by effects.

  void observed(Effect.Observe observe, Residency seen, Optional<ProbeNotes> notes) {
    tell(
        (to, now) -> {
          notes.ifPresent(estimates::noted);
          to.observed(observe.token(), seen, now);
        });
  }

  void looked(Effect.Look look, Looks.Result result) {
    tell(
        (to, now) -> {
          lastLook = result.reports();
          nextForecast = Verdicts.forecastOf(result.reports());
          loop.publish(
              at ->
                  new SchedulerEvent.Looked(
                      at,
                      look.job().id(),
                      ((Entry<?>) look.job()).task(),
                      look.stage(),
                      result.reports()));
          to.verdict(look.token(), result.verdict(), now);
        });
  }

  void evicted(Effect.Evict evict, @Nullable String failure) {
    tell(
        (to, now) -> {
          loop.publish(
              at ->
                  new SchedulerEvent.Evicted(
                      at,
                      evict.job().id(),
                      ((Entry<?>) evict.job()).task(),
                      evict.resident().model(),
                      Optional.ofNullable(failure)));
          to.evicted(evict.token(), failure, now);
        });
  }

  boolean wants(long token) {
    return loop.look(view -> view.wants(token));
  }

  /** What the watches' answers do. */
  private final class Watched implements Watches.Target {
    @Override
    public boolean occupies(Entry<?> entry) {
      return loop.look(view -> entry.stage() == Job.Stage.RUNNING);
    }

    @Override
    public void warn(Entry<?> entry, String watch, String text, boolean raised) {
      tell(
          (to, now) -> {
            if (entry.stage() == Job.Stage.RUNNING) {
              loop.publish(
                  at ->
                      new SchedulerEvent.Warned(at, entry.id(), entry.task(), watch, text, raised));
            }
          });
    }

    @Override
    public void stop(Entry<?> entry, String reason) {
      cancel(entry, reason);
    }
  }

  // The rest of the scheduler's face.

  @Override
  public CompletableFuture<Preview> preview(ScheduledTask<?> task) {
    Objects.requireNonNull(task, "task must not be null");
    return new Previews(settings, plugins, looks, this::normalised)
        .preview(task, loop::look, loop.look(view -> notLookedAt()));
  }

  @Override
  public void pause(TaskClass taskClass) {
    Objects.requireNonNull(taskClass, "taskClass must not be null");
    tell((to, now) -> to.pause(taskClass, now));
  }

  @Override
  public void resume(TaskClass taskClass) {
    Objects.requireNonNull(taskClass, "taskClass must not be null");
    tell((to, now) -> to.resume(taskClass, now));
  }

  @Override
  public void fleetLimit(int limit) {
    changeFleetLimit(SchedulerSettings.checkedFleetLimit(limit), Optional.empty());
  }

  @Override
  public void overrideFleetLimit(int limit, String reason) {
    SchedulerSettings.checkedOverride(limit, reason);
    changeFleetLimit(limit, Optional.of(reason));
  }

  private void changeFleetLimit(int limit, Optional<String> reason) {
    tell(
        (to, now) -> {
          fleetLimitOverride = reason;
          to.fleetLimit(limit, now);
          loop.publish(at -> new SchedulerEvent.FleetLimit(at, limit, reason));
        });
    warnAboutOverride(limit, reason);
  }

  private static void warnAboutOverride(int limit, Optional<String> override) {
    override.ifPresent(
        reason -> LOG.warn("the fleet's limit of 5 is overridden with {}: {}", limit, reason));
  }

  @Override
  public SchedulerSnapshot snapshot() {
    Instant at = clock.instant();
    List<String> warnings = watches.warnings();
    return loop.look(
        view ->
            Snapshots.of(
                view,
                settings,
                at,
                fleetLimitOverride,
                lastLook,
                nextForecast,
                estimates,
                warnings));
  }

  /** Under the lock. */
  private List<String> notLookedAt() {
    return Snapshots.notLookedAt(settings, lastLook, nextForecast.isPresent());
  }

  @Override
  public void shutdown() {
    tell(
        (to, now) -> {
          publishShutdown(false);
          to.shutdown(now);
        });
  }

  @Override
  public List<ScheduledTask<?>> shutdownNow(String reason) {
    SchedulerSettings.notBlank(reason, "reason");
    List<Job> neverRan =
        loop.ask(
            (to, now) -> {
              publishShutdown(true);
              return to.shutdownNow(reason, now);
            });
    return neverRan.stream().<ScheduledTask<?>>map(job -> ((Entry<?>) job).task()).toList();
  }

  private void publishShutdown(boolean immediate) {
    loop.publish(at -> new SchedulerEvent.Shutdown(at, immediate));
  }

  @Override
  public boolean isShutdown() {
    return loop.look(EngineView::shutdown);
  }

  @Override
  public boolean isTerminated() {
    return termination.isReached();
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return termination.await(timeout);
  }

  @Override
  public void close() {
    BodyRun<?> current = BodyRun.current();
    if (current != null && current.entry().scheduler() == this) {
      throw new IllegalStateException(
          current.entry() + " would wait for itself: close the scheduler outside its tasks");
    }
    shutdown();
    termination.await(() -> shutdownNow("the thread that closes the scheduler was interrupted"));
  }
}
