package dev.twoqueue;

import java.util.Comparator;
import java.util.List;

/**
 * Which model's tasks run next (I5). The tasks of one model always run in the order of their
 * submission, so a policy chooses among models and not among tasks: there are no priorities.
 *
 * <p>Must be pure and quick: it is asked under the scheduler's lock, before each local-heavy start.
 * One that throws, or returns what it was not given, is replaced by {@link #DEFAULT} for that
 * start, and logged. The default itself costs the same however many models wait; any other policy
 * costs time in proportion to their number.
 */
@FunctionalInterface
public interface DrainPolicy {

  /** Drains the resident model, then goes on with the model of the oldest task. */
  DrainPolicy DEFAULT =
      waiting ->
          waiting.stream()
              .min(
                  Comparator.comparing((WaitingModel model) -> !model.resident())
                      .thenComparingLong(WaitingModel::oldest))
              .orElseThrow();

  /** The order of submission, whatever is resident: what a plain queue does. */
  DrainPolicy SUBMISSION_ORDER =
      waiting -> waiting.stream().min(Comparator.comparingLong(WaitingModel::oldest)).orElseThrow();

  /**
   * Chooses the model whose oldest task starts next.
   *
   * @param waiting the models that have a task which may start, in no order; never empty. A model
   *     that has had its consecutive starts ({@link SchedulerBuilder#consecutiveStartsCap}) is not
   *     among them while another one waits
   * @return one of these
   */
  WaitingModel choose(List<WaitingModel> waiting);
}
