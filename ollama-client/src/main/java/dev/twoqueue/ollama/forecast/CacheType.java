package dev.twoqueue.ollama.forecast;

import java.util.Locale;
import java.util.Optional;

/**
 * The element types of a KV cache, with their true sizes: ggml stores blocks of 32 elements with
 * their scales, so that q8_0 takes 34 bytes for 32 elements and q4_0 takes 18.
 */
public enum CacheType {
  F32(128),
  F16(64),
  BF16(64),
  Q8_0(34),
  Q5_1(24),
  Q5_0(22),
  Q4_1(20),
  Q4_0(18),
  IQ4_NL(18);

  private final int bytesPer32;

  CacheType(int bytesPer32) {
    this.bytesPer32 = bytesPer32;
  }

  /**
   * By the server's name for it.
   *
   * @param name for example {@code q8_0}
   * @return empty when not known
   */
  public static Optional<CacheType> named(String name) {
    for (CacheType type : values()) {
      if (type.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Whether elements are stored in blocks with a scale. */
  boolean quantised() {
    return bytesPer32 < 64;
  }

  /**
   * The size of so many elements.
   *
   * @throws ArithmeticException when it exceeds a long
   */
  long bytes(long elements) {
    return Math.addExact(Math.multiplyExact(elements, (long) bytesPer32), 31) / 32;
  }
}
