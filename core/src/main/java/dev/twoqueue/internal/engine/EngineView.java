package dev.twoqueue.internal.engine;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskState;
import dev.twoqueue.WaitReason;
import dev.twoqueue.WaitReason.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be seen of the engine. Reads only; to be used under the shell's lock. */
public final class EngineView {
  private final State state;
  private final LocalStart localStart;
  private final FleetStart fleetStart;

  EngineView(State state, LocalStart localStart, FleetStart fleetStart) {
    this.state = state;
    this.localStart = localStart;
    this.fleetStart = fleetStart;
  }

  /** The time of this look. */
  public long now() {
    return state.now;
  }

  /** The state that a handle shows, as long as it has not ended. */
  public TaskState stateOf(Job job) {
    return switch (job.stage) {
      case QUEUED -> localStart.isFor(job) ? TaskState.STARTING : TaskState.QUEUED;
      case ASKING -> TaskState.STARTING;
      case RUNNING, GONE -> TaskState.RUNNING;
      case SUSPENDED, RESUMING, UNWINDING -> TaskState.SUSPENDED;
    };
  }

  /** The tasks that occupy. */
  public List<Job> running(TaskClass taskClass) {
    if (taskClass == TaskClass.FLEET) {
      return state.rule.fleet().toList().stream()
          .filter(job -> job.stage == Job.Stage.RUNNING)
          .toList();
    }
    Job local = state.rule.local();
    return local == null ? List.of() : List.of(local);
  }

  /** The tasks in await. */
  public List<Job> suspended(TaskClass taskClass) {
    return state.suspended.stream().filter(job -> job.taskClass == taskClass).toList();
  }

  /** How many tasks are held one by one. */
  public int held(TaskClass taskClass) {
    return taskClass == TaskClass.LOCAL_HEAVY ? state.local.held() : 0;
  }

  /** Whether a task is held by itself. */
  public boolean isHeld(Job job) {
    return job.heldUntil != Job.NEVER;
  }

  /** How many tasks wait and are not held one by one. */
  public int queued(TaskClass taskClass) {
    return taskClass == TaskClass.LOCAL_HEAVY
        ? state.local.ready()
        : state.fleet.size() + state.unwindingFleet.size();
  }

  /** All tasks that wait, in the order in which they would start; held ones last. */
  public List<Job> inOrder(TaskClass taskClass) {
    if (taskClass == TaskClass.FLEET) {
      return fleetStart.list();
    }
    List<Job> all =
        inDrainOrder(state.drain.nextAfter(state.rule.local()), state.local.listReady());
    all.addAll(state.local.listHeld());
    return all;
  }

  /**
   * As residency is known now: the jobs of the next one's model, then whoever is first by
   * submission, with all that share its model. A job without a model changes no residency, so
   * nothing follows it at once.
   */
  private static List<Job> inDrainOrder(@Nullable Job next, List<Job> ready) {
    ready.sort(Comparator.comparingLong(Job::id));
    Map<ResidencyKey, List<Job>> byKey = new HashMap<>();
    for (Job job : ready) {
      job.key().ifPresent(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(job));
    }
    List<Job> ordered = new ArrayList<>(ready.size());
    if (next != null) {
      next.key().map(byKey::remove).ifPresent(ordered::addAll);
    }
    for (Job job : ready) {
      if (job.key().isEmpty()) {
        ordered.add(job);
      } else {
        job.key().map(byKey::remove).ifPresent(ordered::addAll);
      }
    }
    return ordered;
  }

  /** How long the oldest task of each model has waited. */
  public Map<String, Duration> longestWaits() {
    Map<String, Duration> waits = new HashMap<>();
    state
        .local
        .oldestByModel()
        .forEach((model, job) -> waits.put(model, Duration.ofNanos(state.now - job.since)));
    return waits;
  }

  /** Whose turn it is. */
  public Optional<TaskClass> turn() {
    return Optional.ofNullable(state.turns.turn());
  }

  /** Whether fleet tasks may start, as far as the other class is concerned. */
  public boolean fleetDoorOpen() {
    return state.rule.localFree() && !localStart.doorClosed();
  }

  /** How many fleet tasks may occupy. */
  public int fleetLimit() {
    return state.rule.fleetLimit();
  }

  /** What was resident when last looked at. */
  public Residency residency() {
    return state.drain.residency();
  }

  /** Local starts that needed another model. */
  public long swaps() {
    return state.drain.swaps();
  }

