package dev.twoqueue.internal;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.Evictor;
import dev.twoqueue.Gate;
import dev.twoqueue.OccupancyWatch;
import dev.twoqueue.OutsidePermits;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.SchedulerClock;
import dev.twoqueue.SchedulerListener;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.internal.engine.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What a builder collected, checked. */
public record SchedulerSettings(
    List<Gate> gates,
    List<Gate> fleetGates,
    List<OccupancyWatch> watches,
    List<SchedulerListener> listeners,
    Optional<ResidencyProbe> probe,
    Optional<Evictor> evictor,
    Optional<WorkingSetPredictor> predictor,
    Optional<OutsidePermits> outsidePermits,
    Optional<SchedulerClock> clock,
    Optional<Executor> executor,
    Optional<Executor> callbackExecutor,
    TurnPolicy turnPolicy,
    DrainPolicy drainPolicy,
    int fleetLimit,
    Optional<String> fleetLimitOverride,
    int localQueueLimit,
    int fleetQueueLimit,
    int consecutiveStartsCap,
    int suspendedLimit,
    int eventBuffer,
    Optional<InputLogTarget> inputLog,
    Duration lookTimeout,
    Duration evictionTimeout) {

  /** What of it the engine must know, with guarded policies. */
  EngineSettings forEngine() {
    return new EngineSettings(
        Guard.policy(turnPolicy),
        Guard.policy(drainPolicy),
        probe.isPresent(),
        evictor.isPresent() && probe.isPresent(),
        !gates.isEmpty() || predictor.isPresent(),
        !fleetGates.isEmpty(),
        outsidePermits.isPresent(),
        fleetLimit,
        localQueueLimit,
        fleetQueueLimit,
        consecutiveStartsCap,
        suspendedLimit,
        !listeners.isEmpty());
  }

  /** Whether no code of the host's runs on a thread that decides. */
  boolean allItsOwn() {
    return executor.isEmpty() && callbackExecutor.isEmpty() && clock.isEmpty();
  }

  /** The rule's own bound on the fleet's limit (I2). */
  public static int checkedFleetLimit(int limit) {
    if (limit < 1 || limit > TwoQueueScheduler.DEFAULT_FLEET_LIMIT) {
      throw new IllegalArgumentException(
          "fleetLimit must be 1 to "
              + TwoQueueScheduler.DEFAULT_FLEET_LIMIT
              + ", was "
              + limit
              + "; more needs overrideFleetLimit with a reason");
    }
    return limit;
  }

  /** What overrides the rule's bound must say why. */
  public static void checkedOverride(int limit, String reason) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    notBlank(reason, "reason");
  }

  static void notBlank(String value, String name) {
    if (Objects.requireNonNull(value, () -> name + " must not be null").isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
  }
}
