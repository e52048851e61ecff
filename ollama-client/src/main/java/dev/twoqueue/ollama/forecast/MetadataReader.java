package dev.twoqueue.ollama.forecast;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed and bounded access to a model's metadata. A hostile figure is an error, not a long loop.
 */
final class MetadataReader {
  private static final long LARGEST = 1L << 24;

  private final Map<String, @Nullable Object> info;
  private final String architecture;

  MetadataReader(Map<String, @Nullable Object> info) throws MetadataException {
    this.info = info;
    if (!(info.get("general.architecture") instanceof String name) || name.isBlank()) {
      throw new MetadataException("general.architecture", "is missing", false);
    }
    this.architecture = name;
  }

  String architecture() {
    return architecture;
  }

  /** The full name of a key. */
  String name(String key) {
    return architecture + "." + key;
  }

  boolean has(String key) {
    return info.get(architecture + "." + key) != null;
  }

  boolean isList(String key) {
    return info.get(architecture + "." + key) instanceof List<?>;
  }

  boolean flag(String key, boolean otherwise) {
    return info.get(architecture + "." + key) instanceof Boolean value ? value : otherwise;
  }

  /** A number that must be there. */
  long required(String key) throws MetadataException {
    if (!has(key)) {
      throw new MetadataException(
          architecture + "." + key, "is missing", info.containsKey(architecture + "." + key));
    }
    return number(key, 0);
  }

  long number(String key, long otherwise) throws MetadataException {
    String full = architecture + "." + key;
    rejectLeftOut(key);
    Object value = info.get(full);
    return value == null ? otherwise : bounded(full, value);
  }

  /** A number, or the largest of a list. */
  long largest(String key, long otherwise) throws MetadataException {
    if (!isList(key)) {
      return number(key, otherwise);
    }
    long largest = 0;
    for (int layer = 0; layer < ((List<?>) get(key)).size(); layer++) {
      largest = Math.max(largest, perLayer(key, layer, otherwise));
    }
    return largest;
  }

  /** The number of one layer, or of all where it is one number. */
  long perLayer(String key, int layer, long otherwise) throws MetadataException {
    if (!isList(key)) {
      return number(key, otherwise);
    }
    List<?> list = (List<?>) get(key);
    String full = architecture + "." + key;
    if (layer >= list.size()) {
      throw new MetadataException(full, "has too few entries", false);
    }
    return bounded(full, list.get(layer));
  }

  /** The truth of one layer; numbers other than 0 are true. */
  boolean flagPerLayer(String key, int layer) throws MetadataException {
    List<?> list = (List<?>) get(key);
    if (layer >= list.size()) {
      throw new MetadataException(architecture + "." + key, "has too few entries", false);
    }
    Object value = list.get(layer);
    return value instanceof Boolean flag ? flag : value instanceof Number n && n.intValue() != 0;
  }

  long vocabulary() throws MetadataException {
    if (has("vocab_size")) {
      return number("vocab_size", 0);
    }
    Object count = info.get("tokenizer.ggml.tokens.count");
    return count == null ? 0 : bounded("tokenizer.ggml.tokens.count", count);
  }

  private Object get(String key) {
    Object value = info.get(architecture + "." + key);
    return value == null ? List.of() : value;
  }

  /** Null is how a server leaves a list out of an answer that is not verbose. */
  void rejectLeftOut(String key) throws MetadataException {
    String full = architecture + "." + key;
    if (info.containsKey(full) && info.get(full) == null) {
      throw new MetadataException(full, "was left out", true);
    }
  }

  private static long bounded(String full, Object value) throws MetadataException {
    boolean whole = value instanceof Long || value instanceof Integer;
    if (!whole || ((Number) value).longValue() < 0 || ((Number) value).longValue() > LARGEST) {
      throw new MetadataException(full, "is no sensible count: " + shown(value), false);
    }
    return ((Number) value).longValue();
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
