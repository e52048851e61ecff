package dev.twoqueue.testkit.ollama;

import java.time.Duration;
import java.util.Objects;

/** Argument checks whose messages name the argument. */
final class Check {
  private static final Duration LONGEST = Duration.ofDays(365);

  private Check() {}

  static String notBlank(String value, String name) {
    if (Objects.requireNonNull(value, () -> name + " must not be null").isBlank()) {
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
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
    return value;
  }

  static int positive(int value, String name) {
    return (int) positive((long) value, name);
  }

  static double positive(double value, String name) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " must be positive and finite, was " + value);
    }
    return value;
  }

  /** Zero to a year: what a simulated machine can be asked to take. */
  static Duration duration(Duration value, String name) {
    Objects.requireNonNull(value, () -> name + " must not be null");
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be 0 to 365 days, was " + value);
    }
    return value;
  }
}
