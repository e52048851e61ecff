package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * I5 once more, as a sort: the next local-heavy task is the first by (its model is not resident,
 * submission order) among those that may start; a model past its cap comes after all others.
 */
final class DrainSpec {
  private final int cap;
  private @Nullable Residency seen;
  private @Nullable ResidencyKey lastKey;
  private @Nullable ResidencyKey rowKey;
  private int rowLength;

  DrainSpec(int cap) {
    this.cap = cap;
  }

  void observed(Residency residency) {
    seen = residency;
  }

  /** A task ended well, or gave its slot up: its model is a hint for what is resident. */
  void left(ExploredJob job) {
    ResidencyKey key = job.kind.key();
    if (job.isLocal() && key != null) {
      lastKey = key;
    }
  }

  void started(ExploredJob job) {
    ResidencyKey key = job.kind.key();
    boolean goesOn = key != null && key.equals(rowKey);
    rowLength = goesOn ? Math.min(cap, rowLength + 1) : 1;
    rowKey = key;
  }

  /** Checks a choice that was made at this time. */
  void chosen(ExploredJob chosen, List<ExploredJob> jobs, long now) {
    Violation.unless(chosen.wantsToStart(), "I5", chosen, " was chosen, but does not wait");
    Violation.unless(chosen.notBefore <= now, "I5", chosen, " was chosen, but is held");
    List<ExploredJob> waiting =
        jobs.stream()
            .filter(job -> job.isLocal() && job.wantsToStart() && job.notBefore <= now)
            .toList();
    ResidencyKey full = rowLength >= cap ? rowKey : null;
    boolean gives =
        full != null && waiting.stream().anyMatch(job -> !full.equals(job.kind.key()));
    // Whether a hold that ran out during the attempt counts as waiting is the engine's to say.
    boolean othersAreSure =
        waiting.stream()
            .anyMatch(job -> job.notBefore == 0 && full != null && !full.equals(job.kind.key()));
    if (gives && !othersAreSure) {
      return;
    }
    Comparator<ExploredJob> drain =
        Comparator.comparing((ExploredJob job) -> full != null && full.equals(job.kind.key()))
            .thenComparing(job -> !isResident(job.kind.key()))
            .thenComparing(ExploredJob::id);
    for (ExploredJob other : waiting) {
      Violation.unless(
          other.notBefore != 0 || drain.compare(chosen, other) <= 0,
          "I5", other, " comes before ", chosen, ", seen ", seen, ", last ", lastKey);
    }
  }

  private boolean isResident(@Nullable ResidencyKey key) {
    if (seen instanceof Residency.Observed observed) {
      return key != null && observed.workers().stream().anyMatch(key::mayBeServedBy);
    }
    return key != null && key.equals(lastKey);
  }
}
