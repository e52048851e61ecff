package dev.twoqueue.internal.engine;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WaitingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drain by model (I5): what is resident as last observed, which task is next because of it, what
 * would have to be evicted for a task, and what swaps were paid.
 */
final class Drain {
  private final State state;
  private Residency residency;

  /** The workers of that, since every choice asks for them. */
  private List<ResidentModel> workers = List.of();

  private long swaps;
  private long fifoSwaps;

  /** The key of the last task that ended well, or gave its slot up in an await. */
  private @Nullable ResidencyKey lastKey;

  /** The key that the last starts had in common, and how many these were (the cap of I5). */
  private @Nullable ResidencyKey rowKey;

  private int rowLength;
  private @Nullable ResidencyKey lastSubmitted;

  Drain(State state, boolean probes) {
    this.state = state;
    this.residency =
        Residency.unknown(probes ? "not looked at yet" : "no residency probe was given");
  }

  Residency residency() {
    return residency;
  }

  void observed(Residency seen) {
    residency = seen;
    workers = seen instanceof Residency.Observed observed ? observed.workers() : List.of();
  }

  long swaps() {
    return swaps;
  }

  long fifoSwaps() {
    return fifoSwaps;
  }

  /** Remembers what the order of submission would have swapped. */
  void submitted(Job job) {
    job.fifoSwap = job.key != null && !job.key.equals(lastSubmitted);
    if (job.key != null) {
      lastSubmitted = job.key;
    }
  }

  /** A task that ran on its model leaves it resident, as far as anybody can guess. */
  void leftResident(Job job) {
    if (job.key != null) {
      lastKey = job.key;
    }
  }

  /** The next task among those that may start. */
  @Nullable Job next() {
    return next(served());
  }

  /** The same for the time when what runs has ended: as far as can be told it leaves its model. */
  @Nullable Job nextAfter(@Nullable Job running) {
    return next(running == null || running.key == null ? served() : state.local.line(running.key));
  }

  private @Nullable Job next(@Nullable Line served) {
    LocalQueue queue = state.local;
    if (queue.ready() == 0) {
      return null;
    }
    boolean full = rowKey != null && rowLength >= state.settings.consecutiveStartsCap();
    Line capped = full ? queue.line(rowKey) : null;
    if (queue.oldestBut(capped) == null) {
      capped = null; // nobody waits for whom it would give way
    }
    Line line = served == null || served == capped ? queue.oldestBut(capped) : served;
    if (state.settings.drainPolicy() != DrainPolicy.DEFAULT) {
      line = byPolicy(served, capped);
    }
    return line == null ? null : line.jobs.first();
  }

  /** The line that needs no swap; where residency is unknown, the last model is the hint. */
  private @Nullable Line served() {
    if (residency instanceof Residency.Observed) {
      return state.local.served(workers, lastKey);
    }
    return lastKey == null ? null : state.local.line(lastKey);
  }

  private Line byPolicy(@Nullable Line served, @Nullable Line capped) {
    List<Line> lines = new ArrayList<>(state.local.all());
    lines.remove(capped);
    List<WaitingModel> waiting = lines.stream().map(line -> shown(line, line == served)).toList();
    return lines.get(waiting.indexOf(state.settings.drainPolicy().choose(waiting)));
  }

  private WaitingModel shown(Line line, boolean isServed) {
    Job oldest = Objects.requireNonNull(line.jobs.first());
    boolean inRow = line.key != null && line.key.equals(rowKey);
    return new WaitingModel(
        Optional.ofNullable(line.key),
        isServed,
        line.jobs.size(),
        oldest.id,
        Duration.ofNanos(state.now - oldest.since),
        inRow ? rowLength : 0);
  }

  /** The models to evict before a task may load its own; none where the host gave no evictor. */
  List<ResidentModel> inTheWayOf(Job job) {
    boolean needsNone = job.key == null || isServed(job.key);
    return needsNone || !state.settings.evicts() ? List.of() : workers;
  }

  /**
   * Counts a start.
   *
   * @return whether it needs another model than the one that is resident
   */
  boolean started(Job job) {
    ResidencyKey key = job.key;
    rowLength = key != null && key.equals(rowKey) ? rowLength + 1 : 1;
    rowKey = key;
    if (job.fifoSwap) {
      job.fifoSwap = false; // going on after an await is no second submission
      fifoSwaps++;
    }
    boolean observed = residency instanceof Residency.Observed;
    boolean swap = key != null && (observed ? !isServed(key) : !key.equals(lastKey));
    if (swap) {
      swaps++;
    }
    return swap;
  }

  private boolean isServed(ResidencyKey key) {
    return workers.stream()
        .anyMatch(
            model ->
                key.mayBeServedBy(model)
                    && (lastKey == null || !lastKey.mayBeServedBy(model) || lastKey.equals(key)));
  }
}
