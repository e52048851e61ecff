package dev.twoqueue.gate.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For which share of the time since an earlier look all work stood still for memory. The kernel's
 * average of 10 s goes on showing a stall for as long after its end; the difference of its total
 * does not. Thread-safe.
 */
final class FullStalls {
  /** The time looked back over, where there was a look then. */
  private static final long LENGTH = Duration.ofSeconds(2).toNanos();

  private static final long SHORTEST = Duration.ofMillis(500).toNanos();
  private static final long OLDEST = Duration.ofSeconds(10).toNanos();

  /** Looks may come by the thousand. */
  private static final long APART = Duration.ofMillis(200).toNanos();

  /** A share from 0 to 100 per cent, and over how many seconds. */
  record Share(double percent, double seconds) {}

  private record Reading(long atNanos, long totalMicros) {}

  private final Deque<Reading> readings = new ArrayDeque<>();

  /** Empty where no earlier look is 0.5 to 10 s ago. */
  synchronized Optional<Share> since(long nowNanos, long totalMicros) {
    @Nullable Reading last = readings.peekLast();
    if (last != null && totalMicros < last.totalMicros) {
      readings.clear(); // the counter began anew
    }
    readings.removeIf(it -> nowNanos - it.atNanos > OLDEST);
    @Nullable Reading then = null;
    for (Reading reading : readings) {
      if (nowNanos - reading.atNanos >= (then == null ? SHORTEST : LENGTH)) {
        then = reading;
      }
    }
    last = readings.peekLast();
    if (last == null || nowNanos - last.atNanos >= APART) {
      readings.addLast(new Reading(nowNanos, totalMicros));
    }
    if (then == null) {
      return Optional.empty();
    }
    double nanos = nowNanos - then.atNanos;
    double percent = 100 * 1000.0 * (totalMicros - then.totalMicros) / nanos;
    return Optional.of(new Share(Math.min(100, percent), nanos / 1e9));
  }
}
