package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How fleet tasks start: in order of submission, while the door is open, up to the limit, after the
 * fleet's gates and the permit from outside where the host gave these.
 */
final class FleetStart {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final Duration NO_PERMIT = Duration.ofSeconds(5);

  private final State state;
  private final LocalStart localStart;
  private final Map<Long, Job> asking = new LinkedHashMap<>();
  private long clearUntil = Long.MIN_VALUE;
  private final ClassHold classHold = new ClassHold();
  private long lookToken;
  private @Nullable Job lookedAt;

  FleetStart(State state, LocalStart localStart) {
    this.state = state;
    this.localStart = localStart;
  }

  ClassHold classHold() {
    return classHold;
  }

  /**
   * Whether a fleet task could start, as far as its own class is concerned. One that waits for its
   * permit counts: otherwise the other class would take every turn of it before the permit comes.
   */
  boolean ready() {
    return !state.unwindingFleet.isEmpty()
        || !asking.isEmpty()
        || (!state.fleetPaused && !classHold.holds() && !state.fleet.isEmpty());
  }

  /** Starts all that may start. */
  void step() {
    if (localStart.doorClosed()) {
      withdrawAsking();
      startNeeded();
      return;
    }
    if (!ready() || !state.rule.localFree() || !myTurn()) {
      return;
    }
    while (state.rule.mayEnter(TaskClass.FLEET)) {
      Job next = state.unwindingFleet.first();
      if (next == null) {
        next = mayStartMore() ? state.fleet.first() : null;
      }
      if (next == null) {
        break;
      }
      enter(next);
    }
  }

  private boolean myTurn() {
    if (state.turns.is(TaskClass.LOCAL_HEAVY)) {
      if (localStart.wants() && state.turns.remaining(state.now) > 0) {
        return false;
      }
    } else if (state.turns.is(TaskClass.FLEET)) {
      return true;
    }
    state.turns.begin(TaskClass.FLEET);
    clearUntil = Long.MIN_VALUE;
    return true;
  }

  private boolean mayStartMore() {
    if (state.fleetPaused || classHold.holds()) {
      return false;
    }
    Job head = state.fleet.first();
    if (head == null || !state.settings.looksAtFleet() || state.now < clearUntil) {
      return head != null;
    }
    if (lookToken == 0) {
      lookToken = state.newToken();
      lookedAt = head;
      state.emit(new Effect.LookAtFleet(head, lookToken));
    }
    return false;
  }

  /**
   * Behind a closed door starts only what a running fleet task waits for in a plain join: without
   * it the fleet would never end, and the door was closed to let it end (I10). A pause, a hold and
   * the fleet's gates count for it as for any other start.
   */
  private void startNeeded() {
    for (Job occupant : state.rule.fleet()) {
      Job needed = WaitGraph.queuedFleetJobBehind(occupant, state.rule);
      if (needed != null
          && state.rule.mayEnter(TaskClass.FLEET) // before the gates, which nobody need be asked
          && (needed.stage == Job.Stage.UNWINDING || mayStartMore())) {
        enter(needed);
      }
    }
  }

  private void enter(Job job) {
    boolean unwinding = job.stage == Job.Stage.UNWINDING;
    (unwinding ? state.unwindingFleet : state.fleet).remove(job);
    state.rule.enter(job);
    if (!state.settings.asksOutside() || unwinding) {
      state.begin(job, false);
      return;
    }
    job.permitToken = state.newToken();
    asking.put(job.permitToken, job);
    if (!job.isResume()) {
      job.stage = Job.Stage.ASKING;
    }
    state.turns.asks(state.now);
    state.emit(new Effect.AskPermit(job, job.permitToken));
  }

  boolean wantsPermit(long asked) {
    return asking.containsKey(asked);
  }

  boolean permitGranted(long token, Lease permit) {
    Job job = asking.remove(token);
    if (job == null) {
      return false;
    }
    job.permit = permit;
    state.begin(job, false);
    return true;
  }

  void permitRefused(long token, String why) {
    Job job = asking.remove(token);
    if (job != null) {
      backToQueue(job);
      hold(Verdict.holdClass("no permit from outside: " + why, NO_PERMIT));
    }
  }

  /** What only asks does not run, so a closing door need not wait for it. */
  private void withdrawAsking() {
    if (asking.isEmpty()) {
      return;
    }
    Set<Job> needed = new HashSet<>();
    for (Job occupant : state.rule.fleet()) {
      needed.addAll(WaitGraph.joinedBehind(occupant));
    }
    List<Job> jobs = asking.values().stream().filter(job -> !needed.contains(job)).toList();
    jobs.forEach(this::withdraw);
    jobs.forEach(this::backToQueue);
  }

  /** The class was paused: a permit that is granted now must start nothing. */
  void paused() {
    List<Job> jobs = new ArrayList<>(asking.values());
    jobs.forEach(this::withdraw);
    jobs.forEach(this::backToQueue);
  }

  /** The limit was lowered: what only asks must not start above it. */
  void limitLowered() {
    List<Job> youngestFirst = new ArrayList<>(asking.values());
    Collections.reverse(youngestFirst);
    for (Job job : youngestFirst) {
      if (state.rule.fleet().size() > state.rule.fleetLimit()) {
        withdraw(job);
        backToQueue(job);
      }
    }
  }

  private void withdraw(Job job) {
    asking.remove(job.permitToken);
    state.emit(new Effect.WithdrawPermit(job.permitToken));
  }

  private void backToQueue(Job job) {
    state.rule.leave(job);
    if (job.stage == Job.Stage.ASKING) {
      job.stage = Job.Stage.QUEUED;
    }
    state.fleet.add(job);
  }

  /** Takes a job that has not begun, or not gone on, out of wherever it waits. */
  void remove(Job job) {
    if (asking.get(job.permitToken) == job) {
      withdraw(job);
      state.rule.leave(job);
    } else {
      state.fleet.remove(job);
    }
  }

  void verdict(long token, Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      state.release(proceed.lease());
    }
    if (token != lookToken) {
      return;
    }
    lookToken = 0;
    if (verdict instanceof Verdict.Proceed proceed) {
      clearUntil = state.now + proceed.lookAgainAfter().orElse(LOOK_AGAIN).toNanos();
    } else if (verdict instanceof Verdict.Hold hold) {
      // Whatever its scope: a fleet gate looks at the machine, not at one task.
      hold(
          new Verdict.Hold(
              hold.reason(), hold.lookAgainAfter(), Verdict.Scope.CLASS, hold.forecast()));
    } else if (verdict instanceof Verdict.Refuse refuse) {
      refuseLookedAt(refuse);
    }
  }

  /** It need not be the head any more: one that asked for a permit may have come back. */
  private void refuseLookedAt(Verdict.Refuse refuse) {
    Job refused = lookedAt;
    if (refused == null || !state.fleet.contains(refused)) {
      return; // it went meanwhile, and its refusal is nobody else's
    }
    state.fleet.remove(refused);
    state.refuse(refused, refuse);
  }

  private void hold(Verdict.Hold asked) {
    Verdict.Hold hold = ClassHold.atLeastASecond(asked);
    classHold.hold(hold, state.now);
    Job head = state.fleet.first();
    if (head != null && state.settings.tells()) {
      state.emit(new Effect.Held(head, hold));
    }
  }

  long nextWake() {
    return state.fleet.isEmpty() ? Job.NEVER : classHold.until();
  }

  /** The jobs in the order in which they would start; for reports. */
  List<Job> list() {
    List<Job> all = new ArrayList<>(state.fleet.size());
    state.fleet.forEach(all::add);
    return all;
  }
}
