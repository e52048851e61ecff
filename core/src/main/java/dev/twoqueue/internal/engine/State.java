package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskRefusedException;
import dev.twoqueue.TwoQueueException;
import dev.twoqueue.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the engine's parts share. */
final class State {
  final EngineSettings settings;
  final HouseRule rule;
  final Turns turns;
  final Drain drain;
  final LocalQueue local = new LocalQueue();
  final JobDeque fleet = new JobDeque();
  final JobDeque unwindingLocal = new JobDeque();
  final JobDeque unwindingFleet = new JobDeque();
  final TreeSet<Job> deadlines = new TreeSet<>(Job.BY_DEADLINE);

  boolean localPaused;
  boolean fleetPaused;
  boolean shutdown;
  boolean terminated;
  int queuedLocal;
  int queuedFleet;
  int live;
  final List<Job> suspended = new ArrayList<>();

  long now;

  private long lastToken;
  private List<Effect> effects = new ArrayList<>();

  State(EngineSettings settings) {
    this.settings = settings;
    this.rule = new HouseRule(settings.fleetLimit());
    this.turns = new Turns(settings.turnPolicy());
    this.drain = new Drain(this, settings.probes());
  }

  long newToken() {
    return ++lastToken;
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  List<Effect> pending() {
    return effects;
  }

  /**
   * Takes what was left.
   *
   * @param next an empty list to go on with, where anything was left
   */
  List<Effect> takeEffects(Supplier<List<Effect>> next) {
    if (effects.isEmpty()) {
      return List.of();
    }
    List<Effect> taken = effects;
    effects = next.get();
    return taken;
  }

  boolean paused(TaskClass taskClass) {
    return taskClass == TaskClass.LOCAL_HEAVY ? localPaused : fleetPaused;
  }

  void deadline(Job job, long at) {
    if (job.deadline != Job.NEVER) {
      deadlines.remove(job);
    }
    job.deadline = at;
    if (at != Job.NEVER) {
      deadlines.add(job);
    }
  }

  /**
   * The body occupies, for the first time or again. The caller took the job out of its queue.
   *
   * @param swap whether it needs another model than the one that is resident
   */
  void begin(Job job, boolean swap) {
    turns.started(job.taskClass, now);
    if (job.isResume()) {
      TwoQueueException failure = job.resumeFailure;
      job.resumeFailure = null;
      job.stage = Job.Stage.RUNNING;
      suspended.remove(job);
      emit(new Effect.Resume(job, failure, now - job.since, swap));
      return;
    }
    long waited = now - job.since;
    job.stage = Job.Stage.RUNNING;
    job.startedAt = now;
    unqueue(job);
    deadline(job, job.runTimeout == null ? Job.NEVER : now + job.runTimeout.toNanos());
    emit(new Effect.Start(job, waited, swap));
  }

  /** One task less waits for its first start. */
  void unqueue(Job job) {
    if (job.taskClass == TaskClass.LOCAL_HEAVY) {
      queuedLocal--;
    } else {
      queuedFleet--;
    }
  }

  /** The one end of a handle (I7). */
  void finish(Job job, Outcome<?> outcome) {
    if (job.ended) {
      throw new IllegalStateException(job + " has ended before");
    }
    job.ended = true;
    deadline(job, Job.NEVER);
    emit(new Effect.Finish(job, outcome));
    if (job.awaitedBy.isEmpty()) {
      return;
    }
    for (Job waiting : job.awaitedBy) {
      waiting.awaits = null;
      waiting.stage = Job.Stage.RESUMING;
      if (waiting.taskClass == TaskClass.LOCAL_HEAVY) {
        local.add(waiting);
      } else {
        fleet.add(waiting);
      }
    }
    job.awaitedBy.clear();
  }

  /** Ends a job whose body never began and which is in no queue any more. */
  void finishUnstarted(Job job, Outcome<?> outcome) {
    job.stage = Job.Stage.GONE;
    live--;
    unqueue(job);
    finish(job, outcome);
  }

  /** A gate's last word on a job that the caller took out of its queue. */
  void refuse(Job job, Verdict.Refuse refuse) {
    if (job.isResume()) {
      unwind(job, new TaskRefusedException(job.name, refuse.reason(), refuse.forecast()));
    } else {
      finishUnstarted(job, new Outcome.Refused<>(refuse.reason(), refuse.forecast()));
    }
  }

  /** Gives back what was held while the job occupied. */
  void releaseHoldings(Job job) {
    release(job.lease);
    job.lease = Lease.NONE;
    if (job.permit != null) {
      release(job.permit);
      job.permit = null;
    }
  }

  void release(Lease lease) {
    if (lease != Lease.NONE) {
      emit(new Effect.Release(lease));
    }
  }

  /** A suspended job is to fail its await, as soon as it has its slot back. */
  void unwind(Job job, @Nullable TwoQueueException failure) {
    job.resumeFailure = failure;
    job.stage = Job.Stage.UNWINDING;
    unwinding(job.taskClass).add(job);
  }

  JobDeque unwinding(TaskClass taskClass) {
    return taskClass == TaskClass.LOCAL_HEAVY ? unwindingLocal : unwindingFleet;
  }
}
