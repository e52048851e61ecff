package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task that was accepted. Safe for use by any thread.
 *
 * @param <T> the type of its result
 */
public interface TaskHandle<T extends @Nullable Object> {

  /**
   * The task's number, in the order of submission.
   *
   * @return unique within its scheduler
   */
  long id();

  /**
   * What was submitted.
   *
   * @return the task
   */
  ScheduledTask<T> task();

  /**
   * Where it is in its life.
   *
   * @return the state at this moment
   */
  TaskState state();

  /**
   * How many tasks of its class would start before it, as things stand. Takes time in proportion to
   * the queue.
   *
   * @return 0 for the next one; empty when it is not queued
   */
  OptionalInt position();

  /**
   * Why it waits now.
   *
   * @return empty when it does not wait
   */
  Optional<WaitReason> waitsFor();

  /**
   * When it is likely to start, or to go on after its await. Takes time in proportion to the queue.
   *
   * @return empty when it does not queue, belongs to the fleet, or waits for what has no known end:
   *     it or its class is held or paused
   */
  Optional<ExpectedStart> expectedStart();

  /**
   * What its body reported last.
   *
   * @return {@link Progress#NONE} before the first report
   */
  Progress progress();

  /**
   * How it ended.
   *
   * @return empty as long as it has not
   */
  Optional<Outcome<T>> outcome();

  /**
   * Waits for the end. Not ended by an interrupt, which stays set.
   *
   * @return the result
   * @throws TaskFailedException when the body threw
   * @throws TaskCancelledException when it was cancelled
   * @throws TaskTimeoutException when a deadline passed
   * @throws TaskRefusedException when it was refused
   * @throws TaskDeadlockException at once, when called by a task of the same scheduler that this
   *     one cannot end before
   */
  T join();

  /**
   * Waits for the end, for a while.
   *
   * @param timeout the longest wait; zero or less does not wait
   * @return the result
   * @throws TimeoutException when it had not ended by then; the task goes on
   * @throws InterruptedException when the waiting thread is interrupted; the task goes on
   * @throws TwoQueueException as {@link #join} does
   */
  T get(Duration timeout) throws InterruptedException, TimeoutException;

  /**
   * Cancels. A queued task ends at once and never runs; a running one is told (an interrupt and its
   * {@link CancellationToken}) and ends when its body does (I8).
   *
   * @param reason why, for people
   * @return false when it had ended, or had been told, before
   * @throws IllegalArgumentException when the reason is blank
   */
  boolean cancel(String reason);

  /**
   * The task as a future. Completes with the result, or exceptionally with what {@link #join}
   * throws; for a cancelled task with a {@link java.util.concurrent.CancellationException} whose
   * cause that is. Dependent stages run on the scheduler's callback executor. Cancelling it cancels
   * the task; completing it from outside has no effect on the task.
   *
   * <p>A task of the same scheduler that waits for the future itself is seen to wait, and gets a
   * {@link TaskDeadlockException} as from {@link #join}. One that waits for a stage derived from it
   * ({@code thenApply}, {@code thenCompose}, {@code allOf}) is not: a wait of that kind can last
   * for ever, and {@link TaskContext#await} is what to use instead.
   *
   * @return a new future at every call
   */
  CompletableFuture<T> toCompletableFuture();
}
