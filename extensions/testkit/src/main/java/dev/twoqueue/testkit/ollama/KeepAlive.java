package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How long a runner stays after its last use, in nanoseconds as the server counts them. */
final class KeepAlive {
  static final long FOR_EVER = Long.MAX_VALUE;

  /** What 10^10 seconds overflow to: the runner leaves as soon as it is idle. */
  static final long OVERFLOWN = Long.MIN_VALUE;

  private KeepAlive() {}

  /** Null where the request leaves it as it is. */
  static @Nullable Long of(@Nullable JsonNode value) throws ApiError {
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isNumber()) {
      double nanos = value.doubleValue() * 1e9;
      if (nanos < 0) {
        return FOR_EVER;
      }
      if (nanos >= 0x1p63) {
        return OVERFLOWN;
      }
      return (long) nanos;
    }
    if (value.isTextual()) {
      long nanos = GoDuration.parse(value.textValue());
      return nanos < 0 ? FOR_EVER : nanos;
    }
    throw new ApiError(400, "Unsupported type: '" + goType(value) + "'");
  }

  private static String goType(JsonNode value) {
    return switch (value.getNodeType()) {
      case BOOLEAN -> "bool";
      case ARRAY -> "[]interface {}";
      default -> "map[string]interface {}";
    };
  }
}
