package dev.twoqueue.gate;

import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.OccupancyWatch.Sight;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One reading after the other: when to warn, to take that back, and to stop. */
final class LowMemory {
  static final Duration CALM_FOR = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final double HORIZON_SECONDS = 5;

  /**
   * When to stop the task.
   *
   * @param stops whether to, at all
   * @param stopBelow with less free than this
   */
  record Limits(boolean stops, long stopBelow) {
    static final Limits WARN_ONLY = new Limits(false, 0);
  }

  private record Reading(Duration at, long free) {}

  private final Limits limits;
  private @Nullable Reading before;
  private @Nullable String warned;
  private @Nullable Duration calmSince;
  private boolean stopWasDue;

  LowMemory(Limits limits) {
    this.limits = limits;
  }

  Sight next(Duration at, MemoryBudget budget) {
    Optional<String> danger = danger(at, budget);
    before = new Reading(at, budget.freeBytes());
    boolean stopIsDue =
        limits.stops
            && (budget.freeBytes() < limits.stopBelow
                || budget.pressure() == MemoryPressure.CRITICAL);
    if (stopIsDue && stopWasDue) {
      return new Sight.Stop("memory runs out: " + danger.orElseGet(() -> free(budget)));
    }
    stopWasDue = stopIsDue;
    if (danger.isPresent()) {
      warned = danger.get();
      calmSince = null;
    } else if (warned != null && isCalm(at, budget)) {
      warned = null;
    }
    @Nullable String warning = warned;
    return warning == null ? new Sight.Calm(LOOK_AGAIN) : new Sight.Warning(warning, LOOK_AGAIN);
  }

  private Optional<String> danger(Duration at, MemoryBudget budget) {
    if (budget.pressure().isHigh()) {
      return Optional.of(
          "the system says that memory is short ("
              + budget.pressure().name().toLowerCase(Locale.ROOT)
              + "), "
              + free(budget));
    }
    if (budget.freeBytes() < budget.reservedBytes()) {
      return Optional.of(
          free(budget)
              + ", less than the "
              + MemoryForecast.gib(budget.reservedBytes())
              + " reserved");
    }
    double left = secondsLeft(at, budget.freeBytes());
    return left < HORIZON_SECONDS
        ? Optional.of(
            String.format(Locale.ROOT, "%s, and none in %.0f s at this pace", free(budget), left))
        : Optional.empty();
  }

  private double secondsLeft(Duration at, long free) {
    @Nullable Reading last = before;
    double seconds = last == null ? 0 : at.minus(last.at).toNanos() / 1e9;
    double taken = last == null ? 0 : (double) last.free - free;
    return seconds <= 0 || taken <= 0 ? Double.POSITIVE_INFINITY : free / (taken / seconds);
  }

  /** Well above the threshold for a while. */
  private boolean isCalm(Duration at, MemoryBudget budget) {
    if (budget.freeBytes() < budget.reservedBytes() * 1.5) {
      calmSince = null;
      return false;
    }
    @Nullable Duration since = calmSince;
    if (since == null) {
      calmSince = at;
      return false;
    }
    return at.minus(since).compareTo(CALM_FOR) >= 0;
  }

  private static String free(MemoryBudget budget) {
    return MemoryForecast.gib(budget.freeBytes()) + " free";
  }
}
