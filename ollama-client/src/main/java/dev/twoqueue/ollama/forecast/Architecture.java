package dev.twoqueue.ollama.forecast;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is known of an architecture and not written in its files: llama.cpp has it in its code.
 *
 * @param graph how a layer is built
 * @param traits in which points it differs from others of that build
 * @param windowPeriod of so many layers one sees the whole context, the others a window; 0 where
 *     the file says which
 * @param known false for architectures that the table does not list
 */
record Architecture(Graph graph, Set<Trait> traits, int windowPeriod, boolean known) {

  /** How a layer is built. */
  enum Graph {
    TRANSFORMER,
    /** A layer is attention, recurrence or network alone. */
    ONE_BLOCK,
    /** Without a cache, norms after the sums. */
    ENCODER,
    GEMMA3N,
    MAMBA,
    MAMBA2,
    DELTA_NET,
    SHORT_CONVOLUTION
  }

  /** A point in which architectures differ. */
  enum Trait {
    /** Attention and network read the same input. */
    PARALLEL,
    /** Attention's projection comes before the network beside it. */
    PROJECTION_FIRST,
    /** Each of the two has a norm of its own. */
    OWN_NORMS,
    /** Attention and network read the layer's input as it is; their outputs are normalised. */
    NORM_AFTER,
    /** Queries, keys and values come from one product. */
    FUSED_QKV,
    /** Queries come with a gate. */
    GATED_ATTENTION,
    /** The network has no gate. */
    PLAIN_FFN,
    /** Gate and input of the network come from one product. */
    FUSED_FFN,
    /** All tokens pass through the last layer, though not all have an output. */
    LATE_OUTPUT,
    /** The file names a window, which llama.cpp does not use. */
    WINDOW_IGNORED,
    /** The layer that sees everything is the first of its period, not the last. */
    WHOLE_FIRST,
    /** Heads have neither norms nor rotary positions. */
    NO_POSITIONS,
    /** The sum after attention takes the place of what came in, not of the block's output. */
    MIX_INTO_STREAM,
    /** The sum after the network does. */
    FFN_INTO_STREAM,
    /** Only layers that see a window have norms or rotary positions. */
    WINDOWS_ONLY_POSITIONS,
    /** Every fourth layer has none. */
    FOURTH_WITHOUT_POSITIONS,
    /** Positions are looked up in a table and added to the input. */
    POSITION_TABLE,
    /** The embeddings are normalised by mean and variance. */
    INPUT_NORM,
    /** The last norm is by mean and variance. */
    MEAN_NORM,
    /** Values are normalised for each head. */
    NORMED_VALUES,
    /** Large models make the values of layers with a whole view from their keys. */
    VALUES_FROM_KEYS,
    /** Experts read inputs that are weighted already, a copy for each. */
    WEIGHTED_INPUTS,
    /** Networks of the dense kind run beside the experts, on norms of their own. */
    DENSE_BESIDE_EXPERTS,
    /** A recurrent layer's parameters are normalised. */
    NORMED_PARAMETERS,
    /** Attention and recurrence in the same layer. */
    BOTH_MIXERS
  }

  private static final Architecture UNKNOWN =
      new Architecture(Graph.TRANSFORMER, Set.of(), 0, false);

  private static final Map<String, Architecture> TABLE = new HashMap<>();

  static {
    transformers();
    parallel();
    windows();
    recurrent();
    put("bert", Graph.ENCODER, 0, Trait.PLAIN_FFN, Trait.NO_POSITIONS, Trait.POSITION_TABLE);
    put("nomic-bert", Graph.ENCODER, 0, Trait.FUSED_QKV);
    put("nomic-bert-moe", Graph.ENCODER, 0, Trait.FUSED_QKV, Trait.PLAIN_FFN);
    put("jina-bert-v2", Graph.ENCODER, 0, Trait.NO_POSITIONS);
    put("gemma-embedding", Graph.TRANSFORMER, 6);
    put(
        "modern-bert",
        Graph.TRANSFORMER,
        3,
        Trait.WHOLE_FIRST,
        Trait.FUSED_QKV,
        Trait.FUSED_FFN,
        Trait.INPUT_NORM,
        Trait.MEAN_NORM);
  }

  private static void transformers() {
    for (String plain :
        new String[] {
          "llama",
          "qwen2",
          "qwen2vl",
          "qwen2moe",
          "qwen3",
          "qwen3moe",
          "granite",
          "granitemoe",
          "gemma",
          "glm4",
          "glm4moe",
          "olmoe",
          "exaone",
          "seed_oss",
          "hunyuan-dense",
          "phimoe",
          "ernie4_5-moe",
          "minicpm",
          "minicpm3",
          "internlm2",
          "deepseek",
          "deepseek2",
          "mistral3",
          "dots1",
          "minimax-m2"
        }) {
      put(plain, Graph.TRANSFORMER, 0);
    }
    put(
        "phi3",
        Graph.TRANSFORMER,
        0,
        Trait.FUSED_QKV,
        Trait.FUSED_FFN,
        Trait.FFN_INTO_STREAM,
        Trait.WINDOW_IGNORED);
    put("qwen3vl", Graph.TRANSFORMER, 0);
    put("qwen3vlmoe", Graph.TRANSFORMER, 0);
    put(
        "gpt2",
        Graph.TRANSFORMER,
        0,
        Trait.FUSED_QKV,
        Trait.NO_POSITIONS,
        Trait.POSITION_TABLE,
        Trait.PLAIN_FFN,
        Trait.MEAN_NORM);
    put("smollm3", Graph.TRANSFORMER, 0, Trait.FOURTH_WITHOUT_POSITIONS);
    put("starcoder2", Graph.TRANSFORMER, 0, Trait.PLAIN_FFN, Trait.MEAN_NORM);
    put("nemotron", Graph.TRANSFORMER, 0, Trait.PLAIN_FFN, Trait.MEAN_NORM);
  }

