package dev.twoqueue.internal.engine;

import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How a local-heavy task starts: observe residency, choose (I5), look early while the fleet still
 * runs or before a model is evicted, close the door, wait for the fleet to end, evict, ask for the
 * permit from outside, look for the last time (I4), start. The chosen job stays in its queue until
 * it starts, so that a cancel or a deadline finds it there.
 */
final class LocalStart {
  /** What the attempt waits for. */
  enum Phase {
    IDLE,
    OBSERVING,
    LOOKING_EARLY,
    DRAINING,
    EVICTING,
    CONFIRMING,
    ASKING,
    LOOKING
  }

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final State state;
  private final Drain drain;
  private final ClassHold classHold = new ClassHold();
  private Phase phase = Phase.IDLE;
  private long token;
  private @Nullable Job job;

  /** The door is closed: only what this attempt starts may start. */
  private boolean closed;

  /** The door was closed while the fleet ran. */
  private boolean closedOnFleet;

  private @Nullable Job lookedEarly;
  private final Queue<ResidentModel> toEvict = new ArrayDeque<>();
  private @Nullable String evictionFailure;
  private @Nullable Lease permit;
  private long askedAt;

  LocalStart(State state) {
    this.state = state;
    this.drain = state.drain;
  }

  Phase phase() {
    return phase;
  }

  /**
   * Whether an attempt is under way. What was held comes back only between attempts: if it pushed
   * in before the task of this one, each hold shorter than an attempt would keep all others out.
   */
  boolean underWay() {
    return phase != Phase.IDLE;
  }

  boolean isFor(Job other) {
    return job == other;
  }

  boolean doorClosed() {
    return closed;
  }

  ClassHold classHold() {
    return classHold;
  }

  /** Whether a local-heavy task could start, as far as its own class is concerned. */
  boolean wants() {
    return !state.unwindingLocal.isEmpty() || mayStartMore();
  }

  private boolean mayStartMore() {
    return !state.localPaused && !classHold.holds() && state.local.ready() > 0;
  }

  /**
   * Goes on where no answer is waited for.
   *
   * @return whether anything changed
   */
  boolean step(boolean fleetReady) {
    if (phase == Phase.DRAINING) {
      return drained();
    }
    if (phase == Phase.ASKING && fleetReady && state.now >= askedAt + state.turns.patience()) {
      holdClass("no permit from outside so far", Duration.ofSeconds(1));
      return true;
    }
    if (phase != Phase.IDLE || !wants() || !state.rule.localFree() || !myTurn(fleetReady)) {
      return false;
    }
    if (state.rule.mayEnter(TaskClass.LOCAL_HEAVY)) {
      close(false);
      chooseWhileClosed();
    } else if (state.unwindingLocal.isEmpty()) {
      observe();
    } else {
      close(true);
      phase = Phase.DRAINING;
    }
    return true;
  }

  /** Asked after the fleet, which begins its turn where it is nobody's or this one's is used up. */
  private boolean myTurn(boolean fleetReady) {
    if (fleetReady && state.turns.is(TaskClass.FLEET) && state.turns.remaining(state.now) > 0) {
      return false;
    }
    return state.rule.fleetEmpty() || state.now >= state.turns.closeNotBefore();
  }

  private boolean drained() {
    if (!wants()) {
      giveUp();
      return true;
    }
    if (!state.rule.fleetEmpty()) {
      return false;
    }
    chooseWhileClosed();
    return true;
  }

  private void chooseWhileClosed() {
    Job unwinding = state.unwindingLocal.first();
    if (unwinding == null) {
      observe();
      return;
    }
    state.unwindingLocal.remove(unwinding);
    state.rule.enter(unwinding);
    done();
    state.begin(unwinding, false);
  }

  private void observe() {
    if (state.settings.probes()) {
      ask(Phase.OBSERVING);
      state.emit(new Effect.Observe(token));
    } else {
      choose();
    }
  }

  private void ask(Phase next) {
    phase = next;
    token = state.newToken();
  }

