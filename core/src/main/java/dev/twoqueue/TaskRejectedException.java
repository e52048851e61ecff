package dev.twoqueue;

/** The scheduler did not accept the task: its queue is full, or it is shut down. */
public final class TaskRejectedException extends TwoQueueException {
  private static final long serialVersionUID = 1L;

  /**
   * A rejection.
   *
   * @param task the task's name
   * @param what which bound, and how long the queue is; or that the scheduler is shut down
   * @param whatToDo what the submitter can do
   */
  public TaskRejectedException(String task, String what, String whatToDo) {
    super(what, "submission of '" + task + "'", whatToDo);
  }
}
