package dev.twoqueue.ollama.internal;

/**
 * The scratch memory of the graph. With T tokens at once and 32-bit activations:
 *
 * <ul>
 *   <li>flash attention on: 4T(3·feed-forward + 3·embedding + heads·head) + 2T·(all cells);
 *   <li>off: the larger of that with a 32-bit mask, and 4T(heads·cells + all cells + 2·embedding +
 *       3·heads·head);
 *   <li>servers that keep the logits of all tokens (older ones, Ollama's own runner): at least
 *       4T(vocabulary + 2·embedding).
 * </ul>
 *
 * <p>For dense models within −8.5 and +8.8 % of all measured loads. For others no exact formula is
 * known: the likely figure and the range are fitted to the measured rows.
 */
public final class ComputeBuffers {
  private ComputeBuffers() {}

  /**
   * Computes them.
   *
   * @param shape the model
   * @param settings how it is loaded
   * @return bytes
   */
  public static Range of(ModelShape shape, LoadSettings settings) {
    double graph = settings.flashAttention() ? on(shape, settings) : off(shape, settings);
    Range range = fitted(shape.fit(), graph, settings.flashAttention());
    double tokens = settings.tokensAtOnce();
    double logits = 4 * tokens * (shape.vocabulary() + 2.0 * shape.embedding());
    return range.atMost((long) (1.3 * logits));
  }

  private static Range fitted(ModelShape.Fit fit, double graph, boolean flashAttention) {
    String name = "compute buffers";
    return switch (fit) {
      case DENSE -> Range.around(name, (long) graph, 0.4, 1.15);
      case MIXED ->
          flashAttention
              ? Range.around(name, (long) (1.5 * graph), 0.4, 2.5)
              : Range.around(name, (long) graph, 0.7, 1.7);
      case RECURRENT -> Range.around(name, (long) (4.8 * graph), 0.5, 1.3);
      case UNKNOWN -> Range.around(name, (long) (2 * graph), 0.1, 4);
    };
  }

  private static double on(ModelShape shape, LoadSettings settings) {
    return activations(shape, settings) + 2.0 * settings.tokensAtOnce() * cells(shape, settings);
  }

  private static double off(ModelShape shape, LoadSettings settings) {
    double tokens = settings.tokensAtOnce();
    double cells = cells(shape, settings);
    double widest = Math.max(fullCells(shape, settings), windowCells(shape, settings));
    double attention = (double) shape.heads() * shape.headWidth();
    double scores =
        4 * tokens * (shape.heads() * widest + cells + 2.0 * shape.embedding() + 3 * attention);
    return Math.max(activations(shape, settings) + 4 * tokens * cells, scores);
  }

  private static double activations(ModelShape shape, LoadSettings settings) {
    double attention = (double) shape.heads() * shape.headWidth();
    return 4.0
        * settings.tokensAtOnce()
        * (3.0 * shape.feedForward() + 3.0 * shape.embedding() + attention);
  }

  private static double cells(ModelShape shape, LoadSettings settings) {
    return fullCells(shape, settings) + windowCells(shape, settings);
  }

  private static double fullCells(ModelShape shape, LoadSettings settings) {
    if (!shape.causal()) {
      return settings.tokensAtOnce(); // an encoder's mask covers the batch itself
    }
    return shape.attends(false) ? settings.cells() : 0;
  }

  private static double windowCells(ModelShape shape, LoadSettings settings) {
    return shape.attends(true) ? settings.windowCells(shape.window()) : 0;
  }
}
