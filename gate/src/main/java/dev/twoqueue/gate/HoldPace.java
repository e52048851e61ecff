package dev.twoqueue.gate;

import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells in each hold how long it has stood, and lets its looks back off: the next one comes after a
 * quarter of that time, within bounds. So what a hold costs beyond its reason is at most a quarter
 * of it. Pure: it is told the time.
 *
 * <p>A hold of the class has one age, that of a task its own. One that nobody has looked at for
 * {@link #FORGOTTEN} is over: nothing waited for it.
 *
 * <p>Not thread-safe by itself: all methods lock.
 */
final class HoldPace {
  /** No next look is sooner. */
  static final Duration SOONEST = Duration.ofSeconds(1);

  static final Duration FORGOTTEN = Duration.ofMinutes(3);

  private record Held(long sinceNanos, long lookedNanos) {}

  private final Duration soonest;
  private final Duration latest;
  private final Map<Object, Held> holds = new WeakHashMap<>(); // a task that is gone needs no entry

  /**
   * Bounds between two looks.
   *
   * @param soonest at least a second
   */
  HoldPace(Duration soonest, Duration latest) {
    this.soonest = soonest;
    this.latest = latest;
  }

  /** The verdict with the age of its hold and the time of the next look; a proceed ends holds. */
  synchronized Verdict apply(GateRequest request, Verdict verdict, long nowNanos) {
    if (!(verdict instanceof Verdict.Hold hold)) {
      end(request);
      return verdict;
    }
    Object whom = hold.scope() == Verdict.Scope.CLASS ? this : request.task();
    Duration age = age(whom, nowNanos);
    holds.put(whom, new Held(nowNanos - age.toNanos(), nowNanos));
    return new Verdict.Hold(
        age.compareTo(SOONEST) < 0
            ? hold.reason()
            : hold.reason() + "; held for " + Looks.seconds(age),
        next(age),
        hold.scope(),
        hold.forecast());
  }

  /** How long the class has been held, without a look; zero where it is not. */
  synchronized Duration ageOfClass(long nowNanos) {
    return age(this, nowNanos);
  }

  /** Forgets the holds that kept this task. */
  synchronized void end(GateRequest request) {
    holds.remove(this);
    holds.remove(request.task());
  }

  private Duration age(Object whom, long nowNanos) {
    @Nullable Held held = holds.get(whom);
    return held == null || nowNanos - held.lookedNanos > FORGOTTEN.toNanos()
        ? Duration.ZERO
        : Duration.ofNanos(nowNanos - held.sinceNanos);
  }

  private Duration next(Duration age) {
    Duration quarter = age.dividedBy(4);
    return quarter.compareTo(soonest) < 0
        ? soonest
        : quarter.compareTo(latest) > 0 ? latest : quarter;
  }
}
