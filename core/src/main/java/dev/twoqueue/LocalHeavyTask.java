package dev.twoqueue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Work that saturates this machine: at most one occupies at a time (I1), and never beside the fleet
 * (I3).
 *
 * @param <T> the type of its result
 */
public final class LocalHeavyTask<T extends @Nullable Object> implements ScheduledTask<T> {
  private final Builder<T> from;
  private final @Nullable ResidencyKey key;

  private LocalHeavyTask(Builder<T> builder) {
    this.from = builder;
    this.key =
        builder.model == null ? null : new ResidencyKey(builder.model, builder.runnerOptions);
  }

  /**
   * A task that needs no model.
   *
   * @param <T> the type of its result
   * @param kind what it does to the machine
   * @param name what people see
   * @param body its work
   * @return the task
   * @throws IllegalArgumentException when the name is blank
   */
  public static <T extends @Nullable Object> LocalHeavyTask<T> of(
      LocalKind kind, String name, TaskBody<T> body) {
    return builder(kind, name, body).build();
  }

  /**
   * Begins a task whose body blocks its thread.
   *
   * @param <T> the type of its result
   * @param kind what it does to the machine
   * @param name what people see
   * @param body its work; {@link ProcessBody} for a process
   * @return a builder
   * @throws IllegalArgumentException when the name is blank
   */
  public static <T extends @Nullable Object> Builder<T> builder(
      LocalKind kind, String name, TaskBody<T> body) {
    return new Builder<>(kind, name, Arguments.notNull(body, "body"), null);
  }

  /**
   * Begins a task whose body is asynchronous.
   *
   * @param <T> the type of its result
   * @param kind what it does to the machine
   * @param name what people see
   * @param body begins its work
   * @return a builder
   * @throws IllegalArgumentException when the name is blank
   */
  public static <T extends @Nullable Object> Builder<T> asyncBuilder(
      LocalKind kind, String name, AsyncTaskBody<T> body) {
    return new Builder<>(kind, name, null, Arguments.notNull(body, "body"));
  }

  @Override
  public String name() {
    return from.name;
  }

  @Override
  public TaskClass taskClass() {
    return TaskClass.LOCAL_HEAVY;
  }

  /**
   * What it does to the machine.
   *
   * @return the kind
   */
  public LocalKind kind() {
    return from.kind;
  }

  /**
   * The model that must be resident, with the runner options that residency depends on.
   *
   * @return empty for a task that needs none
   */
  public Optional<ResidencyKey> residencyKey() {
    return Optional.ofNullable(key);
  }

  /**
   * The memory that the host says it takes, in bytes.
   *
   * @return empty where the predictor is to be asked
   */
  public OptionalLong memoryBytes() {
    return from.memoryBytes;
  }

  /**
   * The bytes that it will write.
   *
   * @return empty when unknown or none
   */
  public OptionalLong bytesToWrite() {
    return from.bytesToWrite;
  }

  /**
   * Where it writes.
   *
   * @return a path on the file system that takes the bytes; empty when unknown or none
   */
  public Optional<Path> writesTo() {
    return Optional.ofNullable(from.writesTo);
  }

  @Override
  public Optional<Duration> startWithin() {
    return Optional.ofNullable(from.startWithin);
  }

  @Override
  public Optional<Duration> runTimeout() {
    return Optional.ofNullable(from.runTimeout);
  }

  /**
   * Its work, when that blocks its thread.
   *
   * @return empty for an asynchronous body
   */
  public Optional<TaskBody<T>> body() {
    return Optional.ofNullable(from.body);
  }

  /**
   * Its work, when that is asynchronous.
   *
   * @return empty for a blocking body
   */
  public Optional<AsyncTaskBody<T>> asyncBody() {
    return Optional.ofNullable(from.asyncBody);
  }

  /**
   * The same task with another body, for example this one's with something around it.
   *
   * @param other the work
   * @return a copy
   */
  public LocalHeavyTask<T> withBody(TaskBody<T> other) {
    return from.copy(Arguments.notNull(other, "other"), null).build();
  }

  /**
   * A builder with this task's settings.
   *
   * @return changes to it do not reach this task
   */
  public Builder<T> toBuilder() {
    return from.copy();
  }

  @Override
  public String toString() {
    return "local-heavy " + from.kind + " '" + from.name + "'" + (key == null ? "" : " on " + key);
  }

