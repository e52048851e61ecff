package dev.twoqueue.gate.memory;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Argument checks whose messages name the argument. */
final class Arguments {
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

  static long notNegative(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
    return value;
  }

  static long positive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
    return value;
  }

  static <T> List<T> copyOf(Collection<? extends T> values, String name) {
    notNull(values, name).forEach(value -> notNull(value, name + "' entry"));
    return List.copyOf(values);
  }
}
