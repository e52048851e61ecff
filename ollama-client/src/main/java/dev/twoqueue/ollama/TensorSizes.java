package dev.twoqueue.ollama;

import dev.twoqueue.ollama.forecast.TensorSummary;
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

  /**
   * What the list of tensors tells.
   *
   * @param fileBytes the size of all files; a sum that is more than that, or less than nine tenths,
   *     is not believed
   */
  static TensorSummary summary(ModelDetails details, long fileBytes) {
    double sum = 0;
    for (ModelDetails.Tensor tensor : details.tensors()) {
      sum += bytes(tensor);
    }
    long total = sum > 0.9 * fileBytes && sum <= fileBytes ? (long) sum : 0;
    Optional<ModelDetails.Tensor> embedding = details.tensor("token_embd.weight");
    boolean tied = embedding.isPresent() && details.tensor("output.weight").isEmpty();
    long embedded = (long) embedding.map(TensorSizes::bytes).orElse(0.0).doubleValue();
    return new TensorSummary(total, total > 0 ? Math.min(embedded, total) : embedded, tied);
  }

  private static double bytes(ModelDetails.Tensor tensor) {
    double elements = 1;
    for (long dimension : tensor.shape()) {
      elements *= Math.max(0, dimension);
    }
    double bits = BITS.getOrDefault(tensor.type().toUpperCase(Locale.ROOT), 32.0);
    return Math.min(elements * bits / 8, 1L << 50);
  }
}
