package dev.twoqueue.servers;

import java.time.Duration;
import java.util.Objects;

/** Argument checks whose messages name the argument. */
final class Arguments {
  /** Keeps arithmetic on nanoseconds from overflowing. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private Arguments() {}

  static <T> T notNull(T value, String name) {
    return Objects.requireNonNull(value, () -> name + " must not be null");
  }

  static String notBlank(String value, String name) {
    if (notNull(value, name).isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
    return value;
  }

  static long between(long value, long least, long most, String name) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", was " + value);
    }
    return value;
  }

  static Duration positive(Duration value, String name) {
    if (notNull(value, name).isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " must be positive and at most a year, was " + value);
    }
    return value;
  }
}