  void observed(long answered, Residency seen) {
    if (answered != token || (phase != Phase.OBSERVING && phase != Phase.CONFIRMING)) {
      return;
    }
    drain.observed(seen);
    if (phase == Phase.OBSERVING) {
      choose();
    } else {
      confirm();
    }
  }

  private void choose() {
    Job chosen = mayStartMore() ? drain.next() : null;
    job = chosen;
    if (chosen == null) {
      giveUp();
      return;
    }
    if (chosen.key != null
        && state.settings.probes()
        && drain.residency() instanceof Residency.Unknown unknown) {
      holdUnknown(chosen, unknown);
      return;
    }
    toEvict.clear();
    evictionFailure = null;
    toEvict.addAll(drain.inTheWayOf(chosen));
    if ((!closed || !toEvict.isEmpty()) && lookedEarly != chosen && state.settings.looks()) {
      ask(Phase.LOOKING_EARLY);
      long reclaimable = toEvict.stream().mapToLong(ResidentModel::bytes).sum();
      state.emit(
          new Effect.Look(chosen, GateRequest.Stage.EARLY, drain.residency(), reclaimable, token));
    } else {
      proceedEarly(chosen);
    }
  }

  private void proceedEarly(Job chosen) {
    if (!closed) {
      lookedEarly = chosen;
      close(true);
      phase = Phase.DRAINING;
      job = null;
    } else {
      evictNext(chosen);
    }
  }

  private void evictNext(Job chosen) {
    ResidentModel victim = toEvict.poll();
    if (victim != null) {
      ask(Phase.EVICTING);
      state.emit(new Effect.Evict(chosen, victim, token));
    } else {
      askOutside(chosen);
    }
  }

  void evicted(long answered, @Nullable String failure) {
    if (answered != token || phase != Phase.EVICTING) {
      return;
    }
    if (failure != null) {
      evictionFailure = failure;
    }
    Job chosen = job;
    if (chosen == null || !mayStartMore()) {
      giveUp();
    } else if (toEvict.isEmpty()) {
      ask(Phase.CONFIRMING);
      state.emit(new Effect.Observe(token));
    } else {
      evictNext(chosen);
    }
  }

  /** Only what the probe sees counts: an evictor that returned is not believed. */
  private void confirm() {
    Job chosen = job;
    if (chosen == null) {
      giveUp();
    } else if (drain.residency() instanceof Residency.Unknown unknown) {
      holdUnknown(chosen, unknown);
    } else if (!drain.inTheWayOf(chosen).isEmpty()) {
      hold(
          chosen,
          Verdict.hold(
              drain.residency()
                  + " did not leave for "
                  + chosen.key
                  + (evictionFailure == null ? "" : ": " + evictionFailure),
              LOOK_AGAIN));
    } else {
      askOutside(chosen);
    }
  }

  private void askOutside(Job chosen) {
    if (state.settings.asksOutside()) {
      ask(Phase.ASKING);
      askedAt = state.now;
      state.emit(new Effect.AskPermit(chosen, token));
    } else {
      lookForTheLastTime(chosen);
    }
  }

  /** Whether the answer to a question is still waited for. */
  boolean wants(long asked) {
    return phase != Phase.IDLE && asked == token;
  }

  boolean permitGranted(long answered, Lease granted) {
    Job chosen = job;
    if (answered != token || phase != Phase.ASKING || chosen == null) {
      return false;
    }
    permit = granted;
    lookForTheLastTime(chosen);
    return true;
  }

  void permitRefused(long answered, String why) {
    if (answered != token || phase != Phase.ASKING) {
      return;
    }
    phase = Phase.LOOKING; // the question was answered: there is nothing to withdraw
    holdClass("no permit from outside: " + why, LOOK_AGAIN);
  }

  private void lookForTheLastTime(Job chosen) {
    if (state.settings.looks()) {
      ask(Phase.LOOKING);
      state.emit(new Effect.Look(chosen, GateRequest.Stage.FINAL, drain.residency(), 0, token));
    } else {
      start(chosen, Lease.NONE);
    }
  }

