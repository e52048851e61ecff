package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * I5 once more, as a sort: the next local-heavy task is the first by (its model is not resident,
 * submission order) among those that may start; where that one's model has had its consecutive
 * starts, the oldest of another.
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
    boolean sure = waiting.stream().allMatch(job -> job.notBefore == 0);
    if (full != null && !sure) {
      return; // whether a hold that ran out during the attempt counts is the engine's to say
    }
    Comparator<ExploredJob> drain =
        Comparator.comparing((ExploredJob job) -> !isResident(job.kind.key()))
            .thenComparing(ExploredJob::id);
    ResidencyKey served = waiting.stream().min(drain).map(job -> job.kind.key()).orElse(null);
    if (full != null && full.equals(served)) {
      drain =
          Comparator.comparing((ExploredJob job) -> full.equals(job.kind.key()))
              .thenComparing(ExploredJob::id);
    }
    for (ExploredJob other : waiting) {
      Violation.unless(
          other.notBefore != 0 || drain.compare(chosen, other) <= 0,
          "I5",
          other,
          " comes before ",
          chosen,
          ", seen ",
          seen,
          ", last ",
          lastKey);
    }
  }

  /** Whether the worker models that were seen last leave room for a task's own. */
  boolean isClearFor(ExploredJob job) {
    ResidencyKey key = job.kind.key();
    if (key == null) {
      return true;
    }
    return seen instanceof Residency.Observed observed
        && (workers(observed).isEmpty() || isResident(key));
  }

  /** What will be given back by the evictions that a start needs; the final look is after these. */
  long bytesInTheWayOf(ExploredJob job) {
    return seen instanceof Residency.Observed observed && !isClearFor(job)
        ? workers(observed).stream().mapToLong(ResidentModel::bytes).sum()
        : 0;
  }

  /** By their role, and not as the class under test counts them (I9). */
  private static List<ResidentModel> workers(Residency.Observed observed) {
    return observed.models().stream()
        .filter(model -> model.role() == ResidentModel.Role.WORKER)
        .toList();
  }

  private boolean isResident(@Nullable ResidencyKey key) {
    if (seen instanceof Residency.Observed observed) {
      return key != null && workers(observed).stream().anyMatch(key::mayBeServedBy);
    }
    return key != null && key.equals(lastKey);
  }
}
