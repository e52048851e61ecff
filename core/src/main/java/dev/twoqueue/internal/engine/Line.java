package dev.twoqueue.internal.engine;

import dev.twoqueue.ResidencyKey;
import org.jspecify.annotations.Nullable;

/** The local-heavy jobs of one residency key that may start; those without a model share one. */
final class Line {
  final @Nullable ResidencyKey key;
  final JobDeque jobs = new JobDeque();

  /** Its place in {@link LineHeap}; -1 outside. */
  int place = -1;

  /** The sum of the times at which its jobs began to wait, in milliseconds of the engine's time. */
  private long sumOfSince;

  Line(@Nullable ResidencyKey key) {
    this.key = key;
  }

  /** The number of its first job. */
  long head() {
    Job first = jobs.first();
    return first == null ? Job.NEVER : first.id;
  }

  void add(Job job) {
    jobs.add(job);
    sumOfSince += millis(job.since);
  }

  void remove(Job job) {
    jobs.remove(job);
    sumOfSince -= millis(job.since);
  }

  /** What its jobs have waited so far, all together; in milliseconds. */
  long totalWait(long now) {
    return jobs.size() * millis(now) - sumOfSince;
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  @Override
  public String toString() {
    return jobs.size() + " jobs for " + key;
  }
}
