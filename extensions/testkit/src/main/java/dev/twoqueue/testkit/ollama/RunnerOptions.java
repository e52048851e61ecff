package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a runner was started with. A request for other options reloads the model.
 *
 * @param contextLength tokens, never more than the model was trained for
 * @param others the other options that matter to a runner, where a request or the model names them
 */
record RunnerOptions(int contextLength, Map<String, String> others) {
  private static final int SMALLEST_CONTEXT = 4;
  private static final Set<String> RUNNER =
      Set.of("num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread", "draft_num_predict");
  private static final Set<String> INTEGERS =
      Set.of(
          "num_ctx",
          "num_batch",
          "num_gpu",
          "main_gpu",
          "num_thread",
          "draft_num_predict",
          "num_keep",
          "seed",
          "num_predict",
          "top_k",
          "repeat_last_n");

  private static final Set<String> FRACTIONS =
      Set.of("temperature", "top_p", "min_p", "repeat_penalty", "presence_penalty");

  /** The model's own options, with those of a request over them; 500 for a wrong type. */
  static RunnerOptions of(SimulatedModel model, JsonNode options, int defaultContext)
      throws ApiError {
    Map<String, String> all = new TreeMap<>();
    model.parameters().forEach((name, value) -> all.put(name, value.toString()));
    for (Map.Entry<String, JsonNode> option : options.properties()) {
      check(option.getKey(), option.getValue());
      JsonNode value = option.getValue();
      all.put(option.getKey(), value.isNumber() ? "" + value.longValue() : value.asText());
    }
    int asked = Integer.parseInt(all.getOrDefault("num_ctx", Integer.toString(defaultContext)));
    int trained = model.contextLength() > 0 ? model.contextLength() : Integer.MAX_VALUE;
    // "As many layers as fit" is what any runner was started with.
    all.computeIfPresent("num_gpu", (name, value) -> value.startsWith("-") ? null : value);
    all.keySet().retainAll(RUNNER);
    return new RunnerOptions(Math.max(SMALLEST_CONTEXT, Math.min(asked, trained)), Map.copyOf(all));
  }

  private static void check(String name, JsonNode value) throws ApiError {
    if (INTEGERS.contains(name) && !(value.isNumber() && value.canConvertToInt())) {
      throw wrongType(name, "integer");
    }
    if (name.equals("use_mmap") && !value.isBoolean()) {
      throw wrongType(name, "boolean");
    }
    if (FRACTIONS.contains(name) && !value.isNumber()) {
      throw wrongType(name, "float32");
    }
  }

  private static ApiError wrongType(String name, String type) {
    return new ApiError(500, "option \"" + name + "\" must be of type " + type);
  }
}
