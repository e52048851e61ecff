package dev.twoqueue.internal.engine;

import dev.twoqueue.TaskDeadlockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for tasks: entering and leaving a wait, and refusing one that never ends (I10).
 */
final class Waits {
  private final State state;
  private final WaitGraph graph;

  Waits(State state) {
    this.state = state;
    this.graph = new WaitGraph(state.rule);
  }

  /**
   * A running body gives its slot up.
   *
   * @return why it must not; null when it did
   */
  @Nullable TaskDeadlockException suspend(Job job, Job target) {
    WaitGraph.Dead dead = graph.await(job, target);
    if (dead == null && state.suspended.size() >= state.settings.suspendedLimit()) {
      dead =
          new WaitGraph.Dead(
              List.of(job.toString(), target.toString()),
              state.suspended.size() + " tasks are suspended already, which is the bound");
    }
    if (dead != null) {
      return dead.exception();
    }
    job.stage = Job.Stage.SUSPENDED;
    job.since = state.now;
    state.suspended.add(job);
    job.awaits(target);
    state.rule.leave(job);
    state.releaseHoldings(job);
    state.drain.leftResident(job);
    if (state.settings.tells()) {
      state.emit(new Effect.Suspended(job, target));
    }
    if (job.told != null) {
      endAwait(job);
      state.unwind(job, null);
    }
    return null;
  }

  void endAwait(Job job) {
    Job awaited = job.awaits;
    if (awaited != null) {
      awaited.awaitedBy.remove(job);
      job.awaits = null;
    }
  }

  /**
   * A running body is about to block on another task, and keeps its slot.
   *
   * @return why it must not; null when it may
   */
  @Nullable TaskDeadlockException beginJoin(Job job, Job target) {
    WaitGraph.Dead dead = graph.join(job, target);
    if (dead != null) {
      return dead.exception();
    }
    job.joins(target);
    return null;
  }

  void endJoin(Job job) {
    Job target = job.joins;
    if (target != null) {
      target.joinedBy.remove(job);
      job.joins = null;
    }
  }

  /** The limit was lowered: a join that was harmless may have become one that never ends. */
  void failDeadJoins() {
    for (Job dead = graph.firstDeadJoin(); dead != null; dead = graph.firstDeadJoin()) {
      Job target = dead.joins;
      WaitGraph.Dead why = target == null ? null : graph.join(dead, target);
      endJoin(dead);
      if (why != null) {
        state.emit(new Effect.FailJoin(dead, why.exception()));
      }
    }
  }
}
