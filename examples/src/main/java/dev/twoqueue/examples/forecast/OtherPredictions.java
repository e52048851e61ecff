package dev.twoqueue.examples.forecast;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What others predict for the same load.
 *
 * @param info the model's metadata
 * @param fileBytes the size of its file
 */
record OtherPredictions(Map<String, @Nullable Object> info, long fileBytes) {

  /**
   * What Ollama compares with free memory before it starts llama-server ({@code PredictServerVRAM},
   * 0.30 to 0.33): the file, and an f16 cache of all layers with the fewest KV heads of any and
   * heads of embedding / heads elements.
   *
   * @param context of all slots together, in tokens
   * @return bytes
   */
  long ollama(long context) {
    long heads = most("attention.head_count", 0);
    long width = heads == 0 ? 0 : most("embedding_length", 0) / heads;
    long cached = Math.max(1, least("attention.head_count_kv", heads));
    return fileBytes + 2 * most("block_count", 0) * cached * width * context * 2;
  }

  private long most(String key, long otherwise) {
    return numbers(key, otherwise).stream().mapToLong(Long::longValue).max().orElse(otherwise);
  }

  private long least(String key, long otherwise) {
    return numbers(key, otherwise).stream().mapToLong(Long::longValue).min().orElse(otherwise);
  }

  private List<Long> numbers(String key, long otherwise) {
    Object value = info.get(info.get("general.architecture") + "." + key);
    if (value instanceof List<?> list) {
      return list.stream().map(n -> n instanceof Number number ? number.longValue() : 0L).toList();
    }
    return List.of(value instanceof Number number ? number.longValue() : otherwise);
  }
}
