package dev.twoqueue.internal.engine;

import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TwoQueueException;
import dev.twoqueue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What the shell is to do, or to tell. A token names one question; its answer counts only while the
 * engine still waits for that token.
 */
public sealed interface Effect {

  /** Ask the probe; answer with {@link Engine#observed}. */
  record Observe(long token) implements Effect {}

  /** Ask predictor and gates; answer with {@link Engine#verdict}. */
  record Look(
      Job job, GateRequest.Stage stage, Residency residency, long reclaimableBytes, long token)
      implements Effect {}

  /** Ask the fleet's gates; answer with {@link Engine#fleetVerdict}. */
  record LookAtFleet(Job head, long token) implements Effect {}

  /** Evict a model; answer with {@link Engine#evicted}. */
  record Evict(Job job, ResidentModel resident, long token) implements Effect {}

  /** Ask for a permit from outside; answer with {@link Engine#permitGranted} or a refusal. */
  record AskPermit(Job job, long token) implements Effect {}

  /** The permit is not wanted any more. */
  record WithdrawPermit(long token) implements Effect {}

  /** Run the body; report with {@link Engine#bodyEnded}. */
  record Start(Job job, long waitedNanos, boolean swap) implements Effect {}

  /** Let the body go on after its await, or fail it. */
  record Resume(Job job, @Nullable TwoQueueException failure, long waitedNanos, boolean swap)
      implements Effect {}

  /** The handle has its outcome. */
  record Finish(Job job, Outcome<?> outcome) implements Effect {}

  /** Tell the body to stop. */
  record Tell(Job job, String reason) implements Effect {}

  /** Give a lease or a permit back. */
  record Release(Lease lease) implements Effect {}

  /** Wake a task that waits in join: it would wait for ever. */
  record FailJoin(Job job, TwoQueueException failure) implements Effect {}

  /** To tell: a job is held. */
  record Held(Job job, Verdict.Hold hold) implements Effect {}

  /** To tell: a job gave its slot up. */
  record Suspended(Job job, Job awaited) implements Effect {}

  /** To tell: a body has ended and occupies no longer. */
  record Freed(Job job, long ranNanos, boolean overrun) implements Effect {}

  /** To tell: the fleet's door closed or opened. */
  record Door(boolean open, String reason) implements Effect {}

  /** To tell: a class was paused or resumed. */
  record Paused(TaskClass taskClass, boolean paused) implements Effect {}

  /** All bodies have ended after a shutdown. */
  record Terminated() implements Effect {}
}
