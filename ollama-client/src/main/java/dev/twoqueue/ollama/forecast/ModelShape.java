package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.Architecture.Graph;
import dev.twoqueue.ollama.forecast.Architecture.Trait;
import java.util.List;

/**
 * What the memory of a model depends on, beside its weights. Widths are in elements.
 *
 * @param name the architecture, as the GGUF file names it
 * @param architecture what is known of it
 * @param layers one entry a layer, in order
 * @param unused last layers that only predict further tokens: llama.cpp keeps a cache for most of
 *     them, and neither loads nor computes them
 * @param window what a sliding-window layer sees, in tokens; 0 without such layers
 * @param embedding width of the model
 * @param vocabulary tokens known; 0 when unknown
 * @param causal false for encoders, which keep no cache
 * @param experts the mixture, {@link Experts#NONE} for dense models
 * @param state the recurrent layers' state, {@link State#NONE} without such layers
 * @param latent the ranks of latent attention, {@link Latent#NONE} without it
 * @param perLayerInput width of the inputs that Gemma gives each layer; 0 without
 * @param imageLayers first layers that take in what an image gave them (Qwen 3 VL); 0 without
 * @param trainedContext the context it was made for, in tokens; 0 when unknown
 */
record ModelShape(
    String name,
    Architecture architecture,
    List<Layer> layers,
    int unused,
    long window,
    long embedding,
    long vocabulary,
    boolean causal,
    Experts experts,
    State state,
    Latent latent,
    long perLayerInput,
    long imageLayers,
    long trainedContext) {

  /**
   * One layer.
   *
   * @param heads attention heads
   * @param cached heads whose keys and values are cached
   * @param keyWidth of one head
   * @param valueWidth of one head
   * @param feedForward width of the dense network; 0 without one
   * @param sliding whether it sees a window only
   * @param recurrent whether it has a recurrent state
   * @param caches whether it keeps keys and values of its own
   * @param mixture whether its network is a mixture of experts
   */
  record Layer(
      long heads,
      long cached,
      long keyWidth,
      long valueWidth,
      long feedForward,
      boolean sliding,
      boolean recurrent,
      boolean caches,
      boolean mixture) {

    boolean attends() {
      return heads > 0 && cached > 0;
    }

    long queries() {
      return heads * keyWidth;
    }

    long keys() {
      return cached * keyWidth;
    }

    long values() {
      return cached * valueWidth;
    }
  }

  /**
   * A mixture of experts.
   *
   * @param count of experts in a layer
   * @param used for one token
   * @param feedForward width of one
   * @param shared width of the expert that all tokens use; 0 without
   * @param biased whether a bias decides which are used
   */
  record Experts(long count, long used, long feedForward, long shared, boolean biased) {
    static final Experts NONE = new Experts(0, 0, 0, 0, false);
  }

  /**
   * A recurrent layer's state for one slot.
   *
   * @param convolution elements of the convolution's state
   * @param elements of the state proper
   * @param inner width of the recurrent layer
   * @param size of one head's state
   * @param groups that share the projections
   * @param heads of the recurrent layer (the rank of its time step)
   */
  record State(long convolution, long elements, long inner, long size, long groups, long heads) {
    static final State NONE = new State(0, 0, 0, 0, 0, 0);

    /** Width of what the convolution runs over. */
    long channels() {
      return inner + 2 * groups * size;
    }
  }

  /**
   * Latent attention (MLA).
   *
   * @param queryRank rank of the queries' projection; 0 where they are not compressed
   * @param rank of the keys and values
   * @param rotary elements of a head with position
   * @param key width of one head's key before compression; 0 where only values are decompressed
   * @param value width of one head's value after decompression
   */
  record Latent(long queryRank, long rank, long rotary, long key, long value) {
    static final Latent NONE = new Latent(0, 0, 0, 0, 0);

    /** Whether the cache holds the compressed vector as key, and no values. */
    boolean absorbed() {
      return key > 0;
    }
  }

  ModelShape {
    layers = List.copyOf(layers);
  }

  /** The last layer with attention over the whole context, or over a window; −1 without. */
  int lastAttention(boolean sliding) {
    return last(sliding, false);
  }

  /** The last of these that keeps keys and values; −1 without. */
  int lastCaching(boolean sliding) {
    return last(sliding, true);
  }

  /** The layers that are computed. */
  int computed() {
    return layers.size() - unused;
  }

  private int last(boolean sliding, boolean caching) {
    for (int i = computed() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      if (layer.attends() && layer.sliding() == sliding && (layer.caches() || !caching)) {
        return i;
      }
    }
    return -1;
  }

  /** The widest values that any layer caches. */
  long widestValues() {
    long widest = 0;
    for (int i = 0; i < layers.size(); i++) {
      widest = Math.max(widest, layers.get(i).values());
    }
    return widest;
  }

  /** Whether a layer's heads know where their tokens are. */
  boolean hasPositions(int index) {
    return !architecture.has(Trait.NO_POSITIONS)
        && (layers.get(index).sliding() || !architecture.has(Trait.WINDOWS_ONLY_POSITIONS))
        && ((index + 1) % 4 != 0 || !architecture.has(Trait.FOURTH_WITHOUT_POSITIONS));
  }

  /** Whether the next layer with attention, recurrence or experts is a recurrent one. */
  boolean recurrenceFollows(int index) {
    if (architecture.graph() == Graph.DELTA_NET || state.equals(State.NONE)) {
      return false;
    }
    for (int i = index + 1; i < computed(); i++) {
      Layer layer = layers.get(i);
      if (layer.recurrent() || layer.attends() || layer.mixture()) {
        return layer.recurrent() && !layer.attends();
      }
    }
    return false;
  }

  /** Whether two layers are planned in the same way. */
  boolean alike(int one, int other) {
    return layers.get(one).equals(layers.get(other))
        && hasPositions(one) == hasPositions(other)
        && recurrenceFollows(one) == recurrenceFollows(other);
  }
}
