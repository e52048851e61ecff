package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.Architecture.Graph;
import dev.twoqueue.ollama.forecast.Architecture.Trait;
import dev.twoqueue.ollama.forecast.ModelShape.Experts;
import dev.twoqueue.ollama.forecast.ModelShape.Latent;
import dev.twoqueue.ollama.forecast.ModelShape.Layer;
import dev.twoqueue.ollama.forecast.ModelShape.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model's shape from its metadata: the keys of a GGUF file, as {@code /api/show} has them.
 */
final class ShapeReader {
  private static final long MOST_LAYERS = 4096;
  private static final String PATTERN = "attention.sliding_window_pattern";

  /** llama.cpp's constant: only the first layers of Gemma 3n keep a cache. */
  private static final long GEMMA3N_CACHING = 20;

  private static final long LLAMA4_WINDOW = 8192;
  private static final long EXAONE4_LAYERS = 64;

  private final MetadataReader data;
  private final Architecture architecture;
  private final long window;
  private boolean windowUnplaced;

  private ShapeReader(MetadataReader data) throws MetadataException {
    this.data = data;
    this.architecture = Architecture.of(data.architecture());
    this.window = window();
  }

  /**
   * Reads it.
   *
   * @param info the metadata, lists per layer included
   * @return the shape
   * @throws MetadataException when a key that it needs is missing or absurd
   */
  static ModelShape read(Map<String, @Nullable Object> info) throws MetadataException {
    return new ShapeReader(new MetadataReader(info)).shape();
  }

  private ModelShape shape() throws MetadataException {
    data.rejectLeftOut("attention.head_count_kv");
    data.rejectLeftOut("feed_forward_length");
    long count = data.required("block_count");
    if (count > MOST_LAYERS) {
      throw new MetadataException(data.name("block_count"), "is absurd", false);
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(layer(i, i < caching(count)));
    }
    return new ModelShape(
        data.architecture(),
        windowUnplaced ? architecture.unknown() : architecture,
        layers,
        (int) Math.min(Math.max(0, count - 1), data.number("nextn_predict_layers", 0)),
        window,
        data.required("embedding_length"),
        data.vocabulary(),
        architecture.graph() != Graph.ENCODER && data.flag("attention.causal", true),
        experts(),
        state(),
        latent(),
        data.number("embedding_length_per_layer_input", 0),
        Math.min(count, data.number("n_deepstack_layers", 0)),
        data.number("context_length", 0));
  }

  private long caching(long count) throws MetadataException {
    return architecture.graph() == Graph.GEMMA3N
        ? GEMMA3N_CACHING
        : count - Math.min(count, data.number("attention.shared_kv_layers", 0));
  }

  private Layer layer(int index, boolean caches) throws MetadataException {
    boolean recurrent = isRecurrent(index);
    boolean sliding = isSliding(index);
    boolean attends = !recurrent || architecture.has(Trait.BOTH_MIXERS);
    long heads = attends ? data.perLayer("attention.head_count", index, 0) : 0;
    long cached = attends ? data.perLayer("attention.head_count_kv", index, heads) : 0;
    long keys = width("attention.key_length", heads);
    long values = width("attention.value_length", heads);
    if (sliding) {
      keys = data.number("attention.key_length_swa", keys);
      values = data.number("attention.value_length_swa", values);
    }
    long feedForward = data.perLayer("feed_forward_length", index, 0);
    return new Layer(
        heads,
        cached,
        keys,
        values,
        feedForward,
        sliding,
        recurrent,
        caches,
        mixes(index, feedForward));
  }

  private boolean mixes(int index, long feedForward) throws MetadataException {
    if (data.number("expert_count", 0) == 0) {
      return false;
    }
    if (architecture.graph() == Graph.ONE_BLOCK) {
      return feedForward > 0;
    }
    long every = data.number("moe_every_n_layers", 0);
    if (every > 0) {
      return index % every == 1;
    }
    long step = Math.max(1, data.number("interleave_moe_layer_step", 1));
    return index >= data.number("leading_dense_block_count", 0) && (index + 1) % step == 0;
  }

