package dev.twoqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something that the scheduler did, in the order in which it did it. */
public sealed interface SchedulerEvent {

  /**
   * When.
   *
   * @return by the scheduler's clock
   */
  Instant at();

  /** An event of one task. */
  sealed interface OfTask extends SchedulerEvent
      permits Submitted, Looked, Held, Started, Suspended, Told, Ended, SlotFreed, Evicted, Warned {
    /**
     * The task's number.
     *
     * @return as its handle shows it
     */
    long id();

    /**
     * The task.
     *
     * @return as it was submitted
     */
    ScheduledTask<?> task();
  }

  /**
   * A task was accepted.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   */
  record Submitted(Instant at, long id, ScheduledTask<?> task) implements OfTask {}

  /**
   * Gates and forecast were looked at for a task.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param stage why
   * @param reports what each gate said
   */
  record Looked(
      Instant at, long id, ScheduledTask<?> task, GateRequest.Stage stage, List<GateReport> reports)
      implements OfTask {}

  /**
   * A task is held.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param reason why
   * @param scope whom it keeps
   * @param lookAgainAfter when it is looked at again
   */
  record Held(
      Instant at,
      long id,
      ScheduledTask<?> task,
      String reason,
      Verdict.Scope scope,
      Duration lookAgainAfter)
      implements OfTask {}

  /**
   * A task occupies: its body starts, or goes on after {@link TaskContext#await}.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param waited since its submission, or since it was suspended
   * @param resumed whether it goes on after an await
   * @param swap whether it needs another model than the one that was resident
   */
  record Started(
      Instant at, long id, ScheduledTask<?> task, Duration waited, boolean resumed, boolean swap)
      implements OfTask {}

  /**
   * A task gave its slot up to wait for another one.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param awaited the number of the task that it waits for
   */
  record Suspended(Instant at, long id, ScheduledTask<?> task, long awaited) implements OfTask {}

  /**
   * A running task was told to stop.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param reason why
   */
  record Told(Instant at, long id, ScheduledTask<?> task, String reason) implements OfTask {}

  /**
   * A task ended: its handle has its outcome.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param outcome how
   */
  record Ended(Instant at, long id, ScheduledTask<?> task, Outcome<?> outcome) implements OfTask {}

  /**
   * A task's body has really ended and occupies no longer.
   *
   * @param at when
   * @param id the task's number
   * @param task the task
   * @param ran since its body started
   * @param overrun whether its handle had ended before
   */
  record SlotFreed(Instant at, long id, ScheduledTask<?> task, Duration ran, boolean overrun)
      implements OfTask {}

  /**
   * A worker model was to be evicted ahead of a task.
   *
   * @param at when
   * @param id the number of the task that needs the place
   * @param task that task
   * @param model the model
   * @param failure why it did not go; empty when the evictor returned
   */
  record Evicted(Instant at, long id, ScheduledTask<?> task, String model, Optional<String> failure)
      implements OfTask {}

  /**
   * An {@link OccupancyWatch} sees that something is about to go wrong while a local-heavy task
   * occupies, or that it is well again. Told once for each change; a warning that stands when the
   * task ends is gone with it.
   *
   * @param at when
   * @param id the task's number
   * @param task the task that occupies
   * @param watch the watch's name
   * @param text what it saw, for people
   * @param raised whether it warns, or takes its warning back
   */
  record Warned(
      Instant at, long id, ScheduledTask<?> task, String watch, String text, boolean raised)
      implements OfTask {}

  /**
   * The door of the fleet closed, since a local-heavy task is to start, or opened again.
   *
   * @param at when
   * @param open whether fleet tasks may start
   * @param reason why
   */
  record Door(Instant at, boolean open, String reason) implements SchedulerEvent {}

  /**
   * A class was paused or resumed.
   *
   * @param at when
   * @param taskClass which
   * @param paused whether it now is
   */
  record Paused(Instant at, TaskClass taskClass, boolean paused) implements SchedulerEvent {}

  /**
   * The fleet's limit changed.
   *
   * @param at when
   * @param limit the new one
   * @param overrideReason why it may be above 5; empty up to 5
   */
  record FleetLimit(Instant at, int limit, Optional<String> overrideReason)
      implements SchedulerEvent {}

  /**
   * The scheduler takes no more tasks.
   *
   * @param at when
   * @param immediate whether what was queued is cancelled
   */
  record Shutdown(Instant at, boolean immediate) implements SchedulerEvent {}

  /**
   * This listener was too slow and lost events.
   *
   * @param at when
   * @param events how many since the last such event
   */
  record Lost(Instant at, long events) implements SchedulerEvent {}
}
