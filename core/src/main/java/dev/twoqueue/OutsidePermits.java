package dev.twoqueue;

import java.util.concurrent.CompletionStage;

/**
 * Permits from outside this scheduler that a start needs as well: a machine-wide lock between
 * processes, a lease in a cluster. Asked for as the last step before a local-heavy task's final
 * look, and before a fleet task's start; given back when the task has ended. Without one, every
 * permit is granted at once.
 */
@FunctionalInterface
public interface OutsidePermits {

  /**
   * Asks for a permit. Runs on a thread of the scheduler's callback executor and must not block:
   * the returned stage completes when the permit is granted. When the scheduler no longer wants it,
   * it cancels the stage's future; a permit that is granted all the same is closed at once.
   *
   * @param taskClass exclusive for local-heavy, shared for fleet
   * @param taskName for people
   * @return completes with the permit, which is closed when the task has ended; exceptionally, or
   *     with null, when there is none to be had, which holds the task
   */
  CompletionStage<? extends Lease> acquire(TaskClass taskClass, String taskName);
}
