package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ModelShape.Latent;
import dev.twoqueue.ollama.forecast.ModelShape.Layer;

/**
 * Latent attention (MLA) of one layer, in the order of llama.cpp's graph for DeepSeek V2 and V3:
 * queries and keys compressed to a low rank. Where the file has the absorbed projections, scores
 * run over the compressed vectors themselves; else keys and values are decompressed for each head.
 */
final class LatentAttention {
  private LatentAttention() {}

  /**
   * Plans it.
   *
   * @param input the normalised input, which is freed
   * @return the block's output, as wide as the model
   */
  static int plan(GraphPlan g, Layer layer, int input) {
    if (!g.shape.latent().absorbed()) {
      return Attention.project(g, layer, plain(g, layer, input));
    }
    int mixed = absorbed(g, layer, input);
    int out = g.floats(g.shape.embedding());
    g.give(mixed);
    return out;
  }

  private static int queries(GraphPlan g, long width) {
    long rank = g.shape.latent().queryRank();
    if (rank == 0) {
      return g.floats(width);
    }
    int compressed = g.floats(rank);
    int queries = g.floats(width);
    g.give(compressed);
    return queries;
  }

  private static int absorbed(GraphPlan g, Layer layer, int input) {
    Latent latent = g.shape.latent();
    long heads = layer.heads();
    int queries = queries(g, heads * latent.key());
    int absorbed = g.floats(heads * latent.rank());
    int rotary = g.floats(heads * latent.rotary());
    g.give(queries);
    int all = g.floats(heads * layer.keyWidth());
    g.give(absorbed);
    g.give(rotary);
    int compressed = g.floats(latent.rank() + latent.rotary());
    g.give(input);
    int normed = g.floats(latent.rank());
    int position = g.floats(latent.rotary());
    g.give(compressed);
    int keys = g.floats(layer.keyWidth());
    g.give(position);
    g.give(normed);
    g.give(keys);
    g.stored(layer);
    return decompressed(g, layer, all);
  }

  private static int decompressed(GraphPlan g, Layer layer, int queries) {
    Latent latent = g.shape.latent();
    long compressed = layer.heads() * latent.rank();
    long width = layer.heads() * latent.value();
    int mixed;
    if (g.settings.flashAttention()) {
      mixed = g.floats(compressed);
      g.give(queries);
      g.scored(layer);
    } else {
      // The values are the first part of the cached keys, and are transposed for the product. Its
      // operands are planned from the left: this copy comes before the scores.
      int transposed =
          g.bytes(g.settings.streams() * g.settings.keys().bytes(g.cells(layer) * latent.rank()));
      int scores = g.floats(layer.heads() * g.cells(layer));
      g.give(queries);
      g.scored(layer);
      mixed = g.floats(compressed);
      g.give(transposed);
      g.give(scores);
    }
    int wide = g.floats(width);
    g.give(mixed);
    int contiguous = g.floats(width);
    g.give(wide);
    return contiguous;
  }

  private static int plain(GraphPlan g, Layer layer, int input) {
    Latent latent = g.shape.latent();
    long heads = layer.heads();
    int queries = queries(g, layer.queries());
    int rotary = g.floats(heads * latent.rotary());
    int all = g.floats(layer.queries());
    g.give(rotary);
    g.give(queries);
    all = rotated(g, all, layer.queries(), g.rotatesKeys(layer));
    int compressed = g.floats(latent.rank() + latent.rotary());
    g.give(input);
    int normed = g.floats(latent.rank());
    int both = g.floats(heads * (layer.keyWidth() - latent.rotary() + layer.valueWidth()));
    g.give(normed);
    long width = heads * layer.valueWidth();
    int values = rotated(g, g.floats(width), width, g.rotatesValues(layer));
    int position = g.floats(latent.rotary());
    g.give(compressed);
    int repeated = g.floats(heads * latent.rotary());
    g.give(position);
    int keys = g.floats(layer.queries());
    g.give(repeated);
    g.give(both);
    keys = rotated(g, keys, layer.queries(), g.rotatesKeys(layer));
    g.give(keys);
    g.give(values);
    g.stored(layer);
    return Attention.scores(g, layer, all);
  }

  private static int rotated(GraphPlan g, int tensor, long width, boolean rotates) {
    return Attention.rotated(g, tensor, width, rotates);
  }
}
