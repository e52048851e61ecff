package dev.twoqueue.ollama.internal;

/**
 * How a model is loaded.
 *
 * @param context the context of all slots together, in tokens (Ollama: num_ctx × num_parallel)
 * @param slots how many requests are served at once
 * @param unified whether the slots share one pool of cells, or have a part each
 * @param batch the physical batch ({@code n_ubatch}), in tokens
 * @param keys the type of the cache's keys
 * @param values the type of the cache's values
 * @param flashAttention whether attention runs without materialising its scores
 */
public record LoadSettings(
    long context,
    int slots,
    boolean unified,
    int batch,
    CacheType keys,
    CacheType values,
    boolean flashAttention) {
  private static final int MOST_TOKENS_AT_ONCE = 2048;

  /** The settings with flash attention on or off. */
  public LoadSettings withFlashAttention(boolean on) {
    return new LoadSettings(context, slots, unified, batch, keys, values, on);
  }

  /** Pools of cells. */
  int streams() {
    return unified ? 1 : slots;
  }

  /** Cells of each pool for layers that see the whole context. */
  long cells() {
    long padded = padded(context);
    return unified ? padded : padded(padded / slots);
  }

  /** Cells of each pool for layers that see a window. */
  long windowCells(long window) {
    long seen = Math.addExact(Math.multiplyExact(window, unified ? (long) slots : 1L), batch);
    return padded(Math.min(cells(), seen));
  }

  /** Tokens that one pass of the graph computes at most. */
  long tokensAtOnce() {
    return Math.min(Math.min(batch, context), MOST_TOKENS_AT_ONCE);
  }

  /** llama.cpp allocates cells in multiples of 256, with flash attention and without. */
  private static long padded(long cells) {
    return Math.multiplyExact(Math.addExact(cells, 255) / 256, 256L);
  }
}
