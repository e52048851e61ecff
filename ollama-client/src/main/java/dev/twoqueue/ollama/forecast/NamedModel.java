package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model of which only the name is known. Its size is in the name; its shape is taken for a likely
 * one, and for the most demanding one of that size.
 *
 * <p>A transformer's layers have 12·L·d² parameters (4·d² attention, 8·d² network; Kaplan et al.
 * 2020, section 2.1), so that the size gives L and d once d/L is known. Models are about as wide as
 * 128 times their depth: the likely shape, with at most eight heads of 128 cached. The most
 * demanding has d/L = 64, caches all heads, and takes a quarter more, as any unknown architecture
 * does: more than latent attention that is not compressed caches (MiniCPM 3), and than any
 * published model was found to cache. Its vocabulary is Gemma's, the largest.
 */
final class NamedModel {
  private static final String WHY = "only the name is known: ";
  private static final String ANY_SHAPE = WHY + "the heads that are cached may be few, or all";
  private static final String ANY_GRAPH = WHY + "the graph may be another";
  private static final int LIKELY_VOCABULARY = 128_256;
  private static final int LARGEST_VOCABULARY = 262_144;

  private final String told;
  private final long lowBytes;
  private final ModelMetadata likely;
  private final ModelMetadata most;

  private NamedModel(String told, long lowBytes, ModelMetadata likely, ModelMetadata most) {
    this.told = told;
    this.lowBytes = lowBytes;
    this.likely = likely;
    this.most = most;
  }

  /**
   * Reads a name.
   *
   * @return empty where it does not say how many parameters the model has
   */
  static Optional<NamedModel> of(String name) {
    return ParameterCount.in(name).map(count -> sized(name, count));
  }

  private static NamedModel sized(String name, ParameterCount count) {
    Quantisation type = Quantisation.in(name, count.likely());
    String told = count.text() + " parameters, weights " + type.name();
    long lowBytes = bytes(count.low() * type.low());
    long likelyBytes = bytes(count.likely() * type.likely());
    long mostBytes = bytes(count.high() * type.high());
    return new NamedModel(
        told,
        Math.min(lowBytes, likelyBytes),
        likely(Math.sqrt(count.likely() * count.active()), likelyBytes),
        most(count.high(), Math.max(likelyBytes, mostBytes)));
  }

  private static long bytes(double bits) {
    return (long) Math.min(bits / 8, ModelMetadata.MOST_BYTES);
  }

  private static ModelMetadata likely(double parameters, long bytes) {
    long layers = depth(parameters, 128);
    return metadata(
        Map.of(
            "general.architecture",
            "llama",
            "llama.block_count",
            layers,
            "llama.embedding_length",
            128 * layers,
            "llama.attention.head_count",
            layers,
            "llama.attention.head_count_kv",
            Math.max(1, Math.min(8, layers / 4)),
            "llama.attention.key_length",
            128L,
            "llama.attention.value_length",
            128L,
            "llama.feed_forward_length",
            448 * layers,
            "llama.vocab_size",
            LIKELY_VOCABULARY),
        new TensorSummary(bytes, 0, false),
        bytes);
  }

  private static ModelMetadata most(double parameters, long bytes) {
    long layers = depth(parameters, 64) + 1;
    return metadata(
        Map.of(
            "general.architecture",
            "any",
            "any.block_count",
            layers,
            "any.embedding_length",
            64 * layers,
            "any.attention.head_count",
            layers,
            "any.attention.head_count_kv",
            layers,
            "any.attention.key_length",
            64L,
            "any.attention.value_length",
            64L,
            "any.feed_forward_length",
            512 * layers,
            "any.vocab_size",
            LARGEST_VOCABULARY),
        new TensorSummary(bytes, Math.min(bytes, embedding(layers)), true),
        bytes);
  }

  /** Of the largest vocabulary, in 8 bits: a device keeps a copy of it. */
  private static long embedding(long layers) {
    return LARGEST_VOCABULARY * 64L * layers;
  }

  private static long depth(double parameters, int widthPerLayer) {
    return Math.max(1, Math.round(Math.cbrt(parameters / (12.0 * widthPerLayer * widthPerLayer))));
  }

  private static ModelMetadata metadata(
      Map<String, Object> shape, TensorSummary tensors, long bytes) {
    Map<String, @Nullable Object> info = new HashMap<>(shape);
    try {
      return ModelMetadata.of(info, tensors, bytes);
    } catch (MetadataException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the name says, for people. */
  String told() {
    return told;
  }

  ModelShape shape() {
    return likely.shape();
  }

  long likelyBytes() {
    return likely.fileBytes();
  }

  /** Its parts, each with the range between the two shapes. */
  LoadForecast forecast(LoadSettings settings) {
    LoadForecast expected = LoadForecast.of(likely, settings);
    List<ForecastPart> parts = new ArrayList<>();
    for (ForecastPart demanding : LoadForecast.of(most, settings).parts()) {
      Kind kind = demanding.kind();
      long figure = expected.likely(kind);
      long low = kind == Kind.WEIGHTS ? Math.min(lowBytes, figure) : 0;
      parts.add(new ForecastPart(kind, low, figure, Math.max(figure, demanding.high()), why(kind)));
    }
    return new LoadForecast(parts);
  }

  private String why(Kind kind) {
    return switch (kind) {
      case WEIGHTS, HOST_WEIGHTS -> WHY + told;
      case COMPUTE, OUTPUT -> ANY_GRAPH;
      default -> ANY_SHAPE;
    };
  }
}
