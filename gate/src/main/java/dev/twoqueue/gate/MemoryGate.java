package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Sets a task's need against the memory.
 *
 * <ul>
 *   <li>It fits: proceed, with the forecast.
 *   <li>It does not fit now, but would if nothing else ran: hold this task, with the forecast.
 *   <li>It can never fit: refuse, with the forecast.
 *   <li>Its need is {@linkplain WorkingSet.Unknown unknown}: hold this task. An unknown is never
 *       taken as safe.
 *   <li>Nothing forecasts needs here (no predictor, no declaration): proceed while what is free
 *       covers the reserve, and say that the need was not forecast; hold every task otherwise.
 *   <li>The memory cannot be read: hold every task.
 * </ul>
 *
 * <p>Whether it fits is {@link MemoryForecast#fits}'s to say: by the high figure of the need, after
 * the reserve, and with what an eviction ahead of the task gives back.
 *
 * <p>Thread-safe, if its source is.
 */
public final class MemoryGate implements Gate {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final MemorySource source;

  private MemoryGate(MemorySource source) {
    this.source = source;
  }

  /**
   * A gate on this machine's memory with the default reserve.
   *
   * @return the gate
   */
  public static MemoryGate standard() {
    return new MemoryGate(HostMemory.standard());
  }

  /**
   * A gate on another budget.
   *
   * @param source asked at every look
   * @return the gate
   */
  public static MemoryGate of(MemorySource source) {
    return new MemoryGate(Arguments.notNull(source, "source"));
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    return Looks.holdingOnFailure(
        "the memory", LOOK_AGAIN, Verdict.Scope.CLASS, () -> judge(request));
  }

  private Verdict judge(GateRequest request) throws Exception {
    MemoryBudget budget =
        withReclaimable(Arguments.notNull(source.budget(), "budget"), request.reclaimableBytes());
    Optional<WorkingSet> need = request.need();
    if (need.isEmpty()) {
      return withoutForecast(budget);
    }
    return need.get() instanceof WorkingSet.Known known
        ? byForecast(new MemoryForecast(known, budget))
        : Verdict.hold(
            "the memory it needs is unknown: " + ((WorkingSet.Unknown) need.get()).reason(),
            LOOK_AGAIN);
  }

  private static MemoryBudget withReclaimable(MemoryBudget budget, long asked) {
    return new MemoryBudget(
        budget.totalBytes(),
        budget.freeBytes(),
        Math.max(budget.reclaimableBytes(), asked),
        budget.reserved(),
        budget.source());
  }

  private static Verdict withoutForecast(MemoryBudget budget) {
    String text =
        String.format(
            Locale.ROOT,
            "%s free, %s reserved; nothing forecast what the task needs",
            MemoryForecast.gib(budget.freeBytes()),
            MemoryForecast.gib(budget.reservedBytes()));
    return budget.freeBytes() >= budget.reservedBytes()
        ? Verdict.proceed(text)
        : Verdict.holdClass(text, LOOK_AGAIN);
  }

  private static Verdict byForecast(MemoryForecast forecast) {
    MemoryBudget budget = forecast.budget();
    // Asked first, by comparison alone: sums of absurd sizes would overflow into a fit.
    boolean absurd =
        forecast.need().highBytes() > budget.totalBytes()
            || budget.reservedBytes() > budget.totalBytes();
    if (absurd || !forecast.fitsAlone()) {
      return new Verdict.Refuse(
          "can never fit: " + sum(forecast, budget.totalBytes(), "in total"),
          Optional.of(forecast));
    }
    long available =
        Math.min(budget.totalBytes(), saturatedAdd(budget.freeBytes(), budget.reclaimableBytes()));
    String given =
        budget.reclaimableBytes() > 0
            ? "free, " + MemoryForecast.gib(budget.reclaimableBytes()) + " of it after evictions"
            : "free";
    String text = sum(forecast, available, given);
    return forecast.fits()
        ? Verdict.proceed("fits: " + text, forecast)
        : new Verdict.Hold(
            "does not fit now: " + text, LOOK_AGAIN, Verdict.Scope.TASK, Optional.of(forecast));
  }

  private static String sum(MemoryForecast forecast, long available, String availableName) {
    long needed = forecast.need().highBytes();
    long reserved = forecast.budget().reservedBytes();
    long left = available - saturatedAdd(needed, reserved);
    return String.format(
        Locale.ROOT,
        "%s needed, %s %s, %s reserved: %s %s",
        MemoryForecast.gib(needed),
        MemoryForecast.gib(available),
        availableName,
        MemoryForecast.gib(reserved),
        left < 0 ? "over by" : "headroom",
        MemoryForecast.gib(Math.abs(left)));
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
