package dev.twoqueue;

/**
 * Why a task did not give its result. Says what happened, where, and what to do; the message holds
 * all three.
 */
public abstract sealed class TwoQueueException extends RuntimeException
    permits TaskFailedException,
        TaskCancelledException,
        TaskTimeoutException,
        TaskRefusedException,
        TaskRejectedException,
        TaskDeadlockException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String where;
  private final String whatToDo;

  TwoQueueException(String what, String where, String whatToDo) {
    super(what + " [" + where + "] " + whatToDo);
    this.what = what;
    this.where = where;
    this.whatToDo = whatToDo;
  }

  /**
   * What happened.
   *
   * @return a sentence
   */
  public String what() {
    return what;
  }

  /**
   * The task and the step that it happened to.
   *
   * @return a few words
   */
  public String where() {
    return where;
  }

  /**
   * What the reader can do about it.
   *
   * @return a sentence
   */
  public String whatToDo() {
    return whatToDo;
  }
}
