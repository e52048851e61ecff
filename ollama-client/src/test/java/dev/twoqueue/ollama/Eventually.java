package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what nothing announces: the state of a server, which can only be asked again. */
final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A loop without a pause would keep others from the locks of a simulated server. */
  private static final long PAUSE_NANOS = 1_000_000;

  private Eventually() {}

  /** Returns once the condition holds; fails when it does not within 30 s. */
  static void holds(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, () -> "not within " + PATIENCE + ": " + what);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
