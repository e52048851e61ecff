package dev.twoqueue.examples.replay;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WaitingModel;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A policy that is quick until somebody is overdue, and then fair. The time that all waiting tasks
 * would take is what a newcomer would wait in a fair queue; a task that has waited about as long as
 * that has been overtaken by more than there is left to do.
 *
 * <ul>
 *   <li>Nobody is overdue: the model with the most tasks for the time that they take, a swap
 *       included where it needs one, which is the classical rule for families of jobs with set-up
 *       times.
 *   <li>The oldest task is overdue: its model, once the resident one has had a visit of a fixed
 *       length, or a longer one while its own tasks are about as old.
 * </ul>
 *
 * <p>It needs to be told how long things take. Its choice depends on these answers and on what
 * waits alone.
 */
public final class OverdueFirst implements DrainPolicy {
  /** Below 1, since swaps and newcomers come on top of what waits now. */
  private static final double OVERDUE = 0.8;

  /** A visit's starts while somebody is overdue; a swap then costs a few percent of it. */
  private static final int VISIT = 20;

  /** The share of the oldest wait from which the resident model's own tasks are about as old. */
  private static final double AS_OLD = 0.85;

  private final Function<Optional<ResidencyKey>, Duration> run;
  private final double swap;

  /**
   * A policy for a machine.
   *
   * @param run how long a task for this key runs on average; above 0, asked under the scheduler's
   *     lock
   * @param swap how long a swap takes
   */
  public OverdueFirst(Function<Optional<ResidencyKey>, Duration> run, Duration swap) {
    this.run = run;
    this.swap = swap.toNanos();
  }

  @Override
  public WaitingModel choose(List<WaitingModel> waiting) {
    WaitingModel oldest = oldest(waiting);
    double all = waiting.stream().mapToDouble(this::nanos).sum();
    if (oldest.oldestWait().toNanos() <= OVERDUE * all) {
      return waiting.stream()
          .max(
              Comparator.comparingDouble((WaitingModel model) -> model.tasks() / nanos(model))
                  .thenComparing(WaitingModel::oldest, Comparator.reverseOrder()))
          .orElseThrow();
    }
    Optional<WaitingModel> resident = waiting.stream().filter(WaitingModel::resident).findFirst();
    if (resident.filter(model -> mayGoOn(model, oldest)).isPresent()) {
      return resident.get();
    }
    List<WaitingModel> others = waiting.stream().filter(model -> !model.resident()).toList();
    return others.isEmpty() ? oldest : oldest(others);
  }

  private static boolean mayGoOn(WaitingModel resident, WaitingModel oldest) {
    double old = AS_OLD * oldest.oldestWait().toNanos();
    return resident.startsInRow() < VISIT || resident.oldestWait().toNanos() >= old;
  }

  /** What a model's tasks take together. */
  private double nanos(WaitingModel model) {
    double tasks = (double) model.tasks() * run.apply(model.key()).toNanos();
    return model.resident() ? tasks : tasks + swap;
  }

  private static WaitingModel oldest(List<WaitingModel> waiting) {
    return waiting.stream().min(Comparator.comparingLong(WaitingModel::oldest)).orElseThrow();
  }
}
