package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ModelShape.State;

/**
 * The attention cache: cells × Σ over layers of (keys × bytes of a key + values × bytes of a
 * value). Exact in all measured loads.
 *
 * @param fullBytes of the layers that see the whole context
 * @param slidingBytes of the layers that see a window
 */
record KvCache(long fullBytes, long slidingBytes) {

  /**
   * Computes it.
   *
   * @param shape the model
   * @param settings how it is loaded
   * @return its size
   * @throws ArithmeticException when it exceeds a long
   */
  static KvCache of(ModelShape shape, LoadSettings settings) {
    if (!shape.causal()) {
      return new KvCache(0, 0);
    }
    boolean latent = shape.latent().absorbed();
    long widest = shape.widestValues();
    long full = 0;
    long sliding = 0;
    // Hybrids keep no cache for layers that are not computed; the others do.
    int layers = shape.state().equals(State.NONE) ? shape.layers().size() : shape.computed();
    for (int i = 0; i < layers; i++) {
      ModelShape.Layer layer = shape.layers().get(i);
      if (!layer.attends() || !layer.caches()) {
        continue;
      }
      // Without flash attention values are stored transposed, in rows as wide as the widest
      // layer's. Latent attention reads its values from the keys.
      long values = settings.flashAttention() ? layer.values() : widest;
      long cells = layer.sliding() ? settings.windowCells(shape.window()) : settings.cells();
      long rows = Math.multiplyExact(cells, settings.streams());
      long bytes =
          Math.addExact(
              settings.keys().bytes(Math.multiplyExact(rows, layer.keys())),
              settings.values().bytes(Math.multiplyExact(rows, latent ? 0 : values)));
      if (layer.sliding()) {
        sliding = Math.addExact(sliding, bytes);
      } else {
        full = Math.addExact(full, bytes);
      }
    }
    return new KvCache(full, sliding);
  }

  /** Both kinds of layers. */
  long bytes() {
    return Math.addExact(fullBytes, slidingBytes);
  }
}
