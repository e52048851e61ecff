package dev.twoqueue.ollama.forecast;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a model is loaded.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a number is out of range.
 *
 * @param context the context of all slots together, in tokens, 1 to 2^24 (Ollama: num_ctx ×
 *     num_parallel)
 * @param slots how many requests are served at once, 1 to 1024
 * @param unified whether the slots share one pool of cells, or have a part each: llama-server has
 *     one pool when it chooses the number of slots itself, and a part each when it is told (as
 *     Ollama does)
 * @param batch the physical batch ({@code n_ubatch}), in tokens, 1 to 2^20
 * @param keys the type of the cache's keys
 * @param values the type of the cache's values
 * @param flashAttention whether attention runs without materialising its scores
 * @param runner which program computes
 * @param placement where the layers are
 * @param mapped whether weights are mapped from the file rather than read
 * @param adapterBytes projectors, adapters and drafts, by the size of their files
 */
public record LoadSettings(
    long context,
    int slots,
    boolean unified,
    int batch,
    CacheType keys,
    CacheType values,
    boolean flashAttention,
    Runner runner,
    Placement placement,
    boolean mapped,
    long adapterBytes) {
  private static final int MOST_TOKENS_AT_ONCE = 2048;
  private static final int DEFAULT_BATCH = 512;

  /** Which program computes. */
  public enum Runner {
    /** llama-server since the middle of 2026: logits of one token for each slot. */
    LLAMA_SERVER,
    /** Older servers and Ollama's own runner: logits of all tokens of a batch. */
    KEEPS_ALL_LOGITS
  }

  /** Where the layers are. */
  public enum Placement {
    /** In the host's memory, computed by its processor. */
    HOST,
    /** All on one device; the token embedding stays on the host. */
    DEVICE
  }

  public LoadSettings {
    between(context, 1L << 24, "context");
    between(slots, 1024, "slots");
    between(batch, 1L << 20, "batch");
    Objects.requireNonNull(keys, "keys must not be null");
    Objects.requireNonNull(values, "values must not be null");
    Objects.requireNonNull(runner, "runner must not be null");
    Objects.requireNonNull(placement, "placement must not be null");
    if (adapterBytes < 0 || adapterBytes > 1L << 50) {
      throw new IllegalArgumentException("adapterBytes must be 0 to 2^50, was " + adapterBytes);
    }
  }

  private static void between(long value, long most, String name) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + " must be 1 to " + most + ", was " + value);
    }
  }

  /**
   * llama-server's defaults for one slot: a batch of 512, an f16 cache, flash attention, on the
   * host, mapped.
   *
   * @param context in tokens
   * @return the settings
   */
  public static LoadSettings of(long context) {
    return new LoadSettings(
        context,
        1,
        false,
        DEFAULT_BATCH,
        CacheType.F16,
        CacheType.F16,
        true,
        Runner.LLAMA_SERVER,
        Placement.HOST,
        true,
        0);
  }

  /**
   * The same with another context.
   *
   * @param tokens of all slots together
   * @return a copy
   */
  public LoadSettings withContext(long tokens) {
    return with(draft -> draft.context = tokens);
  }

  /**
   * The same with other slots.
   *
   * @param count how many
   * @param shared whether they share one pool
   * @return a copy
   */
  public LoadSettings withSlots(int count, boolean shared) {
    return with(
        draft -> {
          draft.slots = count;
          draft.unified = shared;
        });
  }

  /**
   * The same with another physical batch.
   *
   * @param tokens of a batch
   * @return a copy
   */
  public LoadSettings withBatch(int tokens) {
    return with(draft -> draft.batch = tokens);
  }

  /**
   * The same with other types of the cache.
   *
   * @param ofKeys of the keys
   * @param ofValues of the values; quantised ones need flash attention
   * @return a copy
   */
  public LoadSettings withCache(CacheType ofKeys, CacheType ofValues) {
    return with(
        draft -> {
          draft.keys = ofKeys;
          draft.values = ofValues;
        });
  }

  /**
   * The same with flash attention on or off.
   *
   * @param on whether it is on
   * @return a copy
   */
  public LoadSettings withFlashAttention(boolean on) {
    return with(draft -> draft.flashAttention = on);
  }

  /**
   * The same for another program.
   *
   * @param program which
   * @return a copy
   */
  public LoadSettings withRunner(Runner program) {
    return with(draft -> draft.runner = program);
  }

  /**
   * The same elsewhere.
   *
   * @param where the layers are
   * @param fromFile whether weights are mapped
   * @return a copy
   */
  public LoadSettings withPlacement(Placement where, boolean fromFile) {
    return with(
        draft -> {
          draft.placement = where;
          draft.mapped = fromFile;
        });
  }

  /**
   * The same with projectors, adapters or drafts.
   *
   * @param bytes the size of their files
   * @return a copy
   */
  public LoadSettings withAdapters(long bytes) {
    return with(draft -> draft.adapterBytes = bytes);
  }

  private LoadSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** The same fields while one of the copies above is made. */
  private static final class Draft {
    private long context;
    private int slots;
    private boolean unified;
    private int batch;
    private CacheType keys;
    private CacheType values;
    private boolean flashAttention;
    private Runner runner;
    private Placement placement;
    private boolean mapped;
    private long adapterBytes;

    Draft(LoadSettings from) {
      context = from.context;
      slots = from.slots;
      unified = from.unified;
      batch = from.batch;
      keys = from.keys;
      values = from.values;
      flashAttention = from.flashAttention;
      runner = from.runner;
      placement = from.placement;
      mapped = from.mapped;
      adapterBytes = from.adapterBytes;
    }

    LoadSettings settings() {
      return new LoadSettings(
          context,
          slots,
          unified,
          batch,
          keys,
          values,
          flashAttention,
          runner,
          placement,
          mapped,
          adapterBytes);
    }
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

  /** Tokens that one pass of the graph computes at most: a multiple of the slots. */
  long tokensAtOnce() {
    long most = Math.min(Math.min(batch, padded(context)), MOST_TOKENS_AT_ONCE);
    return (most + slots - 1) / slots * slots;
  }

  /** Whether the logits of all tokens of a batch are kept. */
  boolean keepsAllLogits() {
    return runner == Runner.KEEPS_ALL_LOGITS;
  }

  /** llama.cpp allocates cells in multiples of 256, with flash attention and without. */
  private static long padded(long cells) {
    return (cells + 255) / 256 * 256;
  }
}
