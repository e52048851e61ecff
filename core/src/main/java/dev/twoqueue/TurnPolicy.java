package dev.twoqueue;

import java.time.Duration;

/**
 * How long a class may go on starting tasks while the other class waits. A turn also ends when its
 * queue has nothing that may start. Running tasks are never cut short by a turn.
 *
 * <p>Must be pure and quick: it is asked under the scheduler's lock. One that throws or returns
 * null is replaced by {@link #DEFAULT} for that question, and logged.
 */
@FunctionalInterface
public interface TurnPolicy {

  /** Both classes may start tasks for 30 s from their turn's first start. */
  TurnPolicy DEFAULT = budget(Duration.ofSeconds(30), Duration.ofSeconds(30));

  /**
   * For how much longer the turn may start tasks while the other class waits.
   *
   * @param turn whose turn it is
   * @param elapsed since the turn's first start
   * @param started tasks that the turn has started; at least 1
   * @return zero or less closes the door
   */
  Duration remaining(TaskClass turn, Duration elapsed, int started);

  /**
   * A budget of time for each class.
   *
   * @param local for local-heavy tasks; zero makes every turn one task
   * @param fleet for fleet tasks; zero closes the door as soon as a local task waits
   * @return the policy
   * @throws IllegalArgumentException when a budget is negative
   */
  static TurnPolicy budget(Duration local, Duration fleet) {
    Duration forLocal = Arguments.notNegative(local, "local");
    Duration forFleet = Arguments.notNegative(fleet, "fleet");
    return (turn, elapsed, started) ->
        (turn == TaskClass.LOCAL_HEAVY ? forLocal : forFleet).minus(elapsed);
  }
}
