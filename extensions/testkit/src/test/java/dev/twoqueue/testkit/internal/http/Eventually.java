package dev.twoqueue.testkit.internal.http;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions of things that have a time of their own. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final long BETWEEN_LOOKS = 1_000_000;

  private Eventually() {}

  public static void eventually(Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + DEADLINE + ": " + what.get());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS);
    }
  }

  public static void eventually(String what, BooleanSupplier condition) {
    eventually(() -> what, condition);
  }
}
