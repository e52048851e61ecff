package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import java.util.List;

/** The attention cache and the recurrent state: allocated whole when the model is loaded. */
final class Caches {
  private static final String EXACT = "exact: cells × widths of the layers × bytes of an element";
  private static final String STATE = "exact: a state for each slot, whatever the context";
  private static final String UNKNOWN =
      "the architecture is not known: all layers are taken to see the whole context";

  private Caches() {}

  static void add(List<ForecastPart> parts, ModelMetadata model, LoadSettings settings) {
    KvCache cache = KvCache.of(model.shape(), settings);
    boolean known = model.known();
    add(parts, Kind.KV_CACHE, cache.fullBytes(), known, EXACT);
    add(parts, Kind.WINDOW_CACHE, cache.slidingBytes(), known, EXACT);
    add(parts, Kind.RECURRENT_STATE, state(model.shape(), settings), known, STATE);
  }

  private static void add(
      List<ForecastPart> parts, Kind kind, long bytes, boolean known, String reason) {
    if (bytes > 0) {
      parts.add(
          known
              ? ForecastPart.exactly(kind, bytes, reason)
              : new ForecastPart(
                  kind, bytes / 20, bytes, Math.addExact(bytes, bytes / 4), UNKNOWN));
    }
  }

  /** 32-bit floats: each recurrent layer's convolution and state, for each slot. */
  static long state(ModelShape shape, LoadSettings settings) {
    long layers = 0;
    for (int i = 0; i < shape.computed(); i++) {
      layers += shape.layers().get(i).recurrent() ? 1 : 0;
    }
    long elements = Math.addExact(shape.state().convolution(), shape.state().elements());
    return Math.multiplyExact(
        Math.multiplyExact(layers, settings.slots()), Math.multiplyExact(4L, elements));
  }
}