  private long width(String key, long heads) throws MetadataException {
    if (data.has(key)) {
      return data.number(key, 0);
    }
    return heads == 0 ? 0 : data.required("embedding_length") / heads;
  }

  private long window() throws MetadataException {
    if (architecture.has(Trait.WINDOW_IGNORED)) {
      return 0;
    }
    data.rejectLeftOut(PATTERN);
    boolean placed = architecture.windowPeriod() > 0 || data.isList(PATTERN);
    long named = data.number("attention.sliding_window", 0);
    if (data.architecture().equals("llama4")) {
      return data.has("attention.sliding_window") && named == 0 ? 0 : LLAMA4_WINDOW;
    }
    if (data.architecture().equals("exaone4") && data.required("block_count") != EXAONE4_LAYERS) {
      return 0; // only the large one has windows
    }
    windowUnplaced = named > 0 && !placed;
    return placed ? named : 0;
  }

  private boolean isSliding(int index) throws MetadataException {
    if (window == 0) {
      return false;
    }
    int period = architecture.windowPeriod();
    if (period == 0) {
      return data.flagPerLayer(PATTERN, index);
    }
    return architecture.has(Trait.WHOLE_FIRST) ? index % period != 0 : index % period < period - 1;
  }

  private boolean isRecurrent(int index) throws MetadataException {
    if (!data.has("ssm.inner_size") && !data.has("shortconv.l_cache")) {
      return false;
    }
    long interval = data.number("full_attention_interval", 0);
    if (interval > 0) {
      return (index + 1) % interval != 0;
    }
    if (data.isList("attention.head_count_kv")) {
      return data.perLayer("attention.head_count_kv", index, 0) == 0
          && (architecture.graph() != Graph.ONE_BLOCK
              || data.perLayer("feed_forward_length", index, 0) == 0);
    }
    return true;
  }

  private Experts experts() throws MetadataException {
    long count = data.number("expert_count", 0);
    if (count == 0) {
      return Experts.NONE;
    }
    long width = data.number("expert_feed_forward_length", data.largest("feed_forward_length", 0));
    long always = architecture.has(Trait.WEIGHTED_INPUTS) ? 1 : 0;
    long shared =
        data.number(
            "expert_shared_feed_forward_length",
            width * data.number("expert_shared_count", always));
    // Such a bias comes with sigmoid gating, 2; Nemotron's files do not name theirs.
    boolean biased =
        data.number("expert_gating_func", 0) == 2 || architecture.graph() == Graph.ONE_BLOCK;
    return new Experts(count, data.number("expert_used_count", 1), width, shared, biased);
  }

  private State state() throws MetadataException {
    if (data.has("shortconv.l_cache")) {
      long past = Math.max(0, data.number("shortconv.l_cache", 1) - 1);
      return new State(past * data.required("embedding_length"), 0, 0, 0, 0, 0);
    }
    if (!data.has("ssm.inner_size")) {
      return State.NONE;
    }
    long inner = data.number("ssm.inner_size", 0);
    long size = data.number("ssm.state_size", 0);
    long past = Math.max(0, data.number("ssm.conv_kernel", 1) - 1);
    long groups = data.number("ssm.group_count", 0);
    return new State(
        Math.multiplyExact(past, inner + 2 * groups * size),
        Math.multiplyExact(size, inner),
        inner,
        size,
        groups,
        data.number("ssm.time_step_rank", 0));
  }

  private Latent latent() throws MetadataException {
    if (!data.has("attention.kv_lora_rank")) {
      return Latent.NONE;
    }
    return new Latent(
        data.number("attention.q_lora_rank", 0),
        data.number("attention.kv_lora_rank", 0),
        data.number("rope.dimension_count", 0),
        data.number("attention.key_length_mla", 0),
        data.number("attention.value_length_mla", 0));
  }
}
