package dev.twoqueue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Enforces one rule in this JVM: local-heavy tasks run one at a time, fleet tasks run with bounded
 * concurrency, and the two never run together.
 *
 * <p>Safe for use by any thread. No method waits for a task, a gate or a server, except {@link
 * #close} and {@link #awaitTermination}. While nothing is queued it has no thread of its own.
 */
public interface TwoQueueScheduler extends AutoCloseable {

  /** How many fleet tasks may occupy by default, and at most without an explicit override. */
  int DEFAULT_FLEET_LIMIT = 5;

  /**
   * Begins a scheduler.
   *
   * @return a builder with sound defaults
   */
  static SchedulerBuilder builder() {
    return new SchedulerBuilder();
  }

  /**
   * Hands over a local-heavy task.
   *
   * @param <T> the type of its result
   * @param task the task
   * @return its handle
   * @throws TaskRejectedException when the queue is full or the scheduler is shut down
   * @throws NullPointerException when the task is null
   */
  <T extends @Nullable Object> TaskHandle<T> submit(LocalHeavyTask<T> task);

  /**
   * Hands over a fleet task.
   *
   * @param <T> the type of its result
   * @param task the task
   * @return its handle
   * @throws TaskRejectedException when the queue is full or the scheduler is shut down
   * @throws NullPointerException when the task is null
   */
  <T extends @Nullable Object> TaskHandle<T> submit(FleetTask<T> task);

  /**
   * Says what would happen to a task if it were submitted now: looks at probe, predictor and gates
   * without submitting.
   *
   * @param task the task
   * @return completes, on the callback executor, within the look timeout of each plug-in asked;
   *     never exceptionally
   * @throws NullPointerException when the task is null
   */
  CompletableFuture<Preview> preview(ScheduledTask<?> task);

  /**
   * Lets no more tasks of a class start; running ones go on. A paused class does not wait, so it
   * closes no door.
   *
   * @param taskClass which
   */
  void pause(TaskClass taskClass);

  /**
   * Lets tasks of a class start again.
   *
   * @param taskClass which
   */
  void resume(TaskClass taskClass);

  /**
   * Changes how many fleet tasks may occupy. Where more occupy already, none starts until fewer do.
   *
   * @param limit 1 to 5
   * @throws IllegalArgumentException when outside of that
   */
  void fleetLimit(int limit);

  /**
   * Changes how many fleet tasks may occupy, above the rule's 5 if need be. Log and snapshot show
   * the reason.
   *
   * @param limit 1 or more
   * @param reason why the rule may be overridden
   * @throws IllegalArgumentException when the limit is below 1 or the reason blank
   */
  void overrideFleetLimit(int limit, String reason);

  /**
   * Everything that can be seen, as one consistent value.
   *
   * @return a snapshot
   */
  SchedulerSnapshot snapshot();

  /**
   * Takes no more tasks. What was submitted goes on, in its order. A paused class stays paused, and
   * what waits in it too.
   */
  void shutdown();

  /**
   * Takes no more tasks, cancels all that have not started and tells all that run.
   *
   * @param reason why, for the cancelled tasks' submitters
   * @return the tasks that never ran, in order of submission
   * @throws IllegalArgumentException when the reason is blank
   */
  List<ScheduledTask<?>> shutdownNow(String reason);

  /**
   * Whether it takes no more tasks.
   *
   * @return true after any shutdown
   */
  boolean isShutdown();

  /**
   * Whether it is shut down and every body has really ended.
   *
   * @return true for ever once it was
   */
  boolean isTerminated();

  /**
   * Waits for {@link #isTerminated}.
   *
   * @param timeout the longest wait
   * @return whether it is terminated
   * @throws InterruptedException when interrupted
   */
  boolean awaitTermination(Duration timeout) throws InterruptedException;

  /**
   * Shuts down and waits for all that was submitted, like {@code ExecutorService.close} of Java 19.
   * When the waiting thread is interrupted it cancels the rest, waits on, and leaves the interrupt
   * set.
   *
   * @throws IllegalStateException when called by a task of this scheduler, which would wait for
   *     itself
   */
  @Override
  void close();
}
