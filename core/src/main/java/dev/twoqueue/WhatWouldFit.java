package dev.twoqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What would make a task fit that does not: only what the same arithmetic says does. */
final class WhatWouldFit {
  private final MemoryForecast forecast;
  private final WorkingSet.Known need;
  private final MemoryBudget budget;

  WhatWouldFit(MemoryForecast forecast) {
    this.forecast = forecast;
    this.need = forecast.need();
    this.budget = forecast.budget();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (WorkingSet.Alternative other : need.alternatives()) {
      long now = forecast.headroomWith(other.highBytes(), 0);
      long alone = forecast.headroomAlone(other.highBytes());
      if (now >= 0) {
        lines.add("with " + other.change() + ": " + figures(other.highBytes(), now));
      } else if (alone >= 0 && !forecast.fitsAlone()) {
        lines.add(
            "with "
                + other.change()
                + ", once less is in use: "
                + figures(other.highBytes(), alone));
      }
    }
    if (forecast.fitsAlone()) {
      lines.add(whatMustEnd());
    } else if (lines.isEmpty()) {
      lines.add(
          "a need of at most "
              + MemoryForecast.gib(Math.max(0, forecast.headroomAlone(0)))
              + ": a smaller model, context or quantisation");
    }
    return lines;
  }

  private static String figures(long highBytes, long headroom) {
    return MemoryForecast.gib(highBytes) + " needed, headroom " + MemoryForecast.gib(headroom);
  }

  /** The least that has to go, of what is known; else what others have to give back. */
  private String whatMustEnd() {
    if (forecast.headroomWithoutClaims() >= 0) {
      return "once " + names(budget.claimed()) + " needs no more";
    }
    List<MemoryPart> going = new ArrayList<>();
    for (MemoryPart part : budget.unloadable()) {
      if (fitsWithMore(part.bytes())) {
        return after(List.of(part));
      }
    }
    long sum = 0;
    for (MemoryPart part : budget.unloadable()) {
      going.add(part);
      sum = MemoryBudget.plus(sum, part.bytes());
      if (fitsWithMore(sum)) {
        return after(going);
      }
    }
    return "once other programs give " + MemoryForecast.gib(-forecast.headroomBytes()) + " back";
  }

  private boolean fitsWithMore(long bytes) {
    return bytes > 0 && forecast.headroomWith(need.highBytes(), bytes) >= 0;
  }

  private String after(List<MemoryPart> unloaded) {
    long freed = unloaded.stream().mapToLong(MemoryPart::bytes).sum();
    return "after unloading "
        + names(unloaded)
        + " ("
        + MemoryForecast.gib(freed)
        + "): headroom "
        + MemoryForecast.gib(forecast.headroomWith(need.highBytes(), freed));
  }

  private static String names(List<MemoryPart> parts) {
    return parts.stream().map(MemoryPart::name).collect(Collectors.joining(" and "));
  }
}
