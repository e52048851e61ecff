package dev.twoqueue.ollama.internal;

/**
 * One part of a forecast.
 *
 * @param name what it is for
 * @param low the least, in bytes
 * @param likely what to show
 * @param high the most
 */
public record Range(String name, long low, long likely, long high) {
  static Range exactly(String name, long bytes) {
    return new Range(name, bytes, bytes, bytes);
  }

  static Range around(String name, long likely, double least, double most) {
    return new Range(name, (long) (likely * least), likely, (long) Math.ceil(likely * most));
  }

  Range atMost(long other) {
    return new Range(name, low, likely, Math.max(high, other));
  }
}
