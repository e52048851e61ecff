package dev.twoqueue.examples.replay;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.SchedulerBuilder;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A setting of the scheduler that is compared with others.
 *
 * @param name short, for tables
 * @param setting makes it on a builder
 */
public record ReplayPolicy(String name, UnaryOperator<SchedulerBuilder> setting) {

  /** What a plain queue does. */
  public static final ReplayPolicy FIFO =
      new ReplayPolicy("FIFO", builder -> builder.drainPolicy(DrainPolicy.SUBMISSION_ORDER));

  /** The default: drain the resident model, then the model of the oldest job. */
  public static final ReplayPolicy DRAIN = new ReplayPolicy("drain", builder -> builder);

  /**
   * Drain with a cap on consecutive starts of one model while another waits.
   *
   * @param starts the cap
   * @return the policy
   */
  public static ReplayPolicy cap(int starts) {
    return new ReplayPolicy("cap " + starts, builder -> builder.consecutiveStartsCap(starts));
  }

  /**
   * All that are compared.
   *
   * @return in the order of the table
   */
  public static List<ReplayPolicy> all() {
    return List.of(FIFO, DRAIN, cap(8), cap(16), cap(32));
  }
}
