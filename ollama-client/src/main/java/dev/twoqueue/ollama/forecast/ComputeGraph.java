package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.Architecture.Graph;
import dev.twoqueue.ollama.forecast.Architecture.Trait;
import dev.twoqueue.ollama.forecast.ModelShape.Layer;

/**
 * The scratch memory of a model's graph: its tensors in the order in which llama.cpp computes them,
 * placed as ggml places them. The server reserves this buffer when it loads a model, for the
 * largest batch over a full cache.
 */
final class ComputeGraph {
  private final GraphPlan g;

  private ComputeGraph(GraphPlan g) {
    this.g = g;
  }

  /**
   * Its size.
   *
   * @return bytes
   * @throws ArithmeticException when it exceeds a long
   */
  static long bytes(ModelShape shape, LoadSettings settings) {
    GraphPlan plan = new GraphPlan(shape, settings);
    new ComputeGraph(plan).plan();
    return plan.planner.peak();
  }

  private void plan() {
    ModelShape shape = g.shape;
    int lastFull = shape.lastAttention(false);
    int lastWindow = shape.lastAttention(true);
    int lastFullCache = shape.lastCaching(false);
    int lastWindowCache = shape.lastCaching(true);
    int stream = inputs();
    int last = shape.computed() - 1;
    RepeatedLayers repeated = new RepeatedLayers();
    for (int i = 0; i <= last; i++) {
      if (shape.imageLayers() == 0 && shape.perLayerInput() == 0) {
        int attention = RepeatedLayers.first(i, lastFull, lastWindow);
        int cached = RepeatedLayers.first(i, lastFullCache, lastWindowCache);
        int end = Math.min(last, Math.min(attention, cached));
        i += repeated.skipped(g, i, stream, end);
      }
      Layer layer = shape.layers().get(i);
      g.positions = shape.hasPositions(i);
      g.recurrenceFollows = shape.recurrenceFollows(i);
      g.lastOfKind = i == lastFull || i == lastWindow;
      g.lastCaching = i == (layer.sliding() ? lastWindowCache : lastFullCache);
      g.lastAttention = i == Math.max(lastFull, lastWindow);
      stream = layer(i, layer, stream, i == last);
      if (i == g.shape.imageLayers() - 1) {
        g.give(g.embeddings); // the last layer that sums them in
        g.embeddings = -1;
      }
    }
    output(stream);
  }

  /**
   * What the host fills in before each pass; the embeddings of images have a place of their own.
   */
  private int inputs() {
    int tokens = g.floats(1);
    g.floats((1 + g.shape.imageLayers()) * g.shape.embedding());
    g.attentionInputs();
    g.outputIds();
    int stream = g.floats(g.shape.embedding());
    g.give(tokens);
    if (g.shape.perLayerInput() > 0) {
      g.embeddings = stream;
      g.layerInputs = Gemma.inputs(g);
    }
    return prepared(stream);
  }

  /** What happens to the embeddings before the first layer. */
  private int prepared(int stream) {
    Architecture architecture = g.shape.architecture();
    if (g.shape.imageLayers() > 0) {
      g.embeddings = g.floats((1 + g.shape.imageLayers()) * g.shape.embedding());
      g.give(stream);
      return g.embeddings;
    }
    if (architecture.graph() == Graph.GEMMA3N) {
      return Gemma.streams(g);
    }
    if (architecture.graph() == Graph.ENCODER) {
      return normed(architecture.has(Trait.POSITION_TABLE) ? normed(stream) : stream);
    }
    if (architecture.has(Trait.POSITION_TABLE)) {
      g.give(g.floats(g.shape.embedding()));
    }
    return architecture.has(Trait.INPUT_NORM) ? normed(stream) : stream;
  }

  private int layer(int index, Layer layer, int stream, boolean last) {
    Architecture architecture = g.shape.architecture();
    if (architecture.graph() == Graph.GEMMA3N) {
      return Gemma.layer(g, index, layer, stream);
    }
    if (architecture.graph() == Graph.ENCODER) {
      return encoder(layer, stream, last);
    }
    if (architecture.has(Trait.PARALLEL)) {
      return parallel(layer, stream, last);
    }
    if (architecture.has(Trait.NORM_AFTER)) {
      return normAfter(layer, stream, last);
    }
    boolean rows = last && !architecture.has(Trait.LATE_OUTPUT);
    if (layer.recurrent() && !layer.attends() && architecture.graph() != Graph.DELTA_NET) {
      g.readState();
    }
    int normed = g.floats(g.shape.embedding());
    if (architecture.graph() == Graph.ONE_BLOCK) {
      return oneBlock(layer, stream, normed, rows);
    }
    int mixed = layer.recurrent() && layer.attends() ? both(layer, normed) : mix(layer, normed);
    int residual = residual(mixed, stream, rows, inStream(layer, rows));
    if (layer.feedForward() == 0 && !layer.mixture()) {
      return residual;
    }
    int input = g.floats(g.shape.embedding());
    int out =
        residual(
            FeedForward.plan(g, layer, input),
            residual,
            false,
            architecture.has(Trait.FFN_INTO_STREAM));
    if (g.shape.perLayerInput() > 0) {
      Gemma.mixIn(g, index);
    }
    return out;
  }

