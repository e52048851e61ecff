package dev.twoqueue;

import java.util.List;

/** A task would have waited for a handle that cannot start, or end, before that task ends (I10). */
public final class TaskDeadlockException extends TwoQueueException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> chain;

  /**
   * A deadlock that did not happen.
   *
   * @param chain who would wait for whom, by name, beginning with the task that was about to wait
   * @param why what closes the chain
   */
  public TaskDeadlockException(List<String> chain, String why) {
    super(
        "Waiting here would never end: " + String.join(" → ", chain) + ": " + why,
        "task '" + chain.get(0) + "'",
        "Use TaskContext.await(handle), which gives the slot up, or wait outside the task.");
    this.chain = List.copyOf(chain);
  }

  /**
   * Who would wait for whom.
   *
   * @return names, beginning with the task that was about to wait; empty after deserialisation
   */
  public List<String> chain() {
    return chain == null ? List.of() : chain;
  }
}
