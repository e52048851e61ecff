package dev.twoqueue.internal;

import dev.twoqueue.ExpectedStart;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.internal.Entry.RunKind;
import dev.twoqueue.internal.engine.EngineView;
import dev.twoqueue.internal.engine.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured of runs and swaps, and what follows for those who wait. Under the lock. */
final class Estimates {
  private final RunTimes runs = new RunTimes();
  private ProbeNotes notes = ProbeNotes.NONE;

  void noted(ProbeNotes said) {
    notes = said;
  }

  List<String> warnings() {
    return notes.warnings();
  }

  /** Before the engine is told that a body has ended. */
  void ended(Entry<?> entry, Outcome<?> outcome, long now) {
    if (entry.taskClass() == TaskClass.LOCAL_HEAVY
        && outcome instanceof Outcome.Succeeded
        && entry.runKind() != RunKind.WITH_AWAITS) {
      long ran = now - entry.since();
      runs.ran(StartEstimate.sort(entry), ran, entry.runKind() == RunKind.WITH_SWAP);
    }
  }

  /** For one task of a queue. */
  Optional<ExpectedStart> of(Job job, EngineView view, Instant at) {
    return StartEstimate.applies(view, job)
        ? estimate(view, at).of(job, view.inOrder(TaskClass.LOCAL_HEAVY))
        : Optional.empty();
  }

  /** For the first of a queue, in one walk. */
  Map<Job, ExpectedStart> of(List<Job> inOrder, EngineView view, Instant at) {
    Map<Job, ExpectedStart> all = new HashMap<>();
    StartEstimate estimate = estimate(view, at);
    for (Job job : inOrder) {
      if (StartEstimate.applies(view, job)) {
        all.put(job, estimate.here());
        estimate.pass(job);
      }
    }
    return all;
  }

  private StartEstimate estimate(EngineView view, Instant at) {
    return new StartEstimate(view, runs, notes.swapTimes(), at);
  }
}
