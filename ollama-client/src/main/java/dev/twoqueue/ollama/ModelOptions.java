package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.ollama.internal.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Options of a request, by the server's names. Immutable.
 *
 * <p>Those that force a reload when they differ from the running model's ({@link #runnerOptions})
 * belong to the residency key: they decide whether a task is a swap.
 */
public final class ModelOptions {
  /** No options: the server's defaults. */
  public static final ModelOptions NONE = new ModelOptions(Map.of());

  static final String NUM_CTX = "num_ctx";
  static final String NUM_BATCH = "num_batch";
  private static final int LARGEST = 1 << 24;
  private static final Set<String> RUNNER =
      Set.of(
          NUM_CTX, NUM_BATCH, "num_gpu", "main_gpu", "use_mmap", "num_thread", "draft_num_predict");

  private final Map<String, Object> values;

  private ModelOptions(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Options with a context of so many tokens.
   *
   * @param tokens 1 to 16,777,216
   * @return the options
   * @throws IllegalArgumentException when outside of that
   */
  public static ModelOptions context(int tokens) {
    return NONE.with(NUM_CTX, tokens);
  }

  /**
   * The same with one option more, or another value for it.
   *
   * @param name the server's name for it, for example {@code temperature}
   * @param value a number, text, boolean or list of these
   * @return a copy
   * @throws IllegalArgumentException when the name is blank, the value cannot be JSON, or {@code
   *     num_ctx} or {@code num_batch} is not between 1 and 16,777,216
   */
  public ModelOptions with(String name, Object value) {
    Arguments.notBlank(name, "option");
    Json.value(Arguments.notNull(value, name), name);
    if (name.equals(NUM_CTX) || name.equals(NUM_BATCH)) {
      boolean whole = value instanceof Integer || value instanceof Long;
      if (!whole) {
        throw new IllegalArgumentException(name + " must be a whole number, was " + value);
      }
      Arguments.between(((Number) value).longValue(), 1, LARGEST, name);
    }
    Map<String, Object> copy = new LinkedHashMap<>(values);
    copy.put(name, value);
    return new ModelOptions(copy);
  }

  /**
   * The context in tokens.
   *
   * @return empty where the server decides
   */
  public OptionalInt numCtx() {
    Object value = values.get(NUM_CTX);
    return value == null ? OptionalInt.empty() : OptionalInt.of(((Number) value).intValue());
  }

  /**
   * The options that residency depends on.
   *
   * @return their values as text, by name
   */
  public Map<String, String> runnerOptions() {
    Map<String, String> runner = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          if (RUNNER.contains(name)) {
            runner.put(name, value.toString());
          }
        });
    return runner;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  ObjectNode json() {
    ObjectNode node = Json.object();
    values.forEach((name, value) -> node.set(name, Json.value(value, name)));
    return node;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelOptions options && options.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
