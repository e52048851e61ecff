package dev.twoqueue.ollama.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model's shape from its metadata, {@code model_info} of {@code /api/show}.
 *
 * <p>Which layers see a window is not always in the metadata; llama.cpp has it in its code, a
 * period for each architecture, of which the last layer sees everything. The table is taken from
 * there.
 */
public final class ShapeReader {
  private static final long MOST_LAYERS = 4096;
  private static final String PATTERN = "attention.sliding_window_pattern";

  private static final Map<String, Integer> WINDOW_PERIOD =
      Map.of(
          "gemma2", 2, "gpt-oss", 2, "gptoss", 2, "gemma3", 6, "gemma3n", 5, "cohere2", 4, "llama4",
          4);

  /** Their files name a window that llama.cpp does not use. */
  private static final Set<String> WINDOW_IGNORED =
      Set.of("phi3", "llama", "qwen2", "qwen2moe", "qwen3", "qwen3moe");

  /** Dense architectures of the measured rows; all others of the table are mixed or recurrent. */
  private static final Set<String> DENSE =
      Set.of(
          "llama",
          "qwen2",
          "qwen3",
          "phi3",
          "granite",
          "command-r",
          "cohere2",
          "gemma2",
          "gemma3",
          "gemma4",
          "bert",
          "nomic-bert");

  private static final Set<String> MIXED =
      Set.of(
          "gemma3n",
          "gpt-oss",
          "gptoss",
          "deepseek2",
          "qwen3moe",
          "qwen35",
          "qwen35moe",
          "falcon-h1",
          "nemotron_h",
          "nemotron_h_moe");

  private final Metadata data;
  private final String architecture;
  private final long window;
  private boolean windowUnplaced;

  private ShapeReader(Metadata data) throws UnreadableMetadataException {
    this.data = data;
    this.architecture = data.architecture();
    this.window = window();
  }

  /**
   * Reads it.
   *
   * @param info the metadata, lists per layer included
   * @return the shape
   * @throws UnreadableMetadataException when a key that it needs is missing or absurd
   */
  public static ModelShape read(Map<String, @Nullable Object> info)
      throws UnreadableMetadataException {
    return new ShapeReader(new Metadata(info)).shape();
  }

  private ModelShape shape() throws UnreadableMetadataException {
    long count = data.required("block_count");
    if (count > MOST_LAYERS) {
      throw new UnreadableMetadataException(architecture + ".block_count", "is absurd", false);
    }
    List<ModelShape.Layer> layers = new ArrayList<>();
    long caching = count - Math.min(count, data.number("attention.shared_kv_layers", 0));
    for (int i = 0; i < count; i++) {
      layers.add(layer(i, i < caching));
    }
    long heads = data.largest("attention.head_count", 0);
    return new ModelShape(
        architecture,
        fit(),
        layers,
        window,
        heads,
        heads == 0 ? 0 : width("attention.key_length", heads),
        data.largest("feed_forward_length", 0),
        data.required("embedding_length"),
        data.vocabulary(),
        data.flag("attention.causal", true),
        state(),
        data.number("context_length", 0));
  }

  private ModelShape.Layer layer(int index, boolean caches) throws UnreadableMetadataException {
    boolean recurrent = isRecurrent(index);
    boolean sliding = isSliding(index);
    long heads = data.perLayer("attention.head_count", index, 0);
    long cached = data.perLayer("attention.head_count_kv", index, heads);
    boolean hybrid = architecture.equals("falcon-h1");
    if (!caches || cached == 0 || (recurrent && !hybrid)) {
      return new ModelShape.Layer(0, 0, sliding, recurrent);
    }
    long keys = width("attention.key_length", heads);
    long values = width("attention.value_length", heads);
    if (sliding) {
      keys = data.number("attention.key_length_swa", keys);
      values = data.number("attention.value_length_swa", values);
    }
    // Latent attention with these keys caches one compressed vector as key, and no value.
    boolean latent = data.has("attention.key_length_mla");
    return new ModelShape.Layer(cached * keys, latent ? 0 : cached * values, sliding, recurrent);
  }

  private long width(String key, long heads) throws UnreadableMetadataException {
    if (data.has(key)) {
      return data.number(key, 0);
    }
    return heads == 0 ? 0 : data.required("embedding_length") / heads;
  }

  private long window() throws UnreadableMetadataException {
    if (architecture.equals("llama4")) {
      return 8192; // in llama.cpp's code, not in the file
    }
    if (WINDOW_IGNORED.contains(architecture)) {
      return 0;
    }
    data.rejectLeftOut(PATTERN);
    boolean placed = WINDOW_PERIOD.containsKey(architecture) || data.isList(PATTERN);
    long named = data.number("attention.sliding_window", 0);
    windowUnplaced = named > 0 && !placed;
    return placed ? named : 0;
  }

  private boolean isSliding(int index) throws UnreadableMetadataException {
    Integer period = WINDOW_PERIOD.get(architecture);
    if (window == 0) {
      return false;
    }
    return period != null ? index % period < period - 1 : data.flagPerLayer(PATTERN, index);
  }

  private boolean isRecurrent(int index) throws UnreadableMetadataException {
    if (!data.has("ssm.inner_size")) {
      return false;
    }
    long interval = data.number("full_attention_interval", 0);
    if (interval > 0) {
      return (index + 1) % interval != 0;
    }
    if (data.isList("attention.head_count_kv")) {
      return data.perLayer("attention.head_count_kv", index, 0) == 0
          && data.perLayer("feed_forward_length", index, 0) == 0;
    }
    return true;
  }

  private long state() throws UnreadableMetadataException {
    if (!data.has("ssm.inner_size")) {
      return 0;
    }
    long inner = data.number("ssm.inner_size", 0);
    long size = data.number("ssm.state_size", 0);
    long convolution = Math.max(0, data.number("ssm.conv_kernel", 1) - 1);
    long groups = data.number("ssm.group_count", 0);
    return Math.addExact(
        Math.multiplyExact(convolution, inner + 2 * groups * size),
        Math.multiplyExact(size, inner));
  }

  private ModelShape.Fit fit() throws UnreadableMetadataException {
    if (windowUnplaced) {
      return ModelShape.Fit.UNKNOWN; // all layers are then taken to see everything
    }
    boolean plain =
        data.number("expert_count", 0) == 0
            && data.number("embedding_length_per_layer_input", 0) == 0;
    if (DENSE.contains(architecture)) {
      return plain ? ModelShape.Fit.DENSE : ModelShape.Fit.MIXED;
    }
    if (architecture.equals("mamba2")) {
      return ModelShape.Fit.RECURRENT;
    }
    return MIXED.contains(architecture) ? ModelShape.Fit.MIXED : ModelShape.Fit.UNKNOWN;
  }
}
