package dev.twoqueue;

import java.util.Optional;

/**
 * What a gate is asked.
 *
 * <p>The constructor throws {@link NullPointerException} when an argument is null, and {@link
 * IllegalArgumentException} when the size is negative.
 *
 * @param task the task that would start: a {@link LocalHeavyTask}, or for gates of the fleet the
 *     first {@link FleetTask} in the queue
 * @param stage why it is asked now
 * @param residency what is resident now; unknown where there is no probe
 * @param need the forecast of the task's memory; empty where there is neither a predictor nor a
 *     declaration, and for fleet tasks
 * @param reclaimableBytes what an eviction ahead of the task will give back, in bytes; 0 at the
 *     final look, since it has happened by then
 */
public record GateRequest(
    ScheduledTask<?> task,
    Stage stage,
    Residency residency,
    Optional<WorkingSet> need,
    long reclaimableBytes) {

  /** Why a gate is asked. */
  public enum Stage {
    /** Before the fleet is emptied, or a model evicted, for this task. */
    EARLY,
    /** The last step before the body runs. */
    FINAL,
    /** Somebody asks what would happen; nothing starts. */
    PREVIEW,
    /** A fleet turn begins or goes on. */
    FLEET
  }

  public GateRequest {
    Arguments.notNull(task, "task");
    Arguments.notNull(stage, "stage");
    Arguments.notNull(residency, "residency");
    Arguments.notNull(need, "need");
    Arguments.notNegative(reclaimableBytes, "reclaimableBytes");
  }
}
