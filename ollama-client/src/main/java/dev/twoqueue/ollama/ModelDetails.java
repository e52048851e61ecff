package dev.twoqueue.ollama;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/show} says of a model.
 *
 * @param modelInfo the metadata of its GGUF file, by key. Values are texts, numbers, booleans,
 *     lists, or null where the server leaves a longer list out because {@code verbose} was not
 *     asked for. Lists too long to matter (a tokenizer's) are replaced by {@code <key>.count}
 * @param parameters the settings that come with the model, as text; often empty
 * @param capabilities for example {@code completion}, {@code embedding}, {@code tools}
 * @param tensors name, type and shape of its tensors; empty on servers that do not list them
 */
public record ModelDetails(
    Map<String, @Nullable Object> modelInfo,
    String parameters,
    List<String> capabilities,
    List<Tensor> tensors) {

  /**
   * One tensor.
   *
   * @param name for example {@code token_embd.weight}
   * @param type for example {@code Q4_K}
   * @param shape its dimensions
   */
  public record Tensor(String name, String type, List<Long> shape) {
    public Tensor {
      shape = List.copyOf(shape);
    }
  }

  public ModelDetails {
    modelInfo = Collections.unmodifiableMap(new LinkedHashMap<>(modelInfo));
    capabilities = List.copyOf(capabilities);
    tensors = List.copyOf(tensors);
  }

  /**
   * The context that comes with the model.
   *
   * @return {@code num_ctx} of {@link #parameters}; empty when they do not set it
   */
  public OptionalInt contextParameter() {
    for (String line : parameters.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", 2);
      if (words.length == 2 && words[0].equals("num_ctx") && words[1].matches("[0-9]{1,9}")) {
        return OptionalInt.of(Integer.parseInt(words[1]));
      }
    }
    return OptionalInt.empty();
  }

  /**
   * A tensor by its name.
   *
   * @param name for example {@code output.weight}
   * @return empty when there is none, or none are listed
   */
  public Optional<Tensor> tensor(String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }
}
