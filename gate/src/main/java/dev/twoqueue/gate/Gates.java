package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import java.util.Arrays;
import java.util.List;

/** Gates made of gates. */
public final class Gates {
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
}
