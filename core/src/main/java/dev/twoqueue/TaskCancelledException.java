package dev.twoqueue;

/** The task was cancelled before it had a result. */
public final class TaskCancelledException extends TwoQueueException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * A cancellation.
   *
   * @param task the task's name
   * @param reason as given by whoever cancelled
   */
  public TaskCancelledException(String task, String reason) {
    super(
        "The task was cancelled: " + reason,
        "task '" + task + "'",
        "Submit it again if it is still wanted.");
    this.reason = reason;
  }

  /**
   * Why.
   *
   * @return as given by whoever cancelled
   */
  public String reason() {
    return reason;
  }
}
