package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Gates made of gates. */
public final class Gates {
  /**
   * What the reason of a hold holds when the gate did not find an obstacle but failed to look. Give
   * it in your own gates' reasons too: {@link #not} never turns such a hold into a proceed.
   */
  public static final String CANNOT_TELL = "cannot tell: ";

  private Gates() {}

  /**
   * A gate that asks all of these, in order, and combines what they say.
   *
   * <ul>
   *   <li>Any refuses: refused, with the reasons of all that refuse.
   *   <li>Else any holds: held, with all reasons, until the latest of their next looks, with the
   *       broadest scope.
   *   <li>Else it proceeds, with what all of them saw; a lease of each is held until the task has
   *       ended, and given back at once when another gate stands in the way.
   * </ul>
   *
   * The forecast with the least headroom goes with the verdict. A gate that throws or answers null
   * holds the class for five seconds, with that as its reason.
   *
   * @param name what verdicts and the snapshot show
   * @param gates at least one
   * @return the gate; thread-safe, if the gates are
   * @throws IllegalArgumentException when the name is blank or there is no gate, or a gate has no
   *     name
   */
  public static Gate all(String name, List<? extends Gate> gates) {
    return new AllGates(Arguments.notBlank(name, "name"), Arguments.notEmpty(gates, "gates"));
  }

  /**
   * The same, named "all".
   *
   * @param gates at least one
   * @return the gate
   * @throws IllegalArgumentException when there is none
   */
  public static Gate all(Gate... gates) {
    return all("all", Arrays.asList(Arguments.notNull(gates, "gates")));
  }

  /**
   * A gate that passes what any of these passes. They are asked in order, up to the first that
   * proceeds; its lease and forecast are used. Where none does: refused when all refuse, else held
   * until the earliest of their next looks, with all reasons, the task alone where any holds the
   * task alone. A gate that throws or answers null holds.
   *
   * @param name what verdicts and the snapshot show
   * @param gates at least one
   * @return the gate; thread-safe, if the gates are
   * @throws IllegalArgumentException when the name is blank or there is no gate, or a gate has no
   *     name
   */
  public static Gate any(String name, List<? extends Gate> gates) {
    return new AnyGate(Arguments.notBlank(name, "name"), Arguments.notEmpty(gates, "gates"));
  }

  /**
   * A gate that holds the class while another proceeds, and proceeds while that holds or refuses. A
   * gate that throws, answers null or {@linkplain #CANNOT_TELL cannot tell} holds here as well: an
   * unknown is not safe from either side. A lease of the other's is given back at once.
   *
   * @param name what verdicts and the snapshot show
   * @param gate the other
   * @return the gate; thread-safe, if the other is
   * @throws IllegalArgumentException when the name is blank, or the gate has none
   */
  public static Gate not(String name, Gate gate) {
    return new NotGate(Arguments.notBlank(name, "name"), Arguments.notNull(gate, "gate"));
  }

  /**
   * A gate that is asked at most once within a time, for one that is costly and looks at the host
   * alone. Kept is what holds the class, and a proceed without lease and forecast; but a kept
   * proceed does not serve at the final look of a task, which has to see the machine as it is then
   * (I4). Everything else is asked for each time.
   *
   * @param gate the other
   * @param maxAge how old a verdict may be, from before it was asked for; positive
   * @return the gate, under the other's name; thread-safe, if the other is
   * @throws IllegalArgumentException when the time is not positive
   */
  public static Gate cached(Gate gate, Duration maxAge) {
    return new CachedGate(
        Arguments.notNull(gate, "gate"), Arguments.positive(maxAge, "maxAge"), System::nanoTime);
  }

  /**
   * A gate that holds when another does not answer in time, and names it. The other is asked on a
   * thread of its own, which is interrupted after the time. As long as a call hangs, the next looks
   * hold at once, so that no threads pile up; a lease that comes late is given back.
   *
   * @param gate the other
   * @param timeout positive; less than the scheduler's own, which would give up all gates together
   * @return the gate, under the other's name; thread-safe, if the other is
   * @throws IllegalArgumentException when the time is not positive
   */
  public static Gate withTimeout(Gate gate, Duration timeout) {
    return new TimedGate(Arguments.notNull(gate, "gate"), Arguments.positive(timeout, "timeout"));
  }
}
