package dev.twoqueue.internal.engine;

import dev.twoqueue.ResidencyKey;
import org.jspecify.annotations.Nullable;

/** The local-heavy jobs of one residency key that may start; those without a model share one. */
final class Line {
  final @Nullable ResidencyKey key;
  final JobDeque jobs = new JobDeque();

  /** Its place in {@link LineHeap}; -1 outside. */
  int place = -1;

  Line(@Nullable ResidencyKey key) {
    this.key = key;
  }

  /** The number of its first job. */
  long head() {
    Job first = jobs.first();
    return first == null ? Job.NEVER : first.id;
  }

  @Override
  public String toString() {
    return jobs.size() + " jobs for " + key;
  }
}
