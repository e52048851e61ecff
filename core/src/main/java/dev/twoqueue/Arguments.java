package dev.twoqueue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Argument checks whose messages name the argument. The parameters are declared non-null, as the
 * API's are; callers that NullAway does not see can pass null all the same.
 */
final class Arguments {
  private Arguments() {}

  static <T> T notNull(T value, String name) {
    return Objects.requireNonNull(value, () -> name + " must not be null");
  }

  /** A copy that cannot change, of a list without nulls. */
  static <T> List<T> copyOf(List<T> values, String name) {
    notNull(values, name).forEach(value -> notNull(value, name + "' entry"));
    return List.copyOf(values);
  }

  static String notBlank(String value, String name) {
    if (notNull(value, name).isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
    return value;
  }

  static long notNegative(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
    return value;
  }

  static int positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
    return value;
  }

  /** Positive, and short enough that arithmetic on nanoseconds cannot overflow. */
  static Duration positive(Duration value, String name) {
    if (notNull(value, name).isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
    return capped(value);
  }

  /** Zero or more, and short enough that arithmetic on nanoseconds cannot overflow. */
  static Duration notNegative(Duration value, String name) {
    if (notNull(value, name).isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
    return capped(value);
  }

  private static final Duration LONGEST = Duration.ofDays(365 * 100L);

  private static Duration capped(Duration value) {
    return value.compareTo(LONGEST) > 0 ? LONGEST : value;
  }
}
