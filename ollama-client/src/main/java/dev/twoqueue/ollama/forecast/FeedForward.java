package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.Architecture.Trait;
import dev.twoqueue.ollama.forecast.ModelShape.Experts;

/**
 * The network of one layer, in the order of llama.cpp's graph ({@code build_ffn}, {@code
 * build_moe_ffn}). Plain activations run in place, gated ones make a third tensor.
 */
final class FeedForward {
  private FeedForward() {}

  /**
   * Plans a layer's network.
   *
   * @return its output, as wide as the model
   */
  static int plan(GraphPlan g, ModelShape.Layer layer, int input) {
    if (layer.mixture() && g.shape.architecture().has(Trait.DENSE_BESIDE_EXPERTS)) {
      return besideExperts(g, layer, input);
    }
    return layer.mixture() ? mixture(g, input) : dense(g, layer.feedForward(), input, false);
  }

  /** A dense network. */
  static int dense(GraphPlan g, long width, int input, boolean keepsInput) {
    Architecture architecture = g.shape.architecture();
    int wide;
    if (architecture.has(Trait.PLAIN_FFN)) {
      wide = g.floats(width);
      release(g, input, keepsInput);
    } else if (architecture.has(Trait.FUSED_FFN)) {
      int both = g.floats(2 * width);
      release(g, input, keepsInput);
      wide = g.floats(width);
      g.give(both);
    } else {
      int gate = g.floats(width);
      int up = g.floats(width);
      release(g, input, keepsInput);
      wide = g.floats(width);
      g.give(gate);
      g.give(up);
    }
    int out = g.floats(g.shape.embedding());
    g.give(wide);
    return out;
  }

  private static void release(GraphPlan g, int input, boolean keeps) {
    if (!keeps) {
      g.give(input);
    }
  }

  /** The router, the experts and the dense network each have a norm of their own. */
  private static int besideExperts(GraphPlan g, ModelShape.Layer layer, int input) {
    Experts experts = g.shape.experts();
    int probabilities = g.floats(experts.count());
    g.give(input);
    int order = g.floats(experts.count());
    int weights = g.floats(experts.used());
    g.give(probabilities);
    int normed = g.floats(g.shape.embedding());
    int both = g.floats(2 * experts.used() * experts.feedForward());
    g.give(normed);
    int wide = g.floats(experts.used() * experts.feedForward());
    g.give(both);
    int each = g.floats(experts.used() * g.shape.embedding());
    g.give(wide);
    g.give(order);
    g.give(weights);
    int routed = g.floats(g.shape.embedding());
    g.give(each);
    g.expanded();
    int out = dense(g, layer.feedForward(), g.floats(g.shape.embedding()), false);
    g.give(routed);
    return out;
  }

  private static int mixture(GraphPlan g, int input) {
    Experts experts = g.shape.experts();
    int routed = experts(g, experts, input, experts.shared() > 0);
    if (experts.shared() == 0) {
      return routed;
    }
    int shared = dense(g, experts.shared(), input, false);
    g.give(shared);
    return routed;
  }

  /**
   * Each token passes through several experts, whose outputs are all kept until they are summed.
   */
  static int experts(GraphPlan g, Experts experts, int input, boolean keepsInput) {
    int probabilities = g.floats(experts.count());
    int biased = experts.biased() ? g.floats(experts.count()) : -1;
    int order = g.floats(experts.count());
    if (biased >= 0) {
      g.give(biased);
    }
    int weights = g.floats(experts.used());
    g.give(probabilities);
    long width = experts.used() * experts.feedForward();
    if (g.shape.architecture().has(Trait.WEIGHTED_INPUTS)) {
      return weighted(g, input, keepsInput, new int[] {order, weights});
    }
    int wide;
    if (g.shape.architecture().has(Trait.PLAIN_FFN)) {
      wide = g.floats(width);
      release(g, input, keepsInput);
    } else {
      int gate = g.floats(width);
      int up = g.floats(width);
      release(g, input, keepsInput);
      wide = g.floats(width);
      g.give(gate);
      g.give(up);
    }
    int each = g.floats(experts.used() * g.shape.embedding());
    g.give(wide);
    g.give(order);
    g.give(weights);
    int sum = g.floats(g.shape.embedding());
    g.give(each);
    g.expanded();
    return sum;
  }

  /** Inputs are weighted, not outputs; the sum of one expert's output is a copy. */
  private static int weighted(GraphPlan g, int input, boolean keepsInput, int[] routing) {
    Experts experts = g.shape.experts();
    long width = experts.used() * experts.feedForward();
    int inputs = g.floats(experts.used() * g.shape.embedding());
    release(g, input, keepsInput);
    g.give(routing[1]);
    int gate = g.floats(width);
    int up = g.floats(width);
    g.give(inputs);
    int wide = g.floats(width);
    g.give(gate);
    g.give(up);
    int each = g.floats(experts.used() * g.shape.embedding());
    g.give(wide);
    g.give(routing[0]);
    int sum = g.floats(g.shape.embedding());
    g.give(each);
    return sum;
  }
}
