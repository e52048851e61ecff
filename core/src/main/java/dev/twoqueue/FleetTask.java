package dev.twoqueue;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Work that waits on a remote API: at most {@code fleetLimit} occupy at a time (I2), and never
 * beside a local-heavy task (I3).
 *
 * @param <T> the type of its result
 */
public final class FleetTask<T extends @Nullable Object> implements ScheduledTask<T> {
  private final String name;
  private final @Nullable TaskBody<T> body;

  /** Made once: the scheduler asks at each start. */
  private final Optional<TaskBody<T>> shownBody;

  private final @Nullable AsyncTaskBody<T> asyncBody;
  private final @Nullable String provider;
  private final @Nullable Duration startWithin;
  private final @Nullable Duration runTimeout;

  private FleetTask(
      String name,
      @Nullable TaskBody<T> body,
      @Nullable AsyncTaskBody<T> asyncBody,
      @Nullable String provider,
      @Nullable Duration startWithin,
      @Nullable Duration runTimeout) {
    this.name = Arguments.notBlank(name, "name");
    this.body = body;
    this.shownBody = Optional.ofNullable(body);
    this.asyncBody = asyncBody;
    this.provider = provider;
    this.startWithin = startWithin;
    this.runTimeout = runTimeout;
  }

  /**
   * A task whose body blocks its thread.
   *
   * @param <T> the type of its result
   * @param name what people see
   * @param body its work; {@link ProcessBody} for a process
   * @return the task
   * @throws IllegalArgumentException when the name is blank
   */
  public static <T extends @Nullable Object> FleetTask<T> of(String name, TaskBody<T> body) {
    return new FleetTask<>(name, Arguments.notNull(body, "body"), null, null, null, null);
  }

  /**
   * A task whose body is asynchronous.
   *
   * @param <T> the type of its result
   * @param name what people see
   * @param body begins its work
   * @return the task
   * @throws IllegalArgumentException when the name is blank
   */
  public static <T extends @Nullable Object> FleetTask<T> async(
      String name, AsyncTaskBody<T> body) {
    return new FleetTask<>(name, null, Arguments.notNull(body, "body"), null, null, null);
  }

  /**
   * The same task for a named provider, which the snapshot and the events show.
   *
   * @param name for example {@code anthropic}
   * @return a copy
   * @throws IllegalArgumentException when it is blank
   */
  public FleetTask<T> withProvider(String name) {
    return new FleetTask<>(
        this.name, body, asyncBody, Arguments.notBlank(name, "provider"), startWithin, runTimeout);
  }

  /**
   * The same task with a bound on the wait for its start.
   *
   * @param limit positive
   * @return a copy
   * @throws IllegalArgumentException when not positive
   */
  public FleetTask<T> withStartWithin(Duration limit) {
    return new FleetTask<>(
        name, body, asyncBody, provider, Arguments.positive(limit, "startWithin"), runTimeout);
  }

  /**
   * The same task with a bound on its run.
   *
   * @param limit positive
   * @return a copy
   * @throws IllegalArgumentException when not positive
   */
  public FleetTask<T> withRunTimeout(Duration limit) {
    return new FleetTask<>(
        name, body, asyncBody, provider, startWithin, Arguments.positive(limit, "runTimeout"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public TaskClass taskClass() {
    return TaskClass.FLEET;
  }

  /**
   * The provider that it calls.
   *
   * @return empty when not named
   */
  public Optional<String> provider() {
    return Optional.ofNullable(provider);
  }

  @Override
  public Optional<Duration> startWithin() {
    return Optional.ofNullable(startWithin);
  }

  @Override
  public Optional<Duration> runTimeout() {
    return Optional.ofNullable(runTimeout);
  }

  /**
   * Its work, when that blocks its thread.
   *
   * @return empty for an asynchronous body
   */
  public Optional<TaskBody<T>> body() {
    return shownBody;
  }

  /**
   * Its work, when that is asynchronous.
   *
   * @return empty for a blocking body
   */
  public Optional<AsyncTaskBody<T>> asyncBody() {
    return Optional.ofNullable(asyncBody);
  }

  @Override
  public String toString() {
    return "fleet '" + name + "'" + (provider == null ? "" : " at " + provider);
  }
}
