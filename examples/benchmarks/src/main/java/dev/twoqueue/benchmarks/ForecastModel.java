package dev.twoqueue.benchmarks;

import dev.twoqueue.ollama.forecast.MetadataException;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import dev.twoqueue.ollama.forecast.TensorSummary;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Models of the kinds whose forecasts cost most: many layers, experts, recurrent layers. */
public enum ForecastModel {
  /** As Llama 3.1 405B. */
  LLAMA_405B("llama", 126, 16_384, 128) {
    @Override
    void add(Map<String, @Nullable Object> info) {
      info.put("llama.feed_forward_length", 53_248);
    }
  },
  /** As DeepSeek V3. */
  DEEPSEEK_671B("deepseek2", 61, 7168, 128) {
    @Override
    void add(Map<String, @Nullable Object> info) {
      info.put("deepseek2.feed_forward_length", 18_432);
      info.put("deepseek2.attention.head_count_kv", 1);
      info.put("deepseek2.attention.key_length", 576);
      info.put("deepseek2.attention.value_length", 512);
      info.put("deepseek2.attention.key_length_mla", 192);
      info.put("deepseek2.attention.value_length_mla", 128);
      info.put("deepseek2.attention.q_lora_rank", 1536);
      info.put("deepseek2.attention.kv_lora_rank", 512);
      info.put("deepseek2.rope.dimension_count", 64);
      info.put("deepseek2.leading_dense_block_count", 3);
      info.put("deepseek2.expert_count", 256);
      info.put("deepseek2.expert_used_count", 8);
      info.put("deepseek2.expert_feed_forward_length", 2048);
      info.put("deepseek2.expert_shared_count", 1);
    }
  },
  /** As Nemotron H 8B: each layer attention, recurrence or network. */
  NEMOTRON_H_8B("nemotron_h", 52, 4096, 32) {
    @Override
    void add(Map<String, @Nullable Object> info) {
      info.put("nemotron_h.attention.head_count_kv", perLayer(i -> i % 11 == 7 ? 8 : 0));
      info.put(
          "nemotron_h.feed_forward_length", perLayer(i -> i % 2 == 1 && i % 11 != 7 ? 21_504 : 0));
      info.put("nemotron_h.ssm.conv_kernel", 4);
      info.put("nemotron_h.ssm.inner_size", 8192);
      info.put("nemotron_h.ssm.state_size", 128);
      info.put("nemotron_h.ssm.time_step_rank", 128);
      info.put("nemotron_h.ssm.group_count", 8);
    }
  };

  private final String architecture;
  private final int layers;
  private final int embedding;
  private final int heads;

  ForecastModel(String architecture, int layers, int embedding, int heads) {
    this.architecture = architecture;
    this.layers = layers;
    this.embedding = embedding;
    this.heads = heads;
  }

  abstract void add(Map<String, @Nullable Object> info);

  List<Integer> perLayer(IntUnaryOperator value) {
    return IntStream.range(0, layers).map(value).boxed().toList();
  }

  /** Its keys. */
  Map<String, @Nullable Object> info() {
    Map<String, @Nullable Object> info = new HashMap<>();
    info.put("general.architecture", architecture);
    info.put(architecture + ".block_count", layers);
    info.put(architecture + ".embedding_length", embedding);
    info.put(architecture + ".attention.head_count", heads);
    info.put(architecture + ".attention.head_count_kv", 8);
    info.put(architecture + ".context_length", 131_072);
    info.put(architecture + ".vocab_size", 128_256);
    add(info);
    return Collections.unmodifiableMap(info);
  }

  /** What a forecast reads, of files of this size in bytes. */
  ModelMetadata metadata(long size) {
    try {
      return ModelMetadata.of(info(), TensorSummary.UNKNOWN, size);
    } catch (MetadataException wrong) {
      throw new IllegalStateException(wrong);
    }
  }
}
