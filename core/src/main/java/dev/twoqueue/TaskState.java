package dev.twoqueue;

/** Where a task is in its life, as its handle shows it. */
public enum TaskState {
  /** In its queue, or held by a gate. */
  QUEUED,
  /** Chosen: being looked at, or waiting for an eviction or a permit. Nothing of it has run yet. */
  STARTING,
  /** Its body occupies. */
  RUNNING,
  /** In {@link TaskContext#await}: it has given its slot up. */
  SUSPENDED,
  /** Ended with a value. */
  SUCCEEDED,
  /** Ended with an exception of its body, or because its body could not be started. */
  FAILED,
  /** Ended because it was cancelled. */
  CANCELLED,
  /** Ended because a deadline passed; a body that still runs is shown as an overrun. */
  TIMED_OUT,
  /** Ended because a gate or the forecast refused it. */
  REFUSED;

  /**
   * Whether this is one of the ends: a handle in such a state never changes again (I7).
   *
   * @return true for every state after {@link #SUSPENDED}
   */
  public boolean isEnd() {
    return compareTo(SUSPENDED) > 0;
  }
}
