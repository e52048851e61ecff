package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.Where;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps two kinds of this client's requests apart that together can block the server for good (its
 * issue 17408): one that may make it evict a model to load another, and one that carries a {@code
 * keep_alive} for a model that may be resident, and so may be the victim. Many of the first kind
 * run together; one of the second runs alone.
 */
final class PinGate {
  private static final int ALL = 1 << 20;

  /** The longest that a waiting change of a pin keeps embeddings and loads behind it. */
  static final Duration TURN = Duration.ofMillis(250);

  // Fair, so that a stream of embeddings cannot keep a pin from ever being looked after.
  private final Semaphore permits = new Semaphore(ALL, true);

  /** The right to have a request under way. */
  @FunctionalInterface
  interface Pass {
    /** Gives it back; without effect the second time. */
    void end();
  }

  /**
   * For a request that may make the server load a model.
   *
   * @param patience for a change of a pin that is under way, normally milliseconds
   * @throws OllamaException.TimedOut when that did not end in time
   * @throws OllamaException.Cancelled when the thread is interrupted
   */
  Pass mayLoad(Duration patience, String endpoint) {
    Where where = new Where(endpoint, 0, "");
    try {
      if (permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return pass(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OllamaException.Cancelled("The calling thread was interrupted", where, e);
    }
    throw new OllamaException.TimedOut("A change of a pin did not end within " + patience, where);
  }

  /**
   * For a request that carries a {@code keep_alive} for a model that may be resident.
   *
   * @param patience for what may load
   * @return empty when something that may load was under way all the time, or the thread was
   *     interrupted (its flag is set again)
   */
  Optional<Pass> alone(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        if (permits.tryAcquire(ALL, Math.min(left, TURN.toNanos()), TimeUnit.NANOSECONDS)) {
          return Optional.of(pass(ALL));
        }
        if (left <= TURN.toNanos()) {
          return Optional.empty();
        }
        TimeUnit.NANOSECONDS.sleep(TURN.toNanos()); // those behind this one pass meanwhile
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** How many threads wait for a pass. */
  int waiting() {
    return permits.getQueueLength();
  }

  private Pass pass(int count) {
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        permits.release(count);
      }
    };
  }
}