  /** Swaps that the order of submission would have paid for the same tasks. */
  public long fifoSwaps() {
    return state.drain.fifoSwaps();
  }

  /** Whether a class is paused. */
  public boolean paused(TaskClass taskClass) {
    return state.paused(taskClass);
  }

  /** Whether the answer to a question is still waited for. */
  public boolean wants(long token) {
    return localStart.wants(token) || fleetStart.wantsPermit(token);
  }

  /** Whether no more tasks are taken. */
  public boolean shutdown() {
    return state.shutdown;
  }

  /** Why the whole class waits. */
  public Optional<WaitReason> classHold(TaskClass taskClass) {
    boolean isLocal = taskClass == TaskClass.LOCAL_HEAVY;
    ClassHold hold = isLocal ? localStart.classHold() : fleetStart.classHold();
    if (state.paused(taskClass)) {
      return Optional.of(new WaitReason(Cause.PAUSED, "the class is paused", Optional.empty()));
    }
    return hold.holds() ? Optional.of(held(hold.because(), hold.until())) : Optional.empty();
  }

  /** Why a task waits now; empty when it does not. */
  public Optional<WaitReason> waitsFor(Job job) {
    if (job.stage == Job.Stage.RUNNING || job.stage == Job.Stage.GONE) {
      return Optional.empty();
    }
    if (job.stage == Job.Stage.SUSPENDED && job.awaits != null) {
      return Optional.of(new WaitReason(Cause.AWAITING, "awaits " + job.awaits, Optional.empty()));
    }
    if (job.stage == Job.Stage.ASKING) {
      return Optional.of(askingOutside());
    }
    if (localStart.isFor(job)) {
      return Optional.of(starting());
    }
    if (isHeld(job)) {
      return Optional.of(held(String.valueOf(job.heldBecause), job.heldUntil));
    }
    return Optional.of(queuedBehind(job.taskClass));
  }

  /** Why a task that is submitted now would wait; empty when it would start, or be looked at. */
  public Optional<WaitReason> wouldWaitFor(TaskClass taskClass) {
    boolean others = queued(taskClass) > 0 || localStart.phase() != LocalStart.Phase.IDLE;
    boolean free = state.rule.mayEnter(taskClass) && !state.paused(taskClass);
    return free && !others && classHold(taskClass).isEmpty()
        ? Optional.empty()
        : Optional.of(queuedBehind(taskClass));
  }

  private WaitReason starting() {
    return switch (localStart.phase()) {
      case EVICTING, CONFIRMING ->
          new WaitReason(
              Cause.EVICTING, "evicts " + state.drain.residency() + " first", Optional.empty());
      case ASKING -> askingOutside();
      default ->
          new WaitReason(Cause.LOOKING, "is being looked at before its start", Optional.empty());
    };
  }

  private static WaitReason askingOutside() {
    return new WaitReason(
        Cause.OUTSIDE_PERMIT, "waits for a permit from outside", Optional.empty());
  }

  private WaitReason queuedBehind(TaskClass taskClass) {
    Optional<WaitReason> hold = classHold(taskClass);
    if (hold.isPresent()) {
      return hold.get();
    }
    Job local = state.rule.local();
    if (taskClass == TaskClass.FLEET) {
      if (local != null || localStart.doorClosed()) {
        String who = local == null ? "a local-heavy task is to start" : local + " occupies";
        return new WaitReason(
            Cause.OTHER_CLASS, "the fleet's door is closed: " + who, Optional.empty());
      }
      return !state.rule.fleetBelowLimit()
          ? new WaitReason(
              Cause.SLOT_TAKEN,
              "all " + state.rule.fleetLimit() + " fleet permits are taken",
              Optional.empty())
          : new WaitReason(Cause.BEHIND_OTHERS, "others are ahead of it", Optional.empty());
    }
    if (local != null) {
      return new WaitReason(Cause.SLOT_TAKEN, local + " occupies", Optional.empty());
    }
    if (!state.rule.fleetEmpty()) {
      return new WaitReason(
          Cause.OTHER_CLASS, state.rule.fleet().size() + " fleet tasks occupy", Optional.empty());
    }
    return new WaitReason(Cause.BEHIND_OTHERS, "others are ahead of it", Optional.empty());
  }

  private WaitReason held(String reason, long until) {
    return new WaitReason(
        Cause.HELD, reason, Optional.of(Duration.ofNanos(Math.max(0, until - state.now))));
  }
}