  /** Takes a verdict; a late one only gives its lease back. */
  void verdict(long answered, Verdict verdict) {
    Lease lease = verdict instanceof Verdict.Proceed proceed ? proceed.lease() : Lease.NONE;
    Job chosen = job;
    boolean wanted = phase == Phase.LOOKING || phase == Phase.LOOKING_EARLY;
    if (answered != token || !wanted || chosen == null) {
      state.release(lease);
      return;
    }
    if (verdict instanceof Verdict.Hold hold) {
      hold(chosen, hold);
    } else if (verdict instanceof Verdict.Refuse refuse) {
      refuse(chosen, refuse);
    } else if (phase == Phase.LOOKING) {
      start(chosen, lease);
    } else {
      state.release(lease);
      proceedEarly(chosen);
    }
  }

  private void start(Job chosen, Lease lease) {
    state.local.remove(chosen);
    state.rule.enter(chosen);
    chosen.lease = lease;
    chosen.permit = permit;
    permit = null;
    done();
    state.begin(chosen, drain.started(chosen));
  }

  private void refuse(Job chosen, Verdict.Refuse refuse) {
    state.local.remove(chosen);
    job = null;
    state.refuse(chosen, refuse);
    failed();
  }

  private void hold(Job chosen, Verdict.Hold asked) {
    Verdict.Hold hold = ClassHold.atLeastASecond(asked);
    if (hold.scope() == Verdict.Scope.CLASS) {
      classHold.hold(hold, state.now);
    } else {
      state.local.hold(chosen, state.now + hold.lookAgainAfter().toNanos(), hold.reason());
    }
    if (state.settings.tells()) {
      state.emit(new Effect.Held(chosen, hold));
    }
    failed();
  }

  private void holdUnknown(Job chosen, Residency.Unknown unknown) {
    hold(chosen, Verdict.hold("residency is unknown: " + unknown.reason(), LOOK_AGAIN));
  }

  private void holdClass(String reason, Duration after) {
    Job chosen = job;
    if (chosen == null) {
      giveUp();
    } else {
      hold(chosen, new Verdict.Hold(reason, after, Verdict.Scope.CLASS, Optional.empty()));
    }
  }

  /** The attempt ended without a start. A closing that kept the fleet out backs off. */
  private void failed() {
    if (closedOnFleet) {
      state.turns.closingFailed(state.now);
    }
    boolean hadClosed = closed;
    giveUp();
    if (hadClosed) {
      state.turns.end(); // whoever was kept out comes next, with a whole turn
    }
  }

  /** The job left its queue by another way: cancelled, timed out. */
  void lost(Job gone) {
    if (job != gone) {
      return;
    }
    job = null;
    if (phase != Phase.EVICTING) {
      giveUp();
    }
  }

  /** The class was paused: nothing may start, but an eviction under way is waited for. */
  void paused() {
    if (job != null && phase != Phase.EVICTING) {
      giveUp();
    }
  }

  private void giveUp() {
    if (phase == Phase.ASKING) {
      state.emit(new Effect.WithdrawPermit(token));
    }
    done();
  }

  private void done() {
    phase = Phase.IDLE;
    token = state.newToken();
    job = null;
    lookedEarly = null;
    closed = false;
    closedOnFleet = false;
    if (permit != null) {
      state.release(permit);
      permit = null;
    }
  }

  private void close(boolean onFleet) {
    closed = true;
    closedOnFleet = onFleet;
  }

  /** When this part wants to be asked again, if nothing else happens. */
  long nextWake(boolean fleetReady) {
    long wake = state.local.ready() > 0 ? classHold.until() : Job.NEVER;
    if (phase == Phase.ASKING && fleetReady) {
      wake = Math.min(wake, askedAt + state.turns.patience());
    }
    if (phase == Phase.IDLE && wants() && state.rule.localFree()) {
      if (state.turns.is(TaskClass.FLEET) && fleetReady) {
        long remaining = state.turns.remaining(state.now);
        if (remaining > 0 && remaining < Job.NEVER - state.now) {
          wake = Math.min(wake, state.now + remaining);
        }
      }
      if (!state.rule.fleetEmpty() && state.turns.closeNotBefore() > state.now) {
        wake = Math.min(wake, state.turns.closeNotBefore());
      }
    }
    return wake;
  }
}
