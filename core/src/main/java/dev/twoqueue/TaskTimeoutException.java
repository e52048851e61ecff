package dev.twoqueue;

import java.time.Duration;

/** A deadline of the task passed. */
public final class TaskTimeoutException extends TwoQueueException {
  private static final long serialVersionUID = 1L;

  private final Outcome.Deadline deadline;
  private final Duration limit;

  /**
   * A passed deadline.
   *
   * @param task the task's name
   * @param deadline which one
   * @param limit its length
   */
  public TaskTimeoutException(String task, Outcome.Deadline deadline, Duration limit) {
    super(
        deadline == Outcome.Deadline.START_WITHIN
            ? "The task did not start within " + limit + "."
            : "The task ran longer than " + limit + "; its slot is taken until its body has ended.",
        "task '" + task + "', " + deadline,
        deadline == Outcome.Deadline.START_WITHIN
            ? "See the snapshot for what it waited for; allow more time or cancel what is ahead."
            : "Allow more time, or make the body heed its cancellation.");
    this.deadline = deadline;
    this.limit = limit;
  }

  /**
   * Which deadline passed.
   *
   * @return one of the two
   */
  public Outcome.Deadline deadline() {
    return deadline;
  }

  /**
   * Its length.
   *
   * @return as the task has it
   */
  public Duration limit() {
    return limit;
  }
}
