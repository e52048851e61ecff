package dev.twoqueue.ollama.forecast;

/**
 * The sizes of a model's tensors, in bytes.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a size is negative or a part
 * larger than the whole.
 *
 * @param total of all tensors; 0 when unknown, and the file's size is taken for it
 * @param tokenEmbedding of {@code token_embd.weight}; 0 when unknown
 * @param tied whether the output layer is that same tensor: there is no {@code output.weight}
 */
public record TensorSummary(long total, long tokenEmbedding, boolean tied) {
  /** Nothing is known of the tensors. */
  public static final TensorSummary UNKNOWN = new TensorSummary(0, 0, false);

  public TensorSummary {
    if (total < 0 || tokenEmbedding < 0 || (total > 0 && tokenEmbedding > total)) {
      throw new IllegalArgumentException(
          "sizes of tensors make no sense: " + total + " in all, " + tokenEmbedding + " embedding");
    }
  }
}
