package dev.twoqueue.gate.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Argument checks whose messages name the argument. */
public final class Arguments {
  private Arguments() {}

  public static <T> T notNull(T value, String name) {
    return Objects.requireNonNull(value, () -> name + " must not be null");
  }

  public static String notBlank(String value, String name) {
    if (notNull(value, name).isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
    return value;
  }

  public static long notNegative(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
    return value;
  }

  public static long positive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
    return value;
  }

  public static double positive(double value, String name) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite, was " + value);
    }
    return value;
  }

  public static Duration positive(Duration value, String name) {
    if (notNull(value, name).isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
    return value;
  }

  /** An unmodifiable copy; a null element is named by its position. */
  public static <T> List<T> copyOf(Collection<? extends T> values, String name) {
    int index = 0;
    for (T value : notNull(values, name)) {
      notNull(value, name + "[" + index++ + "]");
    }
    return List.copyOf(values);
  }

  public static <T> List<T> notEmpty(Collection<? extends T> values, String name) {
    List<T> copy = copyOf(values, name);
    if (copy.isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
    return copy;
  }
}
