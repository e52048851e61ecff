package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The decisions: every method takes one event and the time in nanoseconds, and leaves effects for
 * {@link #takeEffects}. Not safe for use by several threads: the shell calls it under its lock.
 * Time never runs backwards here; an earlier time counts as the latest one seen.
 */
public sealed class Engine permits RecordingEngine {
  private final State state;
  private final LocalStart localStart;
  private final FleetStart fleetStart;
  private final Waits waits;
  private boolean doorShownOpen = true;
  private long nextWake = Job.NEVER;

  /** An engine with empty queues. */
  public Engine(EngineSettings settings, long now) {
    state = new State(settings);
    state.now = now;
    localStart = new LocalStart(state);
    fleetStart = new FleetStart(state, localStart);
    waits = new Waits(state);
  }

  /** A look at everything, for snapshots and handles; valid until the next event. */
  public EngineView view(long now) {
    at(now);
    return new EngineView(state, localStart, fleetStart);
  }

  /** What is to be done, in order; what comes next goes into another list. */
  public List<Effect> takeEffects() {
    return takeEffects(ArrayList::new);
  }

  /**
   * The same for a caller who has a list that was carried out.
   *
   * @param next gives an empty list; called where anything is to be done
   */
  public List<Effect> takeEffects(Supplier<List<Effect>> next) {
    return state.takeEffects(next);
  }

  /** When to call {@link #tick} if nothing else happens; {@link Long#MAX_VALUE} for never. */
  public long nextWake() {
    return nextWake;
  }

  /** What was not taken yet. */
  final List<Effect> pending() {
    return state.pending();
  }

  /** The latest time seen. */
  final long now() {
    return state.now;
  }

  /** {@link #nextWake} since a moment; {@link Long#MAX_VALUE} for never. */
  final long wakeSince(long beginning) {
    return nextWake == Job.NEVER ? Job.NEVER : nextWake - beginning;
  }

  private long whenToWake() {
    boolean fleetReady = fleetStart.ready();
    long wake = localStart.underWay() ? Job.NEVER : state.local.nextRelease();
    wake = Math.min(wake, localStart.nextWake(fleetReady));
    wake = Math.min(wake, fleetStart.nextWake());
    return state.deadlines.isEmpty() ? wake : Math.min(wake, state.deadlines.first().deadline);
  }

  /**
   * A task was handed over.
   *
   * @return why it is not accepted; null when it is
   */
  public @Nullable String submit(Job job, long now) {
    at(now);
    boolean isLocal = job.taskClass == TaskClass.LOCAL_HEAVY;
    int queued = isLocal ? state.queuedLocal : state.queuedFleet;
    int limit = isLocal ? state.settings.localQueueLimit() : state.settings.fleetQueueLimit();
    if (state.shutdown) {
      return "The scheduler is shut down.";
    }
    if (queued >= limit) {
      return "The "
          + (isLocal ? "local-heavy" : "fleet")
          + " queue is full: "
          + queued
          + " tasks wait, its bound is "
          + limit
          + ".";
    }
    job.since = state.now;
    if (job.startWithin != null) {
      state.deadline(job, state.now + job.startWithin.toNanos());
    }
    state.live++;
    boolean behindOthers =
        job.startWithin == null && (isLocal ? state.local.ready() > 0 : !state.fleet.isEmpty());
    if (isLocal) {
      state.queuedLocal++;
      state.drain.submitted(job);
      state.local.add(job);
    } else {
      state.queuedFleet++;
      state.fleet.add(job);
    }
    if (!behindOthers) { // what keeps those from starting keeps this one too
      advance();
    }
    return null;
  }

  /**
   * A task is no longer wanted (I8).
   *
   * @return false when it had ended, or had been told, before
   */
  public boolean cancel(Job job, String reason, long now) {
    at(now);
    boolean did = cancel(job, reason);
    advance();
    return did;
  }

  private boolean cancel(Job job, String reason) {
    if (job.ended) {
      return false;
    }
    if (job.stage == Job.Stage.QUEUED || job.stage == Job.Stage.ASKING) {
      unqueue(job);
      state.finishUnstarted(job, new Outcome.Cancelled<>(reason));
      return true;
    }
    return tell(job, reason);
  }

  /** A running body is told once; a suspended one gets its slot back to unwind. */
  private boolean tell(Job job, String reason) {
    if (job.told != null || job.stage == Job.Stage.GONE) {
      return false;
    }
    job.told = reason;
    state.emit(new Effect.Tell(job, reason));
    if (job.stage == Job.Stage.SUSPENDED) {
      waits.endAwait(job);
      state.unwind(job, null);
    } else if (job.stage == Job.Stage.RESUMING) {
      unqueue(job);
      state.unwind(job, null);
    }
    return true;
  }

  private void unqueue(Job job) {
    if (job.taskClass == TaskClass.LOCAL_HEAVY) {
      state.local.remove(job);
      localStart.lost(job);
    } else {
      fleetStart.remove(job);
    }
  }

  /** The probe answered {@link Effect.Observe}. */
  public void observed(long token, Residency residency, long now) {
    at(now);
    localStart.observed(token, residency);
    advance();
  }

  /** Predictor and gates answered {@link Effect.Look}. */
  public void verdict(long token, Verdict verdict, long now) {
    at(now);
    localStart.verdict(token, verdict);
    advance();
  }

  /** The fleet's gates answered {@link Effect.LookAtFleet}. */
  public void fleetVerdict(long token, Verdict verdict, long now) {
    at(now);
    fleetStart.verdict(token, verdict);
    advance();
  }

  /** The evictor returned, threw or did not return in time. */
  public void evicted(long token, @Nullable String failure, long now) {
    at(now);
    localStart.evicted(token, failure);
    advance();
  }

  /** A permit from outside; one that nobody waits for any more is given back. */
  public void permitGranted(long token, Lease permit, long now) {
    at(now);
    if (!localStart.permitGranted(token, permit) && !fleetStart.permitGranted(token, permit)) {
      state.release(permit);
    }
    advance();
  }

  /** There is no permit from outside. */
  public void permitRefused(long token, String why, long now) {
    at(now);
    localStart.permitRefused(token, why);
    fleetStart.permitRefused(token, why);
    advance();
  }

  /**
   * A body has really ended: only now is its slot free (I1, I8). An asynchronous one may end while
   * it is suspended, and then had given its slot up before.
   */
  public void bodyEnded(Job job, Outcome<?> outcome, long now) {
    at(now);
    switch (job.stage) {
      case RUNNING -> state.rule.leave(job);
      case SUSPENDED -> waits.endAwait(job);
      case RESUMING -> unqueue(job);
      case UNWINDING -> state.unwinding(job.taskClass).remove(job);
      default -> throw new IllegalStateException(job + " does not run, it is " + job.stage);
    }
    state.suspended.remove(job);
    job.stage = Job.Stage.GONE;
    state.live--;
    state.releaseHoldings(job);
    if (state.settings.tells()) {
      state.emit(new Effect.Freed(job, state.now - job.startedAt, job.ended));
    }
    waits.endJoin(job);
    if (outcome instanceof Outcome.Succeeded) {
      state.drain.leftResident(job);
    }
    if (!job.ended) {
      state.finish(job, job.told == null ? outcome : new Outcome.Cancelled<>(job.told));
    }
    advance();
  }

  /**
   * A running body gives its slot up until another task has ended.
   *
   * @return why it must not; null when it did, or when the other has ended already and it kept its
   *     slot
   */
  public @Nullable TaskDeadlockException await(Job job, Job target, long now) {
    at(now);
    if (target.ended) {
      return null;
    }
    TaskDeadlockException dead = waits.suspend(job, target);
    if (dead != null) {
      return dead;
    }
    advance();
    return null;
  }

  /**
   * A running body is about to block on another task, and keeps its slot.
   *
   * @return why it must not; null when it may
   */
  public @Nullable TaskDeadlockException beginJoin(Job job, Job target, long now) {
    at(now);
    if (target.ended) {
      return null;
    }
    TaskDeadlockException dead = waits.beginJoin(job, target);
    if (dead != null) {
      return dead;
    }
    advance();
    return null;
  }

  /** The wait of {@link #beginJoin} is over. */
  public void endJoin(Job job, long now) {
    at(now);
    waits.endJoin(job);
    advance(); // what only this join needed is not needed behind a closed door any more
  }

  /** Time passed. */
  public void tick(long now) {
    at(now);
    advance();
  }

  /** No more starts in a class. */
  public void pause(TaskClass taskClass, long now) {
    at(now);
    if (!state.paused(taskClass)) {
      paused(taskClass, true);
      if (taskClass == TaskClass.LOCAL_HEAVY) {
        localStart.paused();
      } else {
        fleetStart.paused();
      }
    }
    advance();
  }

  /** Starts in a class again. */
  public void resume(TaskClass taskClass, long now) {
    at(now);
    if (state.paused(taskClass)) {
      paused(taskClass, false);
    }
    advance();
  }

  private void paused(TaskClass taskClass, boolean paused) {
    if (taskClass == TaskClass.LOCAL_HEAVY) {
      state.localPaused = paused;
    } else {
      state.fleetPaused = paused;
    }
    if (state.settings.tells()) {
      state.emit(new Effect.Paused(taskClass, paused));
    }
  }

  /** Another limit for the fleet; checked by the caller. */
  public void fleetLimit(int limit, long now) {
    at(now);
    state.rule.fleetLimit(limit);
    fleetStart.limitLowered();
    waits.failDeadJoins();
    advance();
  }

  /** No more tasks are taken. */
  public void shutdown(long now) {
    at(now);
    state.shutdown = true;
    advance();
  }

  /**
   * No more tasks are taken, none starts, and what runs is told.
   *
   * @return the tasks that never ran, in order of submission
   */
  public List<Job> shutdownNow(String reason, long now) {
    at(now);
    state.shutdown = true;
    List<Job> all = new ArrayList<>(state.local.listReady());
    all.addAll(state.local.listHeld());
    state.fleet.forEach(all::add);
    state.rule.fleet().forEach(all::add);
    all.addAll(state.suspended);
    Job local = state.rule.local();
    if (local != null) {
      all.add(local);
    }
    all.sort(Comparator.comparingLong(Job::id));
    List<Job> neverRan =
        all.stream()
            .filter(job -> job.stage == Job.Stage.QUEUED || job.stage == Job.Stage.ASKING)
            .toList();
    Job last = null;
    for (Job job : all) {
      if (job != last) { // one that is to go on after an await is suspended, and in a queue
        cancel(job, reason);
      }
      last = job;
    }
    advance();
    return neverRan;
  }

  private void at(long now) {
    state.now = Math.max(state.now, now);
  }

  private void advance() {
    localStart.classHold().tick(state.now);
    fleetStart.classHold().tick(state.now);
    expire();
    do {
      if (!localStart.underWay()) { // an attempt may have come to nothing in this very loop
        state.local.release(state.now);
      }
      fleetStart.step();
    } while (localStart.step(fleetStart.ready()));
    endTurnOfNobody();
    showDoor();
    if (state.shutdown && !state.terminated && state.live == 0) {
      state.terminated = true;
      state.emit(new Effect.Terminated());
    }
    nextWake = whenToWake();
  }

  private void expire() {
    while (!state.deadlines.isEmpty() && state.deadlines.first().deadline <= state.now) {
      Job job = state.deadlines.first();
      state.deadline(job, Job.NEVER);
      if (job.stage == Job.Stage.QUEUED || job.stage == Job.Stage.ASKING) {
        unqueue(job);
        state.finishUnstarted(
            job,
            new Outcome.TimedOut<>(
                Outcome.Deadline.START_WITHIN, Objects.requireNonNull(job.startWithin)));
      } else if (job.runTimeout != null) {
        state.finish(job, new Outcome.TimedOut<>(Outcome.Deadline.RUN_TIMEOUT, job.runTimeout));
        tell(job, "ran longer than " + job.runTimeout);
      }
    }
  }

  private void endTurnOfNobody() {
    boolean idle = state.rule.localFree() && state.rule.fleetEmpty();
    if (idle && !fleetStart.ready() && !localStart.wants() && !localStart.doorClosed()) {
      state.turns.end();
    }
  }

  private void showDoor() {
    boolean open = state.rule.localFree() && !localStart.doorClosed();
    if (open != doorShownOpen) {
      doorShownOpen = open;
      if (state.settings.tells()) {
        state.emit(
            new Effect.Door(
                open,
                open
                    ? "no local-heavy task occupies or is about to start"
                    : "a local-heavy task is to start"));
      }
    }
  }
}
