package dev.twoqueue.internal.engine.explore;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An invariant does not hold. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String invariant, String what) {
    super(invariant + ": " + what);
  }

  /** Fails with the parts of a sentence, which is only made where it is needed. */
  static void unless(boolean holds, String invariant, @Nullable Object... what) {
    if (!holds) {
      throw new Violation(
          invariant, Arrays.stream(what).map(String::valueOf).collect(Collectors.joining()));
    }
  }
}
