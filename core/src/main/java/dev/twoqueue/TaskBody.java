package dev.twoqueue;

import org.jspecify.annotations.Nullable;

/**
 * The work of a task that blocks its thread.
 *
 * @param <T> the type of its result
 */
@FunctionalInterface
public interface TaskBody<T extends @Nullable Object> {

  /**
   * Does the work. The task occupies until this returns or throws, whatever was cancelled or timed
   * out meanwhile. It is told to stop by an interrupt and through {@link TaskContext#cancellation}.
   *
   * @param task what the body may use of its scheduler
   * @return the result
   * @throws Exception ends the task as failed, or as cancelled when it had been told to stop
   */
  T run(TaskContext task) throws Exception;
}
