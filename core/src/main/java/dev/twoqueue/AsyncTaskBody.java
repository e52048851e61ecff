package dev.twoqueue;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The work of a task that does not block a thread.
 *
 * @param <T> the type of its result
 */
@FunctionalInterface
public interface AsyncTaskBody<T extends @Nullable Object> {

  /**
   * Begins the work. The task occupies until the returned stage completes, whatever was cancelled
   * or timed out meanwhile. It is told to stop through {@link TaskContext#cancellation} alone: a
   * stage that is a {@link java.util.concurrent.Future} is <em>not</em> cancelled by the scheduler,
   * since a cancelled future says nothing about whether its work has ended.
   *
   * @param task what the body may use of its scheduler
   * @return completes when the work has really ended; null ends the task as failed
   * @throws Exception ends the task as failed
   */
  CompletionStage<T> start(TaskContext task) throws Exception;
}
