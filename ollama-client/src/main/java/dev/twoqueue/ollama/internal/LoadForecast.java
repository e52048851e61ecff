package dev.twoqueue.ollama.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one load, by part.
 *
 * @param parts in the order of a reader's interest
 */
public record LoadForecast(List<Range> parts) {

  /**
   * The size of the weights.
   *
   * @param fileBytes all files of the model
   * @param tiedEmbeddingBytes the token embedding, where no output tensor is listed: some back ends
   *     and architectures then hold it twice; 0 otherwise
   */
  public record Weights(long fileBytes, long tiedEmbeddingBytes) {}

  public LoadForecast {
    parts = List.copyOf(parts);
  }

  /**
   * Forecasts a load without the process around it.
   *
   * @param shape the model
   * @param weights its files
   * @param settings how it is loaded
   * @return the forecast
   * @throws ArithmeticException when a size exceeds a long
   */
  public static LoadForecast of(ModelShape shape, Weights weights, LoadSettings settings) {
    KvCache cache = KvCache.of(shape, settings);
    List<Range> parts = new ArrayList<>();
    parts.add(weights(shape, weights));
    parts.add(cache("KV cache", shape, cache.fullBytes()));
    add(parts, cache("KV cache, sliding window", shape, cache.slidingBytes()));
    add(parts, cache("recurrent state", shape, RecurrentState.bytes(shape, settings)));
    parts.add(ComputeBuffers.of(shape, settings));
    long logits = Math.multiplyExact(4L * settings.slots(), shape.vocabulary());
    parts.add(Range.exactly("output buffer", logits));
    return new LoadForecast(parts);
  }

  private static void add(List<Range> parts, Range part) {
    if (part.high() > 0) {
      parts.add(part);
    }
  }

  private static Range weights(ModelShape shape, Weights weights) {
    long file = weights.fileBytes();
    long twice = Math.addExact(file, weights.tiedEmbeddingBytes());
    boolean heldTwice =
        shape.architecture().equals("gemma3n") || shape.architecture().equals("gemma4");
    boolean known = shape.fit() != ModelShape.Fit.UNKNOWN;
    long most = known ? twice : Math.max(twice, (long) (1.1 * file));
    return new Range("weights", (long) (0.95 * file), heldTwice ? twice : file, most);
  }

  private static Range cache(String name, ModelShape shape, long bytes) {
    // Where nothing is known of windows and sharing, all layers are taken to see everything.
    return shape.fit() == ModelShape.Fit.UNKNOWN
        ? Range.around(name, bytes, 0.05, 1.25)
        : Range.exactly(name, bytes);
  }

  /**
   * The least.
   *
   * @return bytes
   */
  public long low() {
    return parts.stream().mapToLong(Range::low).reduce(0, Math::addExact);
  }

  /**
   * What to show.
   *
   * @return bytes
   */
  public long likely() {
    return parts.stream().mapToLong(Range::likely).reduce(0, Math::addExact);
  }

  /**
   * The most.
   *
   * @return bytes
   */
  public long high() {
    return parts.stream().mapToLong(Range::high).reduce(0, Math::addExact);
  }
}
