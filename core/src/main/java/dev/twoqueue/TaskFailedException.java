package dev.twoqueue;

/** The task's body threw, or could not be started; the cause is what was thrown. */
public final class TaskFailedException extends TwoQueueException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param task the task's name
   * @param cause what was thrown
   */
  public TaskFailedException(String task, Throwable cause) {
    super("The task failed: " + cause, "task '" + task + "'", "See the cause.");
    initCause(cause);
  }
}
