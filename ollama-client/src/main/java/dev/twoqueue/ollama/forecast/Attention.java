package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.Architecture.Trait;

/**
 * The attention block of one layer, in the order of llama.cpp's graph ({@code build_qkv}, {@code
 * build_attn}, {@code build_attn_mha}): queries, values, keys, the scores or the fused kernel, the
 * projection back. Norms, rotary positions, biases and residual sums run in place.
 */
final class Attention {
  private Attention() {}

  /**
   * Plans it.
   *
   * @param g the graph
   * @param layer the layer
   * @param input the normalised input
   * @param keepsInput whether a later block reads the input too
   * @return the block's output, as wide as the model
   */
  static int plan(GraphPlan g, ModelShape.Layer layer, int input, boolean keepsInput) {
    return project(g, layer, mix(g, layer, input, keepsInput));
  }

  /** All but the projection back. */
  static int mix(GraphPlan g, ModelShape.Layer layer, int input, boolean keepsInput) {
    return g.shape.architecture().has(Trait.GATED_ATTENTION)
        ? gated(g, layer, input)
        : mixed(g, layer, input, keepsInput);
  }

  /** The projection back. */
  static int project(GraphPlan g, ModelShape.Layer layer, int mixed) {
    int turned =
        g.shape.architecture().has(Trait.GATED_ATTENTION) ? mixed : turned(g, layer, mixed);
    int out = g.floats(g.shape.embedding());
    g.give(turned);
    return out;
  }

  private static int mixed(GraphPlan g, ModelShape.Layer layer, int input, boolean keepsInput) {
    if (!layer.caches() && g.shape.causal()) {
      int raw = g.floats(layer.queries());
      release(g, input, keepsInput);
      int queries = queries(g, raw, layer);
      g.stored(layer);
      return scores(g, layer, queries);
    }
    if (g.shape.architecture().has(Trait.FUSED_QKV)) {
      return fused(g, layer, input, keepsInput);
    }
    if (g.shape.architecture().has(Trait.VALUES_FROM_KEYS)
        && !layer.sliding()
        && g.shape.perLayerInput() == 0) {
      return valuesFromKeys(g, layer, input);
    }
    boolean scalesQueries = !g.positions && g.shape.architecture().has(Trait.WEIGHTED_INPUTS);
    boolean keysFirst = g.shape.window() > 0 || !g.shape.causal();
    int raw = g.floats(layer.queries());
    int queries = queries(g, scalesQueries ? copy(g, raw, layer.queries()) : raw, layer);
    int first = g.floats(keysFirst ? layer.keys() : layer.values());
    int second = -1;
    if (keysFirst) {
      first = keys(g, first, layer);
      second = g.floats(layer.values());
      release(g, input, keepsInput);
      second = values(g, second, layer);
    } else {
      first = values(g, first, layer);
      second = g.floats(layer.keys());
      release(g, input, keepsInput);
      second = keys(g, second, layer);
    }
    int keys = keysFirst ? first : second;
    int values = keysFirst ? second : first;
    return g.shape.causal()
        ? cached(g, layer, queries, keys, values)
        : uncached(g, layer, queries, keys, values);
  }

  /** One product for keys and values, which differ in their norms only. */
  private static int valuesFromKeys(GraphPlan g, ModelShape.Layer layer, int input) {
    int queries = queries(g, g.floats(layer.queries()), layer);
    int raw = g.floats(layer.keys());
    g.give(input);
    int keys = rotated(g, g.floats(layer.keys()), layer.keys(), g.rotatesKeys(layer));
    int values = rotated(g, copy(g, raw, layer.values()), layer.values(), g.rotatesValues(layer));
    return cached(g, layer, queries, keys, values);
  }

  /** What was mixed from rotated values is rotated back. */
  private static int turned(GraphPlan g, ModelShape.Layer layer, int mixed) {
    return rotated(g, mixed, layer.heads() * layer.valueWidth(), g.rotatesValues(layer));
  }

  /** One product for queries, keys and values; positions then need copies of the first two. */
  private static int fused(GraphPlan g, ModelShape.Layer layer, int input, boolean keepsInput) {
    int all = g.floats(layer.queries() + layer.keys() + layer.values());
    release(g, input, keepsInput);
    if (!g.positions && g.settings.flashAttention() && g.shape.causal()) {
      g.stored(layer);
      return scores(g, layer, all);
    }
    int queries = rotated(g, g.floats(layer.queries()), layer.queries(), g.rotatesKeys(layer));
    int keys = rotated(g, g.floats(layer.keys()), layer.keys(), g.rotatesKeys(layer));
    if (!g.shape.causal()) {
      return uncached(g, layer, queries, keys, all);
    }
    g.give(keys);
    if (g.settings.flashAttention()) {
      g.give(all);
    } else {
      int values = g.floats(layer.values());
      g.give(all);
      g.give(values);
    }
    g.stored(layer);
    return scores(g, layer, queries);
  }

