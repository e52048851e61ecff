package dev.twoqueue.examples.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same rules once more, without anything of the scheduler's: one worker, and a list of jobs
 * that is searched from end to end for each start.
 */
final class IndependentSimulation {
  /** Begun with the model loaded, in nanoseconds, by job; and how often a model was loaded. */
  record Result(List<Long> beganAt, int swaps) {}

  private record Waiting(int number, Job job) {}

  private final List<Waiting> waiting = new ArrayList<>();
  private final Long[] beganAt;
  private final long load;
  private final boolean fifo;
  private final int cap;
  private @Nullable String resident;
  private long free = -1; // before the first arrival
  private int inRow;
  private int swaps;

  private IndependentSimulation(int jobs, Duration load, boolean fifo, int cap) {
    this.beganAt = new Long[jobs];
    this.load = load.toNanos();
    this.fifo = fifo;
    this.cap = cap;
  }

  static Result of(Trace trace, Duration load, boolean fifo, int cap) {
    List<Job> jobs = trace.jobs();
    IndependentSimulation worker = new IndependentSimulation(jobs.size(), load, fifo, cap);
    for (int i = 0; i < jobs.size(); i++) {
      long arrival = jobs.get(i).arrival().toNanos();
      worker.runUntil(arrival);
      worker.waiting.add(new Waiting(i, jobs.get(i)));
      if (worker.free < arrival) {
        worker.start(arrival);
      }
    }
    worker.runUntil(Long.MAX_VALUE);
    return new Result(List.of(worker.beganAt), worker.swaps);
  }

  private void runUntil(long time) {
    while (!waiting.isEmpty() && free < time) {
      start(free);
    }
  }

  private void start(long now) {
    Waiting next = choose();
    waiting.remove(next);
    boolean swap = !next.job.model().equals(resident);
    resident = next.job.model();
    inRow = swap ? 1 : inRow + 1;
    swaps += swap ? 1 : 0;
    beganAt[next.number] = now + (swap ? load : 0);
    free = beganAt[next.number] + next.job.execution().toNanos();
  }

  /** The list is in the order of arrival: the first that qualifies is the oldest. */
  private Waiting choose() {
    boolean stay = !fifo && inRow < cap;
    return waiting.stream()
        .min(Comparator.comparing(w -> !fifo && w.job.model().equals(resident) != stay))
        .orElseThrow();
  }
}
