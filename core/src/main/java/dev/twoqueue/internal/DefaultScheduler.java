package dev.twoqueue.internal;

import dev.twoqueue.FleetTask;
import dev.twoqueue.GateReport;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Outcome;
import dev.twoqueue.Preview;
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
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell: one lock around the engine. Every method takes the lock, tells the engine, takes the
 * effects, leaves the lock and carries them out; no code of the host's runs under the lock, but for
 * the turn policy.
 */
public final class DefaultScheduler implements TwoQueueScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(TwoQueueScheduler.class);

  private final SchedulerSettings settings;
  private final SchedulerClock clock;
  private final Executor callbacks;
  private final ReentrantLock lock = new ReentrantLock();
  private final Engine engine;
  private final EventBus events;
  private final Effects effects;
  private final WakeUp wakeUp;
  private final Looks looks;
  private final Plugins plugins;
  private final CompletableFuture<Boolean> terminated = new CompletableFuture<>();

  /** How many lists of effects are being carried out: the last handle may end in any of them. */
  private final AtomicInteger carrying = new AtomicInteger();

  private volatile boolean allEnded;

  private long lastId;
  private Optional<String> fleetLimitOverride;
  private List<GateReport> lastLook = List.of();
  private Optional<MemoryForecast> nextForecast = Optional.empty();

  /** Starts nothing: the first thread is made when there is something to do. */
  public DefaultScheduler(SchedulerSettings settings) {
    this.settings = settings;
    this.clock = Guard.clock(settings.clock().orElseGet(SystemClock::new));
    this.callbacks =
        settings.callbackExecutor().orElseGet(() -> Threads.unbounded("two-queue-callback"));
    this.fleetLimitOverride = settings.fleetLimitOverride();
    this.engine = new Engine(engineSettings(settings), clock.nanos());
    this.events = new EventBus(settings.listeners(), callbacks, clock, settings.eventBuffer());
    this.plugins = new Plugins(callbacks, clock);
    this.looks = new Looks(plugins, settings.lookTimeout(), settings.predictor());
    this.effects = new Effects(this, settings, callbacks, plugins, looks);
    this.wakeUp = new WakeUp(clock, this::wake);
    warnAboutOverride(settings.fleetLimit());
  }

  private static EngineSettings engineSettings(SchedulerSettings settings) {
    return new EngineSettings(
        Guard.policy(settings.turnPolicy()),
        settings.probe().isPresent(),
        settings.evictor().isPresent() && settings.probe().isPresent(),
        !settings.gates().isEmpty() || settings.predictor().isPresent(),
        !settings.fleetGates().isEmpty(),
        settings.outsidePermits().isPresent(),
        settings.fleetLimit(),
        settings.localQueueLimit(),
        settings.fleetQueueLimit(),
        settings.consecutiveStartsCap(),
        settings.suspendedLimit());
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
    Entry<T> entry;
    List<Effect> todo;
    long now = clock.nanos();
    lock.lock();
    try {
      entry = new Entry<>(++lastId, task, key, this);
      String rejected = engine.submit(entry, now);
      if (rejected != null) {
        throw new TaskRejectedException(
            task.name(),
            rejected,
            engine.view(now).shutdown()
                ? "Submit before the shutdown, or to another scheduler."
                : "Submit less at a time, wait for tasks to end, or raise the bound.");
      }
      if (events.hasListeners()) {
        events.publish(new SchedulerEvent.Submitted(clock.instant(), entry.id(), task));
      }
      todo = decided();
    } finally {
      lock.unlock();
    }
    carryOut(todo);
    return entry;
  }

  /** Tells the engine something and does what follows from it. */
  void tell(EngineEvent event) {
    long now = clock.nanos();
    List<Effect> todo;
    lock.lock();
    try {
      event.on(engine, now);
      todo = decided();
    } finally {
      lock.unlock();
    }
    carryOut(todo);
  }

  /** Something to tell the engine. */
  @FunctionalInterface
  interface EngineEvent {
    /** Called under the lock. */
    void on(Engine engine, long now);
  }

  private <R> R ask(BiFunction<Engine, Long, R> question) {
    long now = clock.nanos();
    R answer;
    List<Effect> todo;
    lock.lock();
    try {
      answer = question.apply(engine, now);
      todo = decided();
    } finally {
      lock.unlock();
    }
    carryOut(todo);
    return answer;
  }

  private <R> R look(Function<EngineView, R> reader) {
    long now = clock.nanos();
    lock.lock();
    try {
      return reader.apply(engine.view(now));
    } finally {
      lock.unlock();
    }
  }

  private List<Effect> decided() {
    List<Effect> todo = engine.takeEffects();
    wakeUp.want(engine.nextWake());
    if (events.hasListeners()) {
      todo.forEach(effect -> Telling.of(effect, clock).ifPresent(events::publish));
    }
    carrying.incrementAndGet();
    return todo;
  }

  private void carryOut(List<Effect> todo) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("effects are carried out outside the lock");
    }
    try {
      todo.forEach(effects::carryOut);
    } finally {
      if (carrying.decrementAndGet() == 0 && allEnded) {
        terminated.complete(true);
      }
    }
    wakeUp.arm();
    events.deliver();
  }

  private void wake() {
    tell(Engine::tick);
  }

  // Called by entries, on the host's threads.

  void bodyEnded(Entry<?> entry, Outcome<?> outcome) {
    tell((to, now) -> to.bodyEnded(entry, outcome, now));
  }

  boolean cancel(Entry<?> entry, String reason) {
    return ask((to, now) -> to.cancel(entry, reason, now));
  }

  /**
   * Suspends a body.
   *
   * @param suspending called under the lock before the slot is given up
   * @return false when the other task has ended already, and the body keeps its slot
   */
  boolean suspend(Entry<?> entry, Entry<?> target, Runnable suspending) {
    return ask(
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
    ask((to, now) -> Optional.ofNullable(to.beginJoin(waiter, target, now)))
        .ifPresent(
            dead -> {
              throw dead;
            });
  }

  void endJoin(Entry<?> waiter) {
    tell((to, now) -> to.endJoin(waiter, now));
  }

  <T extends @Nullable Object> TaskState stateOf(Entry<T> entry) {
    return entry.outcome().map(entry::endState).orElseGet(() -> look(view -> view.stateOf(entry)));
  }

  OptionalInt positionOf(Job job) {
    return look(
        view -> {
          int at = view.inOrder(job.taskClass()).indexOf(job);
          return at < 0 ? OptionalInt.empty() : OptionalInt.of(at);
        });
  }

  Optional<WaitReason> waitsFor(Entry<?> entry) {
    return entry.outcome().isPresent() ? Optional.empty() : look(view -> view.waitsFor(entry));
  }

  void completeView(Runnable completion) {
    if (!Guard.execute(callbacks, "completing a future", completion)) {
      completion.run();
    }
  }

  // Called by effects.

  void looked(Effect.Look look, Looks.Result result) {
    tell(
        (to, now) -> {
          lastLook = result.reports();
          nextForecast = Verdicts.forecastOf(result.reports());
          if (events.hasListeners()) {
            events.publish(
                new SchedulerEvent.Looked(
                    clock.instant(),
                    look.job().id(),
                    ((Entry<?>) look.job()).task(),
                    look.stage(),
                    result.reports()));
          }
          to.verdict(look.token(), result.verdict(), now);
        });
  }

  void evicted(Effect.Evict evict, @Nullable String failure) {
    tell(
        (to, now) -> {
          if (events.hasListeners()) {
            events.publish(
                new SchedulerEvent.Evicted(
                    clock.instant(),
                    evict.job().id(),
                    ((Entry<?>) evict.job()).task(),
                    evict.resident().model(),
                    Optional.ofNullable(failure)));
          }
          to.evicted(evict.token(), failure, now);
        });
  }

  boolean wants(long token) {
    return look(view -> view.wants(token));
  }

  void terminated() {
    allEnded = true;
  }

  // The rest of the scheduler's face.

  @Override
  public CompletableFuture<Preview> preview(ScheduledTask<?> task) {
    Objects.requireNonNull(task, "task must not be null");
    return new Previews(settings, plugins, looks)
        .preview(task, this::look, snapshot().notLookedAt());
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
          if (events.hasListeners()) {
            events.publish(new SchedulerEvent.FleetLimit(clock.instant(), limit, reason));
          }
        });
    warnAboutOverride(limit);
  }

  private void warnAboutOverride(int limit) {
    fleetLimitOverride.ifPresent(
        reason -> LOG.warn("the fleet's limit of 5 is overridden with {}: {}", limit, reason));
  }

  @Override
  public SchedulerSnapshot snapshot() {
    return look(
        view ->
            Snapshots.of(
                view, settings, clock.instant(), fleetLimitOverride, lastLook, nextForecast));
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
        ask(
            (to, now) -> {
              publishShutdown(true);
              return to.shutdownNow(reason, now);
            });
    return neverRan.stream().<ScheduledTask<?>>map(job -> ((Entry<?>) job).task()).toList();
  }

  private void publishShutdown(boolean immediate) {
    if (events.hasListeners()) {
      events.publish(new SchedulerEvent.Shutdown(clock.instant(), immediate));
    }
  }

  @Override
  public boolean isShutdown() {
    return look(EngineView::shutdown);
  }

  @Override
  public boolean isTerminated() {
    return terminated.isDone();
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    Objects.requireNonNull(timeout, "timeout must not be null");
    try {
      return terminated.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    BodyRun<?> current = BodyRun.current();
    if (current != null && current.entry().scheduler() == this) {
      throw new IllegalStateException(
          current.entry() + " would wait for itself: close the scheduler outside its tasks");
    }
    shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        terminated.get();
        break;
      } catch (InterruptedException told) {
        interrupted = true;
        shutdownNow("the thread that closes the scheduler was interrupted");
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
