package dev.twoqueue;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a running body may use of its scheduler. Valid while the body runs. */
public interface TaskContext {

  /**
   * The task's number, as {@link TaskHandle#id} shows it.
   *
   * @return unique within its scheduler
   */
  long id();

  /**
   * The task that runs.
   *
   * @return as it was submitted
   */
  ScheduledTask<?> task();

  /**
   * Tells whether the body should stop.
   *
   * @return the same token at every call
   */
  CancellationToken cancellation();

  /**
   * Reports progress, which the handle and the snapshot show. The last report wins.
   *
   * @param progress how far the task is
   * @throws NullPointerException when it is null
   */
  void progress(Progress progress);

  /**
   * Waits for another task of the same scheduler without blocking it: this task gives its slot up,
   * and after the other has ended it queues to get it back. Getting it back is a start with all
   * that belongs to one: for a local-heavy task the eviction and the looks, since the model that it
   * needs may no longer be resident. The body goes on only when it occupies again, also when this
   * throws.
   *
   * <p>To be called on the body's own thread, by blocking bodies.
   *
   * @param <T> the type of the other's result
   * @param handle the task to wait for
   * @return the other's result
   * @throws TaskDeadlockException at once, when the other waits for this one, when it is this one,
   *     or when too many tasks are suspended already; this task then keeps its slot
   * @throws TaskRefusedException when this task was refused its slot back
   * @throws TwoQueueException when the other did not succeed: the exception of its {@link
   *     TaskHandle#join}
   * @throws java.util.concurrent.CancellationException when this task was told to stop meanwhile
   * @throws IllegalArgumentException when the handle belongs to another scheduler
   * @throws IllegalStateException when the body is not running, or not on its own thread
   */
  <T extends @Nullable Object> T await(TaskHandle<T> handle);

  /**
   * {@link #await} for asynchronous bodies: returns at once, with the slot given up; the returned
   * stage completes when this task occupies again. Until then the body must do nothing that counts
   * as its work.
   *
   * @param <T> the type of the other's result
   * @param handle the task to wait for
   * @return completes on the callback executor, with what {@link #await} would return or throw
   * @throws TaskDeadlockException at once, as {@link #await} does; this task then keeps its slot
   * @throws IllegalArgumentException when the handle belongs to another scheduler
   * @throws IllegalStateException when the body has ended, or is suspended already
   */
  <T extends @Nullable Object> CompletionStage<T> awaitAsync(TaskHandle<T> handle);
}
