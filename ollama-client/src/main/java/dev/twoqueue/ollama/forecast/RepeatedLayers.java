package dev.twoqueue.ollama.forecast;

/**
 * Finds where layers repeat and the buffer looks as it did before them: whole rounds of them change
 * nothing more, so they need no planning. The points of comparison are powers of two apart (Brent's
 * way to find a cycle), so the rounds need not be known.
 *
 * <p>Not safe for use by several threads.
 */
final class RepeatedLayers {
  private final BufferPlanner.Picture picture = new BufferPlanner.Picture();
  private int start = -1;
  private int next = 2;
  private int stream;
  private int pending;

  /**
   * How many layers from this one on can be left out.
   *
   * @param g the graph, before the layer
   * @param index of the layer
   * @param stream the tensor that comes in
   * @param end the first layer that must be planned in any case
   * @return a multiple of the round's length, or 0
   */
  int skipped(GraphPlan g, int index, int stream, int end) {
    int round = index - start;
    if (start >= 0
        && this.stream == stream
        && pending == g.pendingRows()
        && g.planner.looksLike(picture)) {
      int same = index;
      while (same < end && g.shape.alike(same, same - round)) {
        same++;
      }
      return (same - index) / round * round;
    }
    if (index >= next) {
      start = index;
      next = 2 * index;
      this.stream = stream;
      pending = g.pendingRows();
      g.planner.draw(picture);
    }
    return 0;
  }

  /** The earlier of two layers, of those that do not come before the index. */
  static int first(int index, int one, int other) {
    return Math.min(
        one < index ? Integer.MAX_VALUE : one, other < index ? Integer.MAX_VALUE : other);
  }
}