  /** Queries come with a gate of the same width, which is read after the scores. */
  private static int gated(GraphPlan g, ModelShape.Layer layer, int input) {
    int both = g.floats(2 * layer.queries());
    int queries = rotated(g, g.floats(layer.queries()), layer.queries(), g.rotatesKeys(layer));
    int values = values(g, g.floats(layer.values()), layer);
    int keys = g.floats(layer.keys());
    g.give(input);
    keys = keys(g, keys, layer);
    int mixed = turned(g, layer, cached(g, layer, queries, keys, values));
    int gate = g.floats(layer.queries());
    g.give(both);
    g.give(mixed);
    return gate;
  }

  private static void release(GraphPlan g, int input, boolean keeps) {
    if (!keeps) {
      g.give(input);
    }
  }

  private static int queries(GraphPlan g, int raw, ModelShape.Layer layer) {
    return rotated(g, placed(g, raw, layer.queries()), layer.queries(), g.rotatesKeys(layer));
  }

  private static int keys(GraphPlan g, int raw, ModelShape.Layer layer) {
    return rotated(g, placed(g, raw, layer.keys()), layer.keys(), g.rotatesKeys(layer));
  }

  private static int values(GraphPlan g, int raw, ModelShape.Layer layer) {
    int values =
        g.shape.architecture().has(Trait.NORMED_VALUES) ? copy(g, raw, layer.values()) : raw;
    return rotated(g, values, layer.values(), g.rotatesValues(layer));
  }

  /** A norm or a rotary position for each head is the first reader of a view: it makes a copy. */
  private static int placed(GraphPlan g, int raw, long width) {
    return g.positions ? copy(g, raw, width) : raw;
  }

  private static int copy(GraphPlan g, int tensor, long width) {
    int copy = g.floats(width);
    g.give(tensor);
    return copy;
  }

  /** A rotated copy, where the cache asks for one. */
  static int rotated(GraphPlan g, int tensor, long width, boolean rotates) {
    return rotates ? copy(g, tensor, width) : tensor;
  }

  private static int cached(
      GraphPlan g, ModelShape.Layer layer, int queries, int keys, int values) {
    g.give(keys);
    long widest = g.widestValues;
    if (!g.settings.flashAttention() && layer.values() < widest) {
      int padded = g.floats(widest); // transposed values are stored in rows of one width
      g.give(values);
      g.give(padded);
    } else {
      g.give(values);
    }
    g.stored(layer);
    return scores(g, layer, queries);
  }

  /** The scores over the cache: never there as a whole with flash attention. */
  static int scores(GraphPlan g, ModelShape.Layer layer, int queries) {
    long width = layer.heads() * layer.valueWidth();
    if (g.settings.flashAttention()) {
      int mixed = g.floats(width);
      g.give(queries);
      g.scored(layer);
      return mixed;
    }
    int scores = g.floats(layer.heads() * g.cells(layer));
    g.give(queries);
    g.scored(layer);
    int mixed = g.floats(width);
    g.give(scores);
    int contiguous = g.floats(width);
    g.give(mixed);
    return contiguous;
  }

  /** An encoder: keys and values of the batch itself. */
  private static int uncached(
      GraphPlan g, ModelShape.Layer layer, int queries, int keys, int values) {
    long width = layer.heads() * layer.valueWidth();
    if (g.settings.flashAttention()) {
      int half = g.bytes(2 * g.tokens() * layer.keys());
      g.give(keys);
      int halfValues = g.bytes(2 * g.tokens() * layer.values());
      g.give(values);
      int mixed = g.floats(width);
      g.give(queries);
      g.give(half);
      g.give(halfValues);
      g.scored(layer);
      return mixed;
    }
    int transposed = g.floats(layer.values());
    g.give(values);
    int scores = g.floats(layer.heads() * g.cells(layer));
    g.give(keys);
    g.give(queries);
    g.scored(layer);
    int mixed = g.floats(width);
    g.give(transposed);
    g.give(scores);
    int contiguous = g.floats(width);
    g.give(mixed);
    return contiguous;
  }
}
