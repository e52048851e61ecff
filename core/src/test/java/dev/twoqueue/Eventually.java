package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Polls for what real threads, processes and clocks bring about. */
final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int YIELDS = 1_000;
  private static final long PAUSE_NANOS = 500_000;

  private Eventually() {}

  static void holds(String what, BooleanSupplier condition) {
    holds(() -> what, PATIENCE, condition);
  }

  /**
   * For what comes within microseconds a hundred thousand times: looks without a pause at first.
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but the time it takes
  static void soon(String what, BooleanSupplier condition) {
    for (int i = 0; i < YIELDS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.yield();
    }
    holds(what, condition);
  }

  static void holds(Supplier<String> what, Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("did not come about within " + patience + ": " + what.get());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
