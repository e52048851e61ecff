package dev.twoqueue.ollama.internal;

/**
 * The attention cache: cells × Σ over layers of (keys × bytes of a key + values × bytes of a
 * value). Exact in all measured loads.
 *
 * @param fullBytes of the layers that see the whole context
 * @param slidingBytes of the layers that see a window
 */
public record KvCache(long fullBytes, long slidingBytes) {

  /**
   * Computes it.
   *
   * @param shape the model
   * @param settings how it is loaded
   * @return its size
   * @throws ArithmeticException when it exceeds a long
   */
  public static KvCache of(ModelShape shape, LoadSettings settings) {
    if (!shape.causal()) {
      return new KvCache(0, 0);
    }
    long cells = settings.cells();
    long windowCells = shape.window() > 0 ? settings.windowCells(shape.window()) : 0;
    long widest = shape.layers().stream().mapToLong(ModelShape.Layer::values).max().orElse(0);
    long full = 0;
    long sliding = 0;
    for (ModelShape.Layer layer : shape.layers()) {
      // Without flash attention values are stored transposed, in rows as wide as the widest
      // layer's.
      boolean transposed = !settings.flashAttention() && layer.values() > 0;
      long values = transposed ? widest : layer.values();
      long rows = Math.multiplyExact(layer.sliding() ? windowCells : cells, settings.streams());
      long bytes =
          Math.addExact(
              settings.keys().bytes(Math.multiplyExact(rows, layer.keys())),
              settings.values().bytes(Math.multiplyExact(rows, values)));
      if (layer.sliding()) {
        sliding = Math.addExact(sliding, bytes);
      } else {
        full = Math.addExact(full, bytes);
      }
    }
    return new KvCache(full, sliding);
  }

  /**
   * Both kinds of layers.
   *
   * @return bytes
   */
  public long bytes() {
    return Math.addExact(fullBytes, slidingBytes);
  }
}
