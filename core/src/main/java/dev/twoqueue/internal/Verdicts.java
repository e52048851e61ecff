package dev.twoqueue.internal;

import dev.twoqueue.GateReport;
import dev.twoqueue.Lease;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes one verdict of many: a refusal before a hold, a hold before a proceed. */
final class Verdicts {
  private Verdicts() {}

  static Verdict combine(List<GateReport> reports) {
    List<Verdict.Refuse> refusals = of(reports, Verdict.Refuse.class);
    if (!refusals.isEmpty()) {
      return new Verdict.Refuse(joined(refusals, Verdict.Refuse::reason), forecastOf(reports));
    }
    List<Verdict.Hold> holds = of(reports, Verdict.Hold.class);
    if (!holds.isEmpty()) {
      boolean hostWide = holds.stream().anyMatch(hold -> hold.scope() == Verdict.Scope.CLASS);
      return new Verdict.Hold(
          joined(holds, Verdict.Hold::reason),
          holds.stream().map(Verdict.Hold::lookAgainAfter).max(Duration::compareTo).orElseThrow(),
          hostWide ? Verdict.Scope.CLASS : Verdict.Scope.TASK,
          forecastOf(reports));
    }
    List<Verdict.Proceed> proceeds = of(reports, Verdict.Proceed.class);
    if (proceeds.size() == 1) {
      return proceeds.get(0);
    }
    return new Verdict.Proceed(
        joined(proceeds, Verdict.Proceed::saw),
        all(proceeds.stream().map(Verdict.Proceed::lease).filter(l -> l != Lease.NONE).toList()),
        forecastOf(reports),
        proceeds.stream()
            .map(Verdict.Proceed::lookAgainAfter)
            .flatMap(Optional::stream)
            .min(Duration::compareTo));
  }

  private static <V extends Verdict> String joined(List<V> verdicts, Function<V, String> part) {
    return verdicts.stream()
        .map(part)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** The first forecast among the reports. */
  static Optional<MemoryForecast> forecastOf(List<GateReport> reports) {
    for (GateReport report : reports) {
      Optional<MemoryForecast> forecast = forecastOf(report.verdict());
      if (forecast.isPresent()) {
        return forecast;
      }
    }
    return Optional.empty();
  }

  private static Optional<MemoryForecast> forecastOf(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      return proceed.forecast();
    }
    if (verdict instanceof Verdict.Hold hold) {
      return hold.forecast();
    }
    return verdict instanceof Verdict.Refuse refuse ? refuse.forecast() : Optional.empty();
  }

  private static <V extends Verdict> List<V> of(List<GateReport> reports, Class<V> type) {
    List<V> found = new ArrayList<>(reports.size());
    for (GateReport report : reports) {
      if (type.isInstance(report.verdict())) {
        found.add(type.cast(report.verdict()));
      }
    }
    return found;
  }

  private static Lease all(List<Lease> leases) {
    return switch (leases.size()) {
      case 0 -> Lease.NONE;
      case 1 -> leases.get(0);
      default -> () -> leases.forEach(lease -> Guard.run("giving a lease back", lease::close));
    };
  }
}
