package dev.twoqueue.ollama.internal;

import java.util.List;

/**
 * What the memory of a model depends on, beside its weights.
 *
 * @param architecture as the GGUF file names it
 * @param fit how well the formulas know this architecture
 * @param layers one entry a layer, in order
 * @param window what a sliding-window layer sees, in tokens; 0 without such layers
 * @param heads attention heads (the most of any layer)
 * @param headWidth elements of one head's key
 * @param feedForward width of the feed-forward network (the widest layer's)
 * @param embedding width of the model
 * @param vocabulary tokens known; 0 when unknown
 * @param causal false for encoders, which keep no cache
 * @param state elements of recurrent state in each recurrent layer of each slot
 * @param trainedContext the context it was made for, in tokens; 0 when unknown
 */
public record ModelShape(
    String architecture,
    Fit fit,
    List<Layer> layers,
    long window,
    long heads,
    long headWidth,
    long feedForward,
    long embedding,
    long vocabulary,
    boolean causal,
    long state,
    long trainedContext) {

  /** How well the compute formula fits, from the measured rows. */
  public enum Fit {
    /** Within a tenth. */
    DENSE,
    /** Mixture of experts, latent attention, hybrids: cache exact, compute off by a factor. */
    MIXED,
    /** No attention at all: state exact, compute off by more. */
    RECURRENT,
    /** Nothing was measured. */
    UNKNOWN
  }

  /**
   * One layer.
   *
   * @param keys elements of key that a cell holds; 0 without a cache of its own
   * @param values elements of value that a cell holds
   * @param sliding whether it sees a window only
   * @param recurrent whether it has a recurrent state
   */
  public record Layer(long keys, long values, boolean sliding, boolean recurrent) {}

  public ModelShape {
    layers = List.copyOf(layers);
  }

  /** The same with a vocabulary that the metadata did not name. */
  public ModelShape withVocabulary(long tokens) {
    return new ModelShape(
        architecture,
        fit,
        layers,
        window,
        heads,
        headWidth,
        feedForward,
        embedding,
        Math.max(0, Math.min(tokens, 1L << 24)),
        causal,
        state,
        trainedContext);
  }

  boolean attends(boolean sliding) {
    return causal && layers.stream().anyMatch(l -> l.keys() > 0 && l.sliding() == sliding);
  }
}
