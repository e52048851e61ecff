package dev.twoqueue;

/** Forecasts the memory that a local-heavy task will take. */
@FunctionalInterface
public interface WorkingSetPredictor {

  /**
   * Forecasts. Runs on a thread of the scheduler's callback executor, never under its lock, and may
   * block for a short while (to ask a model server for a model's metadata). An exception, null, or
   * an answer later than the look timeout counts as {@link WorkingSet.Unknown}, which holds the
   * task. A task that declares its memory is not asked about.
   *
   * @param task the task that would start
   * @param residency what is resident now
   * @return what it takes beyond what is in use now
   * @throws RefusedException when the task can never run, whatever the memory (its model does not
   *     exist): the task is refused with that reason
   * @throws Exception when no forecast can be made: the task is held
   */
  WorkingSet predict(LocalHeavyTask<?> task, Residency residency) throws Exception;

  /** Thrown by a predictor that knows the task can never run. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param reason why, and what to do about it, for people
     */
    public RefusedException(String reason) {
      super(Arguments.notBlank(reason, "reason"));
    }
  }
}
