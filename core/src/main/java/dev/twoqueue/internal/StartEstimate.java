package dev.twoqueue.internal;

import dev.twoqueue.ExpectedStart;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import dev.twoqueue.internal.engine.EngineView;
import dev.twoqueue.internal.engine.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Walks the local-heavy queue in drain order and adds up what {@link ExpectedStart} is made of. */
final class StartEstimate {
  private static final long MOST_NANOS = Long.MAX_VALUE / 4;

  private final RunTimes runs;
  private final Map<String, Duration> swapTimes;
  private final Instant at;
  private final Residency residency;

  /** The key of the task before: what it leaves resident. */
  private @Nullable ResidencyKey before;

  private long swapNanos;
  private long runNanos;
  private int unknown;

  /** Before the first of the queue. */
  StartEstimate(EngineView view, RunTimes runs, Map<String, Duration> swapTimes, Instant at) {
    this.runs = runs;
    this.swapTimes = swapTimes;
    this.at = at;
    this.residency = view.residency();
    for (Job running : view.running(TaskClass.LOCAL_HEAVY)) {
      addRest((Entry<?>) running, view.now() - running.since());
      before = running.key().orElse(null);
    }
    unknown += view.running(TaskClass.FLEET).isEmpty() ? 0 : 1;
  }

  /** Whether anything can be said of a task; only then its place in the order is worth a walk. */
  static boolean applies(EngineView view, Job job) {
    return job.taskClass() == TaskClass.LOCAL_HEAVY
        && !view.isHeld(job)
        && view.classHold(TaskClass.LOCAL_HEAVY).isEmpty();
  }

  /** For one task; empty when it does not queue. */
  Optional<ExpectedStart> of(Job job, List<Job> inOrder) {
    for (Job each : inOrder) {
      if (each == job) {
        return Optional.of(here());
      }
      pass(each);
    }
    return Optional.empty();
  }

  /** For whoever is next after those that were passed. */
  ExpectedStart here() {
    Duration swaps = Duration.ofNanos(swapNanos);
    Duration run = Duration.ofNanos(runNanos);
    return new ExpectedStart(at.plus(swaps).plus(run), swaps, run, unknown);
  }

  /** Adds a task that starts before the next. */
  void pass(Job job) {
    Optional<ResidencyKey> key = job.key();
    if (key.isPresent() && !isServed(key.get())) {
      OptionalLong swap = swapTime(job);
      unknown += swap.isPresent() ? 0 : 1;
      swapNanos = sum(swapNanos, swap.orElse(0));
    }
    OptionalLong run = runs.typical(sort((Entry<?>) job), swapTime(job));
    unknown += run.isPresent() ? 0 : 1;
    runNanos = sum(runNanos, run.orElse(0));
    before = key.orElse(before);
  }

  private boolean isServed(ResidencyKey key) {
    if (before != null) {
      return before.equals(key);
    }
    return residency instanceof Residency.Observed seen
        && seen.workers().stream().anyMatch(key::mayBeServedBy);
  }

  /** What is left of a body, whose time includes a swap where it began with one. */
  private void addRest(Entry<?> running, long age) {
    OptionalLong swap =
        running.runKind() == Entry.RunKind.WITH_SWAP ? swapTime(running) : OptionalLong.of(0);
    OptionalLong run = runs.typical(sort(running), swapTime(running));
    if (run.isEmpty() || swap.isEmpty() || running.runKind() == Entry.RunKind.WITH_AWAITS) {
      unknown++;
    } else {
      runNanos = Math.max(0, sum(run.getAsLong(), swap.getAsLong()) - age);
    }
  }

  /** A million tasks of a day each are more nanoseconds than a long has. */
  private static long sum(long a, long b) {
    return Math.min(MOST_NANOS, a + Math.min(MOST_NANOS, b));
  }

  private OptionalLong swapTime(Job job) {
    Duration time = job.key().map(key -> swapTimes.get(key.model())).orElse(null);
    return time == null ? OptionalLong.empty() : OptionalLong.of(time.toNanos());
  }

  /** Tasks that are alike: those of a model, whatever its options, else those of a kind. */
  static String sort(Entry<?> entry) {
    return entry
        .key()
        .map(ResidencyKey::model)
        .orElseGet(() -> " " + entry.localTask().map(task -> task.kind()).orElse(LocalKind.OTHER));
  }
}
