package dev.twoqueue.ollama;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sizes of tensors from their type and shape, as ggml stores them. */
final class TensorSizes {
  /** Bits for an element, scales included; a type that is not listed counts as 32-bit. */
  private static final Map<String, Double> BITS =
      Map.ofEntries(
          Map.entry("F16", 16.0),
          Map.entry("BF16", 16.0),
          Map.entry("Q8_0", 8.5),
          Map.entry("Q6_K", 6.5625),
          Map.entry("Q5_K", 5.5),
          Map.entry("Q5_1", 6.0),
          Map.entry("Q5_0", 5.5),
          Map.entry("Q4_K", 4.5),
          Map.entry("Q4_1", 5.0),
          Map.entry("Q4_0", 4.5),
          Map.entry("Q3_K", 3.4375),
          Map.entry("Q2_K", 2.625),
          Map.entry("MXFP4", 4.25));

  private TensorSizes() {}

  /** The token embedding of a model without an output tensor of its own; else 0. */
  static long tiedEmbedding(ModelDetails details) {
    Optional<ModelDetails.Tensor> embedding = details.tensor("token_embd.weight");
    return embedding.isEmpty() || details.tensor("output.weight").isPresent()
        ? 0
        : bytes(embedding.get());
  }

  private static long bytes(ModelDetails.Tensor tensor) {
    double elements = 1;
    for (long dimension : tensor.shape()) {
      elements *= Math.max(0, dimension);
    }
    double bits = BITS.getOrDefault(tensor.type().toUpperCase(Locale.ROOT), 32.0);
    return (long) Math.min(elements * bits / 8, 1L << 50);
  }
}
