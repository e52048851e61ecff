package dev.twoqueue;

import java.util.Map;
import java.util.TreeMap;

/**
 * What must be resident for a task to run without a swap: a model, and those of its runner options
 * that force a reload when they differ (for Ollama {@code num_ctx}, {@code num_batch}, {@code
 * num_gpu} and a few more). Tasks with equal keys are drained together (I5).
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the model or an option's name is
 * blank, and {@link NullPointerException} when an argument, a name or a value is null.
 *
 * @param model the model's name, as the model server spells it in its normal form
 * @param runnerOptions the options that residency depends on, by name; empty where the server's
 *     defaults apply. Iterates in the order of the names
 */
public record ResidencyKey(String model, Map<String, String> runnerOptions) {

  public ResidencyKey {
    Arguments.notBlank(model, "model");
    TreeMap<String, String> sorted = new TreeMap<>();
    Arguments.notNull(runnerOptions, "runnerOptions")
        .forEach(
            (name, value) ->
                sorted.put(
                    Arguments.notBlank(name, "runnerOptions' name"),
                    Arguments.notNull(value, "runnerOptions' value")));
    runnerOptions = java.util.Collections.unmodifiableMap(sorted);
  }

  /**
   * A key without runner options.
   *
   * @param model the model's name
   * @return the key
   * @throws IllegalArgumentException when the name is blank
   */
  public static ResidencyKey of(String model) {
    return new ResidencyKey(model, Map.of());
  }

  /**
   * Whether a resident model may serve this key: the names are equal, and so is each option that
   * both sides know. An option that only one side names does not decide.
   *
   * @param resident what the probe saw
   * @return true when nothing that is known speaks against it
   */
  public boolean mayBeServedBy(ResidentModel resident) {
    if (!model.equals(resident.model())) {
      return false;
    }
    for (Map.Entry<String, String> option : runnerOptions.entrySet()) {
      String seen = resident.runnerOptions().get(option.getKey());
      if (seen != null && !seen.equals(option.getValue())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return runnerOptions.isEmpty() ? model : model + runnerOptions;
  }
}
