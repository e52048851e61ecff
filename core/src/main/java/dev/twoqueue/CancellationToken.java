package dev.twoqueue;

import java.util.Optional;

/** Tells a running body that it should stop. Safe for use by any thread. */
public interface CancellationToken {

  /**
   * Whether the body was told to stop: by a cancel, a run timeout or an immediate shutdown.
   *
   * @return true once it was, and for ever after
   */
  boolean isCancelled();

  /**
   * Why.
   *
   * @return the reason, empty as long as {@link #isCancelled} is false
   */
  Optional<String> reason();

  /**
   * Runs an action when the body is told to stop, at once when it already was. Actions run on the
   * scheduler's callback executor, each once, in no particular order; one that throws is logged.
   *
   * @param action closes a connection, ends a process
   * @return closes the registration; after that the action is not begun any more
   * @throws NullPointerException when the action is null
   */
  Registration onCancel(Runnable action);

  /**
   * Returns when the body may go on.
   *
   * @throws java.util.concurrent.CancellationException when it was told to stop
   */
  void throwIfCancelled();

  /** A registered action. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    /** Takes the action back. */
    @Override
    void close();
  }
}
