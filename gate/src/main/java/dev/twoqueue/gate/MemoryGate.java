package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Sets a task's need against the memory.
 *
 * <ul>
 *   <li>It fits: proceed, with the forecast.
 *   <li>It does not fit now, but would if nothing else ran: hold this task; the reason ends with
 *       what has to end, or to be unloaded, for it to fit.
 *   <li>It can never fit, even alone: refuse; the reason ends with what would fit.
 *   <li>Its need is {@linkplain WorkingSet.Unknown unknown}: hold this task, or refuse it ({@link
 *       Rule#REFUSE_UNKNOWN_NEED}). An unknown is never taken as safe.
 *   <li>Nothing forecasts needs here (no predictor, no declaration): proceed while what is free
 *       covers the reserve and what others will still take, and say that the need was not forecast,
 *       hold every task otherwise; or refuse it ({@link Rule#REFUSE_WITHOUT_FORECAST}).
 *   <li>The memory cannot be read: hold every task, or refuse this one ({@link
 *       Rule#REFUSE_UNKNOWN_MEMORY}).
 *   <li>The system says that memory is short (pressure): hold whatever needs more than the reserve,
 *       and everything when it is about to end processes. Not where an eviction comes first, which
 *       is what ends the pressure; not at all with {@link Rule#IGNORE_PRESSURE}.
 * </ul>
 *
 * <p>Whether it fits is {@link MemoryForecast#fits}'s to say: by the high figure of the need, after
 * the reserve and what others will still take, and with what an eviction ahead of the task gives
 * back. A resident model that stays counts as one that may still grow, by {@link
 * #withResidentGrowth}.
 *
 * <p>Immutable, and thread-safe if its source is.
 */
public final class MemoryGate implements Gate {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** Buffers that a resident model had planned and not yet touched: at most 131 MiB, measured. */
  private static final long RESIDENT_GROWTH = 132L << 20;

  /** Where the gate's answer is the host's to choose. */
  public enum Rule {
    /** A task whose need nobody can say is refused instead of held. */
    REFUSE_UNKNOWN_NEED,
    /** Where the memory cannot be read the task is refused instead of held. */
    REFUSE_UNKNOWN_MEMORY,
    /** A task for which nothing forecasts is refused: none starts without a forecast. */
    REFUSE_WITHOUT_FORECAST,
    /** Only bytes count, whatever pressure the system tells of. */
    IGNORE_PRESSURE
  }

  private final MemorySource source;
  private final Set<Rule> rules;
  private final long residentGrowth;

  private MemoryGate(MemorySource source, Set<Rule> rules, long residentGrowth) {
    this.source = source;
    this.rules = rules;
    this.residentGrowth = residentGrowth;
  }

  /**
   * A gate on this machine's memory with the default terms.
   *
   * @return the gate
   */
  public static MemoryGate standard() {
    return of(HostMemory.standard());
  }

  /**
   * A gate on another budget.
   *
   * @param source asked at every look
   * @return the gate
   */
  public static MemoryGate of(MemorySource source) {
    return new MemoryGate(Arguments.notNull(source, "source"), Set.of(), RESIDENT_GROWTH);
  }

  /**
   * The same with one more rule.
   *
   * @param rule where it answers otherwise than by default
   * @return a copy
   */
  public MemoryGate with(Rule rule) {
    EnumSet<Rule> more = EnumSet.of(Arguments.notNull(rule, "rule"));
    more.addAll(rules);
    return new MemoryGate(source, Collections.unmodifiableSet(more), residentGrowth);
  }

  /**
   * The same with another growth of each resident model that stays.
   *
   * @param bytes 0 or more; by default 132 MiB
   * @return a copy
   * @throws IllegalArgumentException when negative
   */
  public MemoryGate withResidentGrowth(long bytes) {
    return new MemoryGate(source, rules, Arguments.notNegative(bytes, "bytes"));
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    return Looks.holdingOnFailure(
        "the memory", LOOK_AGAIN, Verdict.Scope.CLASS, () -> readAndJudge(request));
  }

  private Verdict readAndJudge(GateRequest request) throws Exception {
    MemoryBudget budget;
    try {
      budget = Arguments.notNull(source.budget(), "budget");
    } catch (InterruptedException e) {
      throw e; // the scheduler gave this look up; no figure failed
    } catch (Exception | LinkageError e) {
      if (rules.contains(Rule.REFUSE_UNKNOWN_MEMORY)) {
        return Verdict.refuse("the memory cannot be read: " + Looks.describe(e));
      }
      throw e;
    }
    return judge(Residents.in(budget, request, residentGrowth), request);
  }

  private Verdict judge(MemoryBudget budget, GateRequest request) {
    Optional<WorkingSet> need = request.need();
    boolean feelsPressure =
        budget.pressure().isHigh()
            && request.reclaimableBytes() == 0
            && !rules.contains(Rule.IGNORE_PRESSURE);
    if (need.isEmpty()) {
      return withoutForecast(budget, feelsPressure);
    }
    if (need.get() instanceof WorkingSet.Known known) {
      Verdict verdict = byForecast(new MemoryForecast(known, budget));
      boolean takesLittle =
          known.highBytes() <= budget.reservedBytes()
              && budget.pressure() != MemoryPressure.CRITICAL;
      return verdict instanceof Verdict.Proceed proceed && feelsPressure && !takesLittle
          ? underPressure(budget, proceed.forecast())
          : verdict;
    }
    String reason = "the memory it needs is unknown: " + ((WorkingSet.Unknown) need.get()).reason();
    return rules.contains(Rule.REFUSE_UNKNOWN_NEED)
        ? Verdict.refuse(reason)
        : Verdict.hold(reason, LOOK_AGAIN);
  }

  private Verdict withoutForecast(MemoryBudget budget, boolean feelsPressure) {
    if (rules.contains(Rule.REFUSE_WITHOUT_FORECAST)) {
      return Verdict.refuse(
          "nothing forecast what the task needs: declare its memoryBytes, or give the scheduler a"
              + " working-set predictor");
    }
    if (feelsPressure) {
      return underPressure(budget, Optional.empty());
    }
    String text =
        String.format(
            Locale.ROOT,
            "%s free, %s reserved, %s still taken by others; nothing forecast what the task needs",
            MemoryForecast.gib(budget.freeBytes()),
            MemoryForecast.gib(budget.reservedBytes()),
            MemoryForecast.gib(budget.claimedBytes()));
    return budget.freeBytes() - budget.reservedBytes() >= budget.claimedBytes()
        ? Verdict.proceed(text)
        : Verdict.holdClass(text, LOOK_AGAIN);
  }

  private static Verdict underPressure(MemoryBudget budget, Optional<MemoryForecast> forecast) {
    String reason =
        String.format(
            Locale.ROOT,
            "the system says that memory is short (%s), with %s free: %s",
            budget.pressure().name().toLowerCase(Locale.ROOT),
            MemoryForecast.gib(budget.freeBytes()),
            String.join("; ", budget.notes()));
    return new Verdict.Hold(reason, LOOK_AGAIN, Verdict.Scope.CLASS, forecast);
  }

  private static Verdict byForecast(MemoryForecast forecast) {
    MemoryBudget budget = forecast.budget();
    if (!forecast.fitsAlone()) {
      return new Verdict.Refuse(
          "can never fit: "
              + sum(forecast, budget.totalBytes(), "in total", 0)
              + "; would fit "
              + forecast.wouldFit().get(0),
          Optional.of(forecast));
    }
    String given =
        budget.reclaimableBytes() > 0
            ? "free, " + MemoryForecast.gib(budget.reclaimableBytes()) + " of it after evictions"
            : "free";
    String text = sum(forecast, budget.availableBytes(), given, budget.claimedBytes());
    return forecast.fits()
        ? Verdict.proceed("fits: " + text, forecast)
        : new Verdict.Hold(
            "does not fit now: " + text + "; would fit " + forecast.wouldFit().get(0),
            LOOK_AGAIN,
            Verdict.Scope.TASK,
            Optional.of(forecast));
  }

  private static String sum(
      MemoryForecast forecast, long available, String availableName, long claimed) {
    long needed = forecast.need().highBytes();
    long reserved = forecast.budget().reservedBytes();
    double left = (double) available - needed - reserved - claimed;
    return String.format(
        Locale.ROOT,
        "%s needed, %s %s, %s reserved%s: %s %s",
        MemoryForecast.gib(needed),
        MemoryForecast.gib(available),
        availableName,
        MemoryForecast.gib(reserved),
        claimed > 0 ? ", " + MemoryForecast.gib(claimed) + " still taken by others" : "",
        left < 0 ? "over by" : "headroom",
        MemoryForecast.gib((long) Math.abs(left)));
  }
}
