package dev.twoqueue;

import dev.twoqueue.internal.DefaultScheduler;
import dev.twoqueue.internal.SchedulerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link TwoQueueScheduler}. Every setting has a default; without a gate, a probe or a
 * predictor the scheduler works, and its snapshot says what is not being looked at. Not safe for
 * use by several threads.
 */
public final class SchedulerBuilder {
  private final List<Gate> gates = new ArrayList<>();
  private final List<Gate> fleetGates = new ArrayList<>();
  private final List<OccupancyWatch> watches = new ArrayList<>();
  private final List<SchedulerListener> listeners = new ArrayList<>();
  private @Nullable ResidencyProbe probe;
  private @Nullable Evictor evictor;
  private @Nullable WorkingSetPredictor predictor;
  private @Nullable OutsidePermits outsidePermits;
  private @Nullable SchedulerClock clock;
  private @Nullable Executor executor;
  private @Nullable Executor callbackExecutor;
  private TurnPolicy turnPolicy = TurnPolicy.DEFAULT;
  private DrainPolicy drainPolicy = DrainPolicy.DEFAULT;
  private int fleetLimit = TwoQueueScheduler.DEFAULT_FLEET_LIMIT;
  private @Nullable String fleetLimitOverride;
  private int localQueueLimit = 10_000;
  private int fleetQueueLimit = 100_000;
  private int consecutiveStartsCap = Integer.MAX_VALUE;
  private int suspendedLimit = 64;
  private int eventBuffer = 10_000;
  private @Nullable InputLog inputLog;
  private Duration lookTimeout = Duration.ofSeconds(10);
  private Duration evictionTimeout = Duration.ofSeconds(60);

  SchedulerBuilder() {}

  /**
   * Adds a gate for local-heavy starts. All gates are asked, in the order in which they were added.
   *
   * @param gate the gate
   * @return this
   */
  public SchedulerBuilder gate(Gate gate) {
    gates.add(Arguments.notNull(gate, "gate"));
    return this;
  }

  /**
   * Adds a gate for the fleet: looked at when a fleet turn begins and, at its own pace (10 s where
   * its verdict does not say), while it runs; a hold closes the door.
   *
   * @param gate the gate
   * @return this
   */
  public SchedulerBuilder fleetGate(Gate gate) {
    fleetGates.add(Arguments.notNull(gate, "gate"));
    return this;
  }

  /**
   * Adds a watch on local-heavy tasks while they occupy. Default: none.
   *
   * @param watch is asked from a second after the start until the end
   * @return this
   */
  public SchedulerBuilder watch(OccupancyWatch watch) {
    watches.add(Arguments.notNull(watch, "watch"));
    return this;
  }

  /**
   * Sets the probe that tells what is resident; its {@link ResidencyProbe#evictor} is used unless
   * {@link #evictor} sets another. Default: none, the model that last ended well is taken as a hint
   * for the order.
   *
   * @param probe the probe
   * @return this
   */
  public SchedulerBuilder residencyProbe(ResidencyProbe probe) {
    this.probe = Arguments.notNull(probe, "probe");
    return this;
  }

  /**
   * Sets how a worker model is evicted before another is loaded. Default: the probe's.
   *
   * @param evictor the evictor
   * @return this
   */
  public SchedulerBuilder evictor(Evictor evictor) {
    this.evictor = Arguments.notNull(evictor, "evictor");
    return this;
  }

  /**
   * Sets what forecasts memory. Default: none.
   *
   * @param predictor the predictor
   * @return this
   */
  public SchedulerBuilder workingSetPredictor(WorkingSetPredictor predictor) {
    this.predictor = Arguments.notNull(predictor, "predictor");
    return this;
  }

