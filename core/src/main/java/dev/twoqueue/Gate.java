package dev.twoqueue;

/**
 * A pre-flight check. A task starts only after every gate said proceed (I4). A gate that throws,
 * returns null or takes longer than the look timeout holds the task, with that as the reason (I11).
 */
@FunctionalInterface
public interface Gate {

  /**
   * Looks at the machine for one task. Runs on a thread of the scheduler's callback executor, never
   * under its lock; may block for a short while; is never called twice at once by one scheduler for
   * one class, unless an earlier call of it hung past the look timeout or a preview is under way.
   *
   * @param request the task and what is known
   * @return the verdict
   * @throws Exception when it cannot tell: holds the task
   */
  Verdict look(GateRequest request) throws Exception;

  /**
   * The name that verdicts and the snapshot show.
   *
   * @return by default the simple name of the class
   */
  default String name() {
    String simple = getClass().getSimpleName();
    return simple.isEmpty() || simple.contains("$$Lambda") ? "gate" : simple;
  }
}
