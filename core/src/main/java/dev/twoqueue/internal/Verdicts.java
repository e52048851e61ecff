package dev.twoqueue.internal;

import dev.twoqueue.GateReport;
import dev.twoqueue.Lease;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes one verdict of many: a refusal before a hold, a hold before a proceed. */
final class Verdicts {
  private Verdicts() {}

  static Verdict combine(List<GateReport> reports) {
    Optional<MemoryForecast> forecast = forecastOf(reports);
    List<Verdict.Refuse> refusals = of(reports, Verdict.Refuse.class);
    if (!refusals.isEmpty()) {
      return new Verdict.Refuse(
          refusals.stream().map(Verdict.Refuse::reason).collect(Collectors.joining("; ")),
          forecast);
    }
    List<Verdict.Hold> holds = of(reports, Verdict.Hold.class);
    if (!holds.isEmpty()) {
      boolean hostWide = holds.stream().anyMatch(hold -> hold.scope() == Verdict.Scope.CLASS);
      return new Verdict.Hold(
          holds.stream().map(Verdict.Hold::reason).collect(Collectors.joining("; ")),
          holds.stream().map(Verdict.Hold::lookAgainAfter).max(Duration::compareTo).orElseThrow(),
          hostWide ? Verdict.Scope.CLASS : Verdict.Scope.TASK,
          forecast);
    }
    List<Verdict.Proceed> proceeds = of(reports, Verdict.Proceed.class);
    return new Verdict.Proceed(
        proceeds.stream()
            .map(Verdict.Proceed::saw)
            .filter(saw -> !saw.isEmpty())
            .collect(Collectors.joining("; ")),
        all(proceeds.stream().map(Verdict.Proceed::lease).filter(l -> l != Lease.NONE).toList()),
        forecast,
        proceeds.stream()
            .map(Verdict.Proceed::lookAgainAfter)
            .flatMap(Optional::stream)
            .min(Duration::compareTo));
  }

  /** The first forecast among the reports. */
  static Optional<MemoryForecast> forecastOf(List<GateReport> reports) {
    return reports.stream()
        .map(GateReport::verdict)
        .map(
            verdict -> {
              if (verdict instanceof Verdict.Proceed proceed) {
                return proceed.forecast();
              }
              if (verdict instanceof Verdict.Hold hold) {
                return hold.forecast();
              }
              return verdict instanceof Verdict.Refuse refuse
                  ? refuse.forecast()
                  : Optional.<MemoryForecast>empty();
            })
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static <V extends Verdict> List<V> of(List<GateReport> reports, Class<V> type) {
    return reports.stream()
        .map(GateReport::verdict)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static Lease all(List<Lease> leases) {
    return switch (leases.size()) {
      case 0 -> Lease.NONE;
      case 1 -> leases.get(0);
      default -> () -> leases.forEach(lease -> Guard.run("giving a lease back", lease::close));
    };
  }
}
