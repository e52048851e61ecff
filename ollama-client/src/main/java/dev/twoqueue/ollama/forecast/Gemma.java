package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ModelShape.Layer;

/**
 * What Gemma 3n and 4 add to a transformer: an input for each layer, and in 3n four parallel
 * streams of activations of which one is active (AltUp) beside a low-rank path (Laurel).
 */
final class Gemma {
  /** llama.cpp's constants for Gemma 3n. */
  private static final int STREAMS = 4;

  private static final int LAUREL_RANK = 64;
  private static final int SPARSE_LAYERS = 10;

  private Gemma() {}

  /** The inputs of all layers, looked up by token. */
  static int inputs(GraphPlan g) {
    int looked = g.floats(inputsWidth(g));
    int scaled = g.floats(inputsWidth(g));
    g.give(looked);
    return scaled;
  }

  private static long inputsWidth(GraphPlan g) {
    return g.shape.perLayerInput() * g.shape.layers().size();
  }

  /**
   * Projects the embeddings into the inputs of all layers: only when the first layer reads them.
   */
  private static void project(GraphPlan g) {
    int projected = g.floats(inputsWidth(g));
    g.give(g.embeddings);
    g.embeddings = -1;
    int normed = g.floats(inputsWidth(g));
    g.give(projected);
    g.give(g.layerInputs);
    g.layerInputs = g.floats(inputsWidth(g));
    g.give(normed);
  }

  /** Mixes the layer's own input into the stream. */
  static void mixIn(GraphPlan g, int index) {
    g.give(mixed(g, index));
  }

  private static int mixed(GraphPlan g, int index) {
    int gated = g.floats(g.shape.perLayerInput());
    if (index == 0) {
      project(g);
    }
    int projected = g.floats(g.shape.embedding());
    g.give(gated);
    release(g, index);
    return projected;
  }

  /** The last layer is the last reader of the inputs. */
  private static void release(GraphPlan g, int index) {
    if (index == g.shape.computed() - 1) {
      g.give(g.layerInputs);
    }
  }

  /** Makes four streams of one. */
  static int streams(GraphPlan g) {
    long width = g.shape.embedding();
    int repeated = g.floats((STREAMS - 1) * width);
    int others = g.floats((STREAMS - 1) * width);
    g.give(repeated);
    int squares = g.floats(width);
    g.give(squares);
    int scaled = g.floats((STREAMS - 1) * width);
    g.give(others);
    int all = g.floats(STREAMS * width);
    g.give(scaled);
    return all;
  }

  /** One layer of Gemma 3n. */
  static int layer(GraphPlan g, int index, Layer layer, int input) {
    long width = g.shape.embedding();
    int predictions = predict(g, input);
    int normed = g.floats(width);
    int attended = Attention.plan(g, layer, normed, true);
    int low = g.floats(LAUREL_RANK);
    int laurel = g.floats(width);
    g.give(low);
    g.give(normed);
    g.give(laurel);
    int out = feedForward(g, index, layer, attended);
    return correct(g, index, predictions, out);
  }

  private static int feedForward(GraphPlan g, int index, Layer layer, int residual) {
    int normed = g.floats(g.shape.embedding());
    int up = g.floats(layer.feedForward());
    int gate = g.floats(layer.feedForward());
    g.give(normed);
    if (index < SPARSE_LAYERS) {
      int deviations = g.floats(layer.feedForward());
      g.give(deviations);
    }
    g.give(gate);
    int out = g.floats(g.shape.embedding());
    g.give(up);
    g.give(residual);
    return out;
  }

  private static int predict(GraphPlan g, int input) {
    long all = STREAMS * g.shape.embedding();
    int permuted = g.floats(all);
    int normed = g.floats(g.shape.embedding());
    int coefficients = g.floats((long) STREAMS * STREAMS);
    g.give(normed);
    int product = g.floats(all);
    g.give(permuted);
    g.give(coefficients);
    int predictions = g.floats(all);
    g.give(product);
    g.give(input);
    return predictions;
  }

  private static int correct(GraphPlan g, int index, int predictions, int activated) {
    long width = g.shape.embedding();
    int innovation = g.floats(width);
    int corrected = g.floats(STREAMS * width);
    g.give(innovation);
    g.give(activated);
    g.give(predictions);
    int scaled = g.floats(width);
    int gated = g.floats(g.shape.perLayerInput());
    g.give(scaled);
    if (index == 0) {
      project(g);
    }
    int first = g.floats(width);
    g.give(gated);
    release(g, index);
    int rest = g.floats((STREAMS - 1) * width);
    g.give(first);
    int all = g.floats(STREAMS * width);
    g.give(corrected);
    g.give(rest);
    return all;
  }

  /** One stream of four again. */
  static int join(GraphPlan g, int input) {
    long width = g.shape.embedding();
    int others = g.floats((STREAMS - 1) * width);
    int squares = g.floats(width);
    g.give(squares);
    int scaled = g.floats((STREAMS - 1) * width);
    g.give(others);
    int sum = g.floats(width);
    g.give(input);
    g.give(scaled);
    return sum;
  }
}
