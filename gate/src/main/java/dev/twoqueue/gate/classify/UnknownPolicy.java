package dev.twoqueue.gate.classify;

import dev.twoqueue.TaskClass;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What unknown work counts as. */
@FunctionalInterface
public interface UnknownPolicy {

  /**
   * Decides.
   *
   * @param work what is not known about it
   * @return the queue that it joins
   */
  TaskClass decide(WorkClass.Unknown work);

  /**
   * Unknown work counts as local-heavy. The default.
   *
   * @return the policy
   */
  static UnknownPolicy heavy() {
    return work -> TaskClass.LOCAL_HEAVY;
  }

  /**
   * Unknown work counts as fleet: for hosts that know that whatever the rules do not know runs
   * elsewhere.
   *
   * @return the policy
   */
  static UnknownPolicy fleet() {
    return work -> TaskClass.FLEET;
  }

  /**
   * Somebody is asked. Where that one throws or answers null, the work counts as local-heavy.
   *
   * @param somebody asked once for each unknown, on the thread that needs the answer
   * @return the policy
   */
  static UnknownPolicy ask(UnknownPolicy somebody) {
    Objects.requireNonNull(somebody, "somebody must not be null");
    return work -> Asking.ask(somebody, work);
  }

  /** Guards against what is asked. */
  final class Asking {
    private static final Logger log = LoggerFactory.getLogger(UnknownPolicy.class);

    private Asking() {}

    private static TaskClass ask(UnknownPolicy somebody, WorkClass.Unknown work) {
      try {
        TaskClass answer = somebody.decide(work);
        if (answer != null) {
          return answer;
        }
        log.warn("Asked about unknown work, nobody answered: it counts as local-heavy");
      } catch (RuntimeException e) {
        log.warn("Asked about unknown work, an exception came: it counts as local-heavy", e);
      }
      return TaskClass.LOCAL_HEAVY;
    }
  }
}