  /**
   * Builds a {@link LocalHeavyTask}. Not safe for use by several threads.
   *
   * @param <T> the type of the task's result
   */
  public static final class Builder<T extends @Nullable Object> {
    private final LocalKind kind;
    private final @Nullable TaskBody<T> body;
    private final @Nullable AsyncTaskBody<T> asyncBody;
    private final String name;
    private @Nullable String model;
    private final Map<String, String> runnerOptions = new TreeMap<>();
    private OptionalLong memoryBytes = OptionalLong.empty();
    private OptionalLong bytesToWrite = OptionalLong.empty();
    private @Nullable Path writesTo;
    private @Nullable Duration startWithin;
    private @Nullable Duration runTimeout;

    private Builder(
        LocalKind kind,
        String name,
        @Nullable TaskBody<T> body,
        @Nullable AsyncTaskBody<T> asyncBody) {
      this.kind = Arguments.notNull(kind, "kind");
      this.name = Arguments.notBlank(name, "name");
      this.body = body;
      this.asyncBody = asyncBody;
    }

    private Builder<T> copy() {
      return copy(body, asyncBody);
    }

    private Builder<T> copy(@Nullable TaskBody<T> body, @Nullable AsyncTaskBody<T> asyncBody) {
      Builder<T> copy = new Builder<>(kind, name, body, asyncBody);
      copy.model = model;
      copy.runnerOptions.putAll(runnerOptions);
      copy.memoryBytes = memoryBytes;
      copy.bytesToWrite = bytesToWrite;
      copy.writesTo = writesTo;
      copy.startWithin = startWithin;
      copy.runTimeout = runTimeout;
      return copy;
    }

    /**
     * Names the model that must be resident.
     *
     * @param name the model, as its server spells it
     * @return this
     * @throws IllegalArgumentException when it is blank
     */
    public Builder<T> model(String name) {
      this.model = Arguments.notBlank(name, "model");
      return this;
    }

    /**
     * Names a runner option that residency depends on, and its value.
     *
     * @param option for example {@code num_ctx}
     * @param value compared as text
     * @return this
     * @throws IllegalArgumentException when the option's name is blank
     */
    public Builder<T> runnerOption(String option, Object value) {
      runnerOptions.put(
          Arguments.notBlank(option, "option"),
          Objects.toString(Arguments.notNull(value, "value")));
      return this;
    }

    /**
     * Declares the memory that the task takes; the predictor is then not asked.
     *
     * @param bytes 0 or more
     * @return this
     * @throws IllegalArgumentException when negative
     */
    public Builder<T> memoryBytes(long bytes) {
      this.memoryBytes = OptionalLong.of(Arguments.notNegative(bytes, "memoryBytes"));
      return this;
    }

    /**
     * Declares what the task writes to disk.
     *
     * @param bytes 0 or more
     * @return this
     * @throws IllegalArgumentException when negative
     */
    public Builder<T> bytesToWrite(long bytes) {
      this.bytesToWrite = OptionalLong.of(Arguments.notNegative(bytes, "bytesToWrite"));
      return this;
    }

    /**
     * Declares where the task writes.
     *
     * @param path on the file system that takes the bytes; need not exist
     * @return this
     */
    public Builder<T> writesTo(Path path) {
      this.writesTo = Arguments.notNull(path, "writesTo");
      return this;
    }

    /**
     * Bounds the wait for the start.
     *
     * @param limit positive
     * @return this
     * @throws IllegalArgumentException when not positive
     */
    public Builder<T> startWithin(Duration limit) {
      this.startWithin = Arguments.positive(limit, "startWithin");
      return this;
    }

    /**
     * Bounds the run.
     *
     * @param limit positive
     * @return this
     * @throws IllegalArgumentException when not positive
     */
    public Builder<T> runTimeout(Duration limit) {
      this.runTimeout = Arguments.positive(limit, "runTimeout");
      return this;
    }

    /**
     * Builds the task.
     *
     * @return the task
     * @throws IllegalArgumentException when runner options are given without a model
     */
    public LocalHeavyTask<T> build() {
      if (model == null && !runnerOptions.isEmpty()) {
        throw new IllegalArgumentException(
            "runnerOption needs a model: '" + name + "' names options " + runnerOptions);
      }
      return new LocalHeavyTask<>(copy());
    }
  }
}