  /**
   * Sets where permits from outside come from. Default: every permit is granted at once.
   *
   * @param permits the source
   * @return this
   */
  public SchedulerBuilder outsidePermits(OutsidePermits permits) {
    this.outsidePermits = Arguments.notNull(permits, "permits");
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener is told what the scheduler does
   * @return this
   */
  public SchedulerBuilder listener(SchedulerListener listener) {
    listeners.add(Arguments.notNull(listener, "listener"));
    return this;
  }

  /**
   * Sets how many events may wait for a slow listener. Default: 10,000.
   *
   * @param events 1 or more
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SchedulerBuilder eventBuffer(int events) {
    this.eventBuffer = Arguments.positive(events, "eventBuffer");
    return this;
  }

  /**
   * Sets how many fleet tasks may occupy. Default: 5.
   *
   * @param limit 1 to 5
   * @return this
   * @throws IllegalArgumentException when outside of that: use {@link #overrideFleetLimit}
   */
  public SchedulerBuilder fleetLimit(int limit) {
    this.fleetLimit = SchedulerSettings.checkedFleetLimit(limit);
    this.fleetLimitOverride = null;
    return this;
  }

  /**
   * Sets how many fleet tasks may occupy, above the rule's 5 if need be. Log and snapshot show the
   * reason.
   *
   * @param limit 1 or more
   * @param reason why the rule may be overridden
   * @return this
   * @throws IllegalArgumentException when the limit is below 1 or the reason blank
   */
  public SchedulerBuilder overrideFleetLimit(int limit, String reason) {
    SchedulerSettings.checkedOverride(limit, reason);
    this.fleetLimit = limit;
    this.fleetLimitOverride = reason;
    return this;
  }

  /**
   * Sets how many local-heavy tasks may wait. Default: 10,000.
   *
   * @param tasks 1 or more
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SchedulerBuilder localQueueLimit(int tasks) {
    this.localQueueLimit = Arguments.positive(tasks, "localQueueLimit");
    return this;
  }

  /**
   * Sets how many fleet tasks may wait. Default: 100,000.
   *
   * @param tasks 1 or more
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SchedulerBuilder fleetQueueLimit(int tasks) {
    this.fleetQueueLimit = Arguments.positive(tasks, "fleetQueueLimit");
    return this;
  }

  /**
   * Caps how many tasks of one model may start in a row while a task of another model (or of none)
   * waits (I5). Default: no cap, every queued task of the resident model runs before a swap.
   *
   * @param starts 1 or more
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SchedulerBuilder consecutiveStartsCap(int starts) {
    this.consecutiveStartsCap = Arguments.positive(starts, "consecutiveStartsCap");
    return this;
  }

  /**
   * Sets how many tasks may be suspended in {@link TaskContext#await} at once. Default: 64.
   *
   * @param tasks 1 or more
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SchedulerBuilder suspendedLimit(int tasks) {
    this.suspendedLimit = Arguments.positive(tasks, "suspendedLimit");
    return this;
  }

  /**
   * Sets how long each gate, the probe and the predictor may take for one answer. Default: 10 s.
   *
   * @param timeout positive
   * @return this
   * @throws IllegalArgumentException when not positive
   */
  public SchedulerBuilder lookTimeout(Duration timeout) {
    this.lookTimeout = Arguments.positive(timeout, "lookTimeout");
    return this;
  }

  /**
   * Sets how long the evictor may take for one model. Default: 60 s.
   *
   * @param timeout positive
   * @return this
   * @throws IllegalArgumentException when not positive
   */
  public SchedulerBuilder evictionTimeout(Duration timeout) {
    this.evictionTimeout = Arguments.positive(timeout, "evictionTimeout");
    return this;
  }

  /**
   * Sets how long a class may go on starting tasks while the other waits. Default: {@link
   * TurnPolicy#DEFAULT}, 30 s for both.
   *
   * @param policy the policy
   * @return this
   */
  public SchedulerBuilder turnPolicy(TurnPolicy policy) {
    this.turnPolicy = Arguments.notNull(policy, "policy");
    return this;
  }

  /**
   * Sets which model's tasks run next. Default: {@link DrainPolicy#DEFAULT}, the resident model's,
   * then those of the model whose task is the oldest.
   *
   * @param policy the policy
   * @return this
   */
  public SchedulerBuilder drainPolicy(DrainPolicy policy) {
    this.drainPolicy = Arguments.notNull(policy, "policy");
    return this;
  }

  /**
   * Sets what runs the tasks' bodies; the scheduler does not shut it down. Default: virtual threads
   * on Java 21 and later, else pooled daemon threads that end after a second without work. One of
   * these may run several tasks after each other, as any pool's threads do.
   *
   * @param executor must run what it accepts; may be smaller than the fleet's limit, but a body
   *     that blocks in {@code await} or {@code join} keeps its thread from the body that it waits
   *     for
   * @return this
   */
  public SchedulerBuilder executor(Executor executor) {
    this.executor = Arguments.notNull(executor, "executor");
    return this;
  }

  /**
   * Sets what runs gates, probe, predictor, evictor, listeners and cancellation actions; the
   * scheduler does not shut it down. Default: as for the bodies, on threads of its own.
   *
   * @param executor must not be bounded so tightly that one plug-in that hangs stops the others
   * @return this
   */
  public SchedulerBuilder callbackExecutor(Executor executor) {
    this.callbackExecutor = Arguments.notNull(executor, "executor");
    return this;
  }

  /**
   * Sets time and timer. Default: the system's, on one daemon thread that exists only while a timer
   * is armed.
   *
   * @param clock the clock
   * @return this
   */
  public SchedulerBuilder clock(SchedulerClock clock) {
    this.clock = Arguments.notNull(clock, "clock");
    return this;
  }

  /**
   * Logs all that the scheduler is told, so that its decisions can be made again. Default: no log,
   * which costs nothing.
   *
   * @param log where to; for this one scheduler
   * @return this
   */
  public SchedulerBuilder inputLog(InputLog log) {
    this.inputLog = Arguments.notNull(log, "log");
    return this;
  }

  /**
   * Builds the scheduler. It starts no thread before there is something to do.
   *
   * @return a scheduler that takes tasks
   * @throws java.io.UncheckedIOException when the file of {@link #inputLog} cannot be made
   */
  public TwoQueueScheduler build() {
    return new DefaultScheduler(settings());
  }

  private SchedulerSettings settings() {
    Evictor using = evictor != null ? evictor : probe == null ? null : probe.evictor().orElse(null);
    return new SchedulerSettings(
        List.copyOf(gates),
        List.copyOf(fleetGates),
        List.copyOf(watches),
        List.copyOf(listeners),
        Optional.ofNullable(probe),
        Optional.ofNullable(using),
        Optional.ofNullable(predictor),
        Optional.ofNullable(outsidePermits),
        Optional.ofNullable(clock),
        Optional.ofNullable(executor),
        Optional.ofNullable(callbackExecutor),
        turnPolicy,
        drainPolicy,
        fleetLimit,
        Optional.ofNullable(fleetLimitOverride),
        localQueueLimit,
        fleetQueueLimit,
        consecutiveStartsCap,
        suspendedLimit,
        eventBuffer,
        Optional.ofNullable(inputLog).map(InputLog::target),
        lookTimeout,
        evictionTimeout);
  }
}
