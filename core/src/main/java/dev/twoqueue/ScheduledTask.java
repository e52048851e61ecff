package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A description of work, to be submitted once or many times. Immutable.
 *
 * @param <T> the type of its result
 */
public sealed interface ScheduledTask<T extends @Nullable Object>
    permits LocalHeavyTask, FleetTask {

  /**
   * The name that people see.
   *
   * @return never blank
   */
  String name();

  /**
   * The class whose queue it joins.
   *
   * @return local-heavy or fleet
   */
  TaskClass taskClass();

  /**
   * The longest wait from submission to the start of the body; it then ends as timed out.
   *
   * @return empty for no bound
   */
  Optional<Duration> startWithin();

  /**
   * The longest time from the start of the body; the handle then ends at once as timed out and the
   * body is told, and its slot stays occupied until the body has really ended. Time spent in {@link
   * TaskContext#await} counts.
   *
   * @return empty for no bound
   */
  Optional<Duration> runTimeout();
}
