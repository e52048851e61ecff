package dev.twoqueue.examples.replay;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * When the jobs of a trace ran.
 *
 * @param trace the jobs
 * @param beganAt when each of them began to run, its model loaded, in nanoseconds since the
 *     beginning of the trace
 * @param swaps how often a model was loaded
 */
public record Schedule(Trace trace, List<Long> beganAt, int swaps) {
  public Schedule {
    beganAt = List.copyOf(beganAt);
    if (beganAt.size() != trace.jobs().size()) {
      throw new IllegalArgumentException(
          "beganAt has " + beganAt.size() + " times for " + trace.jobs().size() + " jobs");
    }
  }

  /** How long each job waited, a load for it included, in nanoseconds, ascending. */
  long[] waits() {
    long[] waits = new long[beganAt.size()];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = beganAt.get(i) - trace.jobs().get(i).arrival().toNanos();
    }
    Arrays.sort(waits);
    return waits;
  }

  /**
   * Swaps per job.
   *
   * @return at most 1
   */
  public double swapsPerJob() {
    return (double) swaps / beganAt.size();
  }

  /**
   * How long a job waited on average, from its arrival until it ran with its model loaded.
   *
   * @return to the nanosecond
   */
  public Duration meanWait() {
    return Duration.ofNanos(Math.round(Arrays.stream(waits()).average().orElseThrow()));
  }

  /**
   * The wait that a share of the jobs did not exceed.
   *
   * @param share above 0; 1 for the longest
   * @return the smallest wait that so many jobs did not exceed (nearest rank)
   */
  public Duration waitQuantile(double share) {
    long[] waits = waits();
    int rank = (int) Math.ceil(share * waits.length);
    return Duration.ofNanos(waits[Math.max(rank, 1) - 1]);
  }
}
