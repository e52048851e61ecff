package dev.twoqueue.examples.replay;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.SchedulerBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A setting of the scheduler that is compared with others.
 *
 * @param name short, for tables
 * @param setting makes it on a builder; may ask how long tasks ran so far
 */
public record ReplayPolicy(
    String name, BiFunction<SchedulerBuilder, RunTimes, SchedulerBuilder> setting) {

  /** What a plain queue does. */
  public static final ReplayPolicy FIFO =
      new ReplayPolicy(
          "FIFO", (builder, times) -> builder.drainPolicy(DrainPolicy.SUBMISSION_ORDER));

  /** The default: drain the resident model, then the model of the oldest job. */
  public static final ReplayPolicy DRAIN = new ReplayPolicy("drain", (builder, times) -> builder);

  /**
   * Drain with a cap on consecutive starts of one model while another waits.
   *
   * @param starts the cap
   * @return the policy
   */
  public static ReplayPolicy cap(int starts) {
    return new ReplayPolicy(
        "cap " + starts, (builder, times) -> builder.consecutiveStartsCap(starts));
  }

  /**
   * Quick until somebody is overdue, and then fair.
   *
   * @param swap how long a swap takes
   * @return the policy, which learns how long tasks run from those that have ended
   */
  public static ReplayPolicy overdueFirst(Duration swap) {
    return new ReplayPolicy(
        "overdue first",
        (builder, times) -> {
          // snippet: overdue-first
          builder.drainPolicy(new OverdueFirst(times::mean, swap));
          // end snippet
          return builder;
        });
  }

  /**
   * All that are compared.
   *
   * @param swap how long a swap takes
   * @return in the order of the table
   */
  public static List<ReplayPolicy> all(Duration swap) {
    return List.of(FIFO, DRAIN, cap(8), cap(16), cap(32), overdueFirst(swap));
  }
}