  private static void parallel() {
    put(
        "phi2",
        Graph.TRANSFORMER,
        0,
        Trait.PARALLEL,
        Trait.PROJECTION_FIRST,
        Trait.PLAIN_FFN,
        Trait.MEAN_NORM);
    put(
        "gptneox",
        Graph.TRANSFORMER,
        0,
        Trait.PARALLEL,
        Trait.OWN_NORMS,
        Trait.FUSED_QKV,
        Trait.PLAIN_FFN,
        Trait.MEAN_NORM);
    put(
        "falcon",
        Graph.TRANSFORMER,
        0,
        Trait.PARALLEL,
        Trait.FUSED_QKV,
        Trait.PLAIN_FFN,
        Trait.MEAN_NORM);
    put("command-r", Graph.TRANSFORMER, 0, Trait.PARALLEL, Trait.MEAN_NORM);
    put(
        "cohere2",
        Graph.TRANSFORMER,
        4,
        Trait.PARALLEL,
        Trait.MEAN_NORM,
        Trait.WINDOWS_ONLY_POSITIONS);
  }

  private static void windows() {
    put("gemma2", Graph.TRANSFORMER, 2);
    put("gemma3", Graph.TRANSFORMER, 6);
    put("gemma3n", Graph.GEMMA3N, 5, Trait.NORMED_VALUES, Trait.LATE_OUTPUT);
    put(
        "gemma4",
        Graph.TRANSFORMER,
        0,
        Trait.VALUES_FROM_KEYS,
        Trait.NORMED_VALUES,
        Trait.DENSE_BESIDE_EXPERTS,
        Trait.LATE_OUTPUT);
    put("gpt-oss", Graph.TRANSFORMER, 2, Trait.LATE_OUTPUT);
    put("gptoss", Graph.TRANSFORMER, 2, Trait.LATE_OUTPUT);
    put("olmo2", Graph.TRANSFORMER, 4, Trait.NORM_AFTER);
    put("exaone4", Graph.TRANSFORMER, 4, Trait.NORM_AFTER);
    put("llama4", Graph.TRANSFORMER, 4, Trait.WINDOWS_ONLY_POSITIONS, Trait.WEIGHTED_INPUTS);
  }

  private static void recurrent() {
    put("qwen3next", Graph.DELTA_NET, 0, Trait.GATED_ATTENTION);
    put("qwen35", Graph.DELTA_NET, 0, Trait.GATED_ATTENTION, Trait.LATE_OUTPUT);
    put("qwen35moe", Graph.DELTA_NET, 0, Trait.GATED_ATTENTION, Trait.LATE_OUTPUT);
    put("mamba", Graph.MAMBA, 0);
    put("mamba2", Graph.MAMBA2, 0);
    put("granitehybrid", Graph.MAMBA2, 0);
    put("falcon-h1", Graph.MAMBA2, 0, Trait.BOTH_MIXERS);
    put(
        "jamba",
        Graph.MAMBA,
        0,
        Trait.NO_POSITIONS,
        Trait.NORMED_PARAMETERS,
        Trait.MIX_INTO_STREAM,
        Trait.FFN_INTO_STREAM);
    put("nemotron_h", Graph.ONE_BLOCK, 0, Trait.NO_POSITIONS, Trait.PLAIN_FFN, Trait.LATE_OUTPUT);
    put(
        "nemotron_h_moe",
        Graph.ONE_BLOCK,
        0,
        Trait.NO_POSITIONS,
        Trait.PLAIN_FFN,
        Trait.LATE_OUTPUT);
    put("lfm2", Graph.SHORT_CONVOLUTION, 0, Trait.MIX_INTO_STREAM, Trait.FFN_INTO_STREAM);
    put("lfm2moe", Graph.SHORT_CONVOLUTION, 0, Trait.MIX_INTO_STREAM, Trait.FFN_INTO_STREAM);
  }

  private static void put(String name, Graph graph, int period, Trait... traits) {
    EnumSet<Trait> set = EnumSet.noneOf(Trait.class);
    for (Trait trait : traits) {
      set.add(trait);
    }
    TABLE.put(name, new Architecture(graph, set, period, true));
  }

  /** What is known of an architecture by this name. */
  static Architecture of(String name) {
    return TABLE.getOrDefault(name, UNKNOWN);
  }

  /** The same, not relied on. */
  Architecture unknown() {
    return new Architecture(graph, traits, windowPeriod, false);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
