package dev.twoqueue;

/**
 * Something a gate holds for a task while it occupies: a lock, a reservation. The scheduler closes
 * it exactly once, when the task has ended or when its start came to nothing.
 */
@FunctionalInterface
public interface Lease extends AutoCloseable {
  /** A lease on nothing. */
  Lease NONE = () -> {};

  /**
   * Gives it back. Runs on a thread of the scheduler's callback executor; an exception is logged.
   */
  @Override
  void close();
}