  /** The stream itself is the input; the norms of what comes out run in place. */
  private int normAfter(Layer layer, int stream, boolean last) {
    int residual = residual(Attention.plan(g, layer, stream, true), stream, last, false);
    int out = FeedForward.dense(g, layer.feedForward(), residual, true);
    g.give(residual);
    return out;
  }

  private int mix(Layer layer, int normed) {
    if (layer.attends()) {
      return g.shape.latent().rank() > 0
          ? LatentAttention.plan(g, layer, normed)
          : Attention.plan(g, layer, normed, false);
    }
    if (layer.recurrent()) {
      return Recurrence.plan(g, layer, normed);
    }
    return normed;
  }

  /** Attention's projection waits until the recurrence has scanned. */
  private int both(Layer layer, int normed) {
    g.deferred = Attention.mix(g, layer, normed, false);
    g.readState();
    int out = Recurrence.plan(g, layer, g.floats(g.shape.embedding()));
    g.give(out);
    int attended = g.deferred;
    g.deferred = -1;
    return attended;
  }

  /** A layer is attention, recurrence or a network, and no more. */
  private int oneBlock(Layer layer, int stream, int normed, boolean rows) {
    boolean network = layer.feedForward() > 0 || layer.mixture();
    int out = network ? FeedForward.plan(g, layer, normed) : mix(layer, normed);
    return residual(out, stream, rows, inStream(layer, rows));
  }

  /** Whether the sum takes the stream's place: a recurrent block's output is but a view. */
  private boolean inStream(Layer layer, boolean rows) {
    return (layer.recurrent() && !layer.attends() && !rows)
        || g.shape.architecture().has(Trait.MIX_INTO_STREAM);
  }

  /** The sum with what came in runs in place. */
  private int residual(int out, int stream, boolean rows, boolean inStream) {
    int sum = out;
    int old = stream;
    if (rows) {
      sum = g.keepOutputs(out, g.shape.embedding());
      old = g.keepOutputs(stream, g.shape.embedding());
      g.onlyOutputs();
    }
    if (inStream || old != g.embeddings) {
      g.give(inStream ? sum : old); // Gemma's embeddings are read once more
    }
    return inStream ? old : sum;
  }

  /** Attention and network read the same input, or each a norm of its own. */
  private int parallel(Layer layer, int stream, boolean last) {
    Architecture architecture = g.shape.architecture();
    long width = g.shape.embedding();
    boolean own = architecture.has(Trait.OWN_NORMS);
    int input = g.floats(width);
    int mixed = Attention.mix(g, layer, input, !own);
    if (last) {
      return lastParallel(layer, stream, own ? -1 : input, mixed);
    }
    if (architecture.has(Trait.PROJECTION_FIRST)) {
      int attended = Attention.project(g, layer, mixed);
      g.give(FeedForward.plan(g, layer, input));
      g.give(stream);
      return attended;
    }
    // Else the sum reads the network first.
    int out = FeedForward.plan(g, layer, own ? g.floats(width) : input);
    g.give(stream);
    g.give(Attention.project(g, layer, mixed));
    return out;
  }

  private int lastParallel(Layer layer, int stream, int input, int mixed) {
    long width = g.shape.embedding();
    int rows = input < 0 ? -1 : g.keepOutputs(input, width);
    int attended = Attention.project(g, layer, mixed);
    int old = g.keepOutputs(stream, width);
    int kept = g.keepOutputs(attended, width);
    g.onlyOutputs();
    int out = FeedForward.plan(g, layer, input < 0 ? g.floats(width) : rows);
    g.give(old);
    g.give(kept);
    return out;
  }

  /** Norms come after the sums, so the stream itself is the input. */
  private int encoder(Layer layer, int stream, boolean last) {
    int attended = Attention.plan(g, layer, stream, true);
    int residual = normed(residual(attended, stream, last, false));
    int out =
        layer.mixture()
            ? FeedForward.experts(g, g.shape.experts(), residual, true)
            : FeedForward.dense(g, layer.feedForward(), residual, true);
    g.give(residual);
    return normed(out);
  }

  /** A norm by mean and variance makes a copy, unlike one by the root mean square. */
  private int normed(int stream) {
    int normed = g.floats(g.shape.embedding());
    g.give(stream);
    return normed;
  }

  private void output(int stream) {
    if (!g.shape.causal()) {
      return; // embeddings are the output
    }
    int rows = stream;
    if (g.shape.architecture().graph() == Graph.GEMMA3N) {
      rows = g.keepOutputs(Gemma.join(g, stream), g.shape.embedding());
      g.onlyOutputs();
    } else if (g.shape.architecture().has(Trait.LATE_OUTPUT)) {
      rows = g.copyOutputs(g.shape.embedding()); // the whole stream is an output too
      g.onlyOutputs();
    }
    if (g.shape.architecture().has(Trait.MEAN_NORM)) {
      rows = normed(rows);
    }
    g.floats(g.shape.vocabulary());
    g.give(rows);
  }
}
