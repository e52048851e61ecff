package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.Architecture.Trait;
import dev.twoqueue.ollama.forecast.ModelShape.Layer;
import dev.twoqueue.ollama.forecast.ModelShape.State;

/**
 * The recurrent block of one layer, in the order of llama.cpp's graph: {@code build_mamba2_layer},
 * {@code build_mamba_layer}, the gated delta net ({@code build_layer_attn_linear}) and LFM2's short
 * convolution.
 */
final class Recurrence {
  private Recurrence() {}

  /**
   * Plans it.
   *
   * @param input the normalised input, which is freed
   * @return the block's output, as wide as the model
   */
  static int plan(GraphPlan g, Layer layer, int input) {
    return switch (g.shape.architecture().graph()) {
      case DELTA_NET -> deltaNet(g, input);
      case SHORT_CONVOLUTION -> shortConvolution(g, layer, input);
      case MAMBA -> mamba(g, layer, input);
      default -> mamba2(g, layer, input);
    };
  }

  private static long slots(GraphPlan g) {
    return g.settings.slots();
  }

  /** What the convolution reads: its state ahead of the tokens of each slot. */
  private static int convolved(GraphPlan g, long channels) {
    long state = Math.multiplyExact(g.shape.state().convolution(), slots(g));
    return g.bytes(4 * (g.tokens() * channels + state));
  }

  /** What a scan leaves: its output, and the state of each slot. */
  private static int scan(GraphPlan g) {
    State state = g.shape.state();
    return g.bytes(4 * (g.tokens() * state.inner() + state.elements() * slots(g)));
  }

  /** The state's write is the last that llama.cpp puts into the graph ahead of its need. */
  private static void scanned(GraphPlan g, Layer layer) {
    if (!layer.mixture()) {
      g.expanded();
    }
  }

  /** What was scanned, with what goes past the scan, times the gate. */
  private static int gated(GraphPlan g, int projected, int mixed, int scanned) {
    long inner = g.shape.state().inner();
    int gate = g.floats(inner);
    g.give(projected);
    int direct = g.floats(inner);
    g.give(mixed);
    g.give(scanned);
    int gated = g.floats(inner);
    g.give(gate);
    g.give(direct);
    return gated;
  }

  private static int mamba2(GraphPlan g, Layer layer, int input) {
    State state = g.shape.state();
    long channels = state.channels();
    int rows = g.convolutionState();
    int projected = g.floats(state.inner() + channels + state.heads());
    g.give(input);
    int joined = convolved(g, channels);
    g.give(rows);
    int mixed = g.floats(channels);
    g.give(joined);
    int step = g.floats(state.heads());
    int scanned = scan(g);
    g.give(step);
    scanned(g, layer);
    if (g.deferred >= 0) {
      g.deferred = Attention.project(g, layer, g.deferred);
    }
    int gated = gated(g, projected, mixed, scanned);
    int normed = g.floats(state.inner());
    g.give(gated);
    int out = g.floats(g.shape.embedding());
    g.give(normed);
    return out;
  }

  private static int mamba(GraphPlan g, Layer layer, int input) {
    State state = g.shape.state();
    int rows = g.convolutionState();
    int projected = g.floats(2 * state.inner());
    g.give(input);
    int joined = convolved(g, state.inner());
    g.give(rows);
    int mixed = g.floats(state.inner());
    g.give(joined);
    int parameters = g.floats(state.heads() + 2 * state.size());
    boolean normed = g.shape.architecture().has(Trait.NORMED_PARAMETERS);
    int rank = normed ? g.floats(state.heads()) : -1;
    int step = g.floats(state.inner());
    if (normed) {
      g.give(rank);
      g.give(parameters);
      parameters = g.floats(2 * state.size());
    }
    int scanned = scan(g);
    g.give(step);
    g.give(parameters);
    scanned(g, layer);
    int gated = gated(g, projected, mixed, scanned);
    int out = g.floats(g.shape.embedding());
    g.give(gated);
    return out;
  }

  private static int deltaNet(GraphPlan g, int input) {
    State state = g.shape.state();
    long channels = state.channels();
    int rows = g.convolutionState();
    int projected = g.floats(channels);
    int joined = convolved(g, channels);
    g.give(rows);
    g.give(projected);
    int old = g.bytes(4 * state.elements() * slots(g));
    int mixed = g.floats(channels);
    g.give(joined);
    int queries = g.floats(state.groups() * state.size());
    int keys = g.floats(state.groups() * state.size());
    int decay = g.floats(state.heads());
    int beta = g.floats(state.heads());
    int scanned = scan(g);
    g.give(queries);
    g.give(keys);
    g.give(mixed);
    g.give(decay);
    g.give(beta);
    g.give(old);
    int normed = g.floats(state.inner());
    g.give(scanned);
    int raw = g.floats(state.inner());
    g.give(input);
    int gate = g.floats(state.inner());
    g.give(raw);
    g.give(gate);
    int out = g.floats(g.shape.embedding());
    g.give(normed);
    return out;
  }

  private static int shortConvolution(GraphPlan g, Layer layer, int input) {
    long width = g.shape.embedding();
    int rows = g.convolutionState();
    int projected = g.floats(3 * width);
    g.give(input);
    int product = g.floats(width);
    int joined = convolved(g, width);
    g.give(rows);
    g.give(product);
    scanned(g, layer);
    int mixed = g.floats(width);
    g.give(joined);
    g.give(projected);
    int out = g.floats(width);
    g.give(mixed);
    return out;
  }
}
