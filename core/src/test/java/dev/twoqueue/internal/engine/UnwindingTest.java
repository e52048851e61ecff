package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A task whose await is over before its time gets its slot back like any other (I1, I3, I10). */
class UnwindingTest {
  private final Driver driver = new Driver();

  @Test
  void itOccupiesAndThenLeavesTheSlotToOthers() {
    Job outer = driver.local("outer");
    Job inner = driver.local("inner");
    driver.await(outer, inner);
    driver.cancel(outer);
    driver.end(inner);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(outer), driver.view().running(TaskClass.LOCAL_HEAVY));
    Job next = driver.local("next");
    Job agent = driver.fleet("agent");
    assertEquals(List.of(), driver.started());
    driver.end(outer);
    assertEquals(List.of(next), driver.started());
    assertEquals(List.of(), driver.resumed(), "it unwinds once");
    driver.end(next);
    assertEquals(List.of(agent), driver.started(), "the door is open again");
  }

  @Test
  void aLocalOneClosesTheDoorAndWaitsForTheFleet() {
    Job outer = driver.local("outer");
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.cancel(outer);
    assertFalse(driver.view().fleetDoorOpen());
    Job kept = driver.fleet("kept out");
    assertEquals(List.of(), driver.started());
    driver.end(inner);
    assertEquals(List.of(outer), driver.resumed());
    driver.end(outer);
    assertEquals(List.of(kept), driver.started());
  }

  @Test
  void oneThatWasToGoOnUnwindsInstead() {
    driver.looks();
    Job outer = driver.local("outer");
    driver.verdict(Verdict.proceed());
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.end(inner);
    Effect.Look look = driver.only(Effect.Look.class);
    assertEquals(outer, look.job());
    assertTrue(driver.cancel(outer));
    assertEquals(List.of(outer), driver.resumed(), "without the look");
    driver.engine().verdict(look.token(), Verdict.proceed(), 0);
    assertEquals(List.of(), driver.engine().takeEffects(), "which is too late");
    driver.end(outer);
    assertEquals(new Outcome.Cancelled<>("not wanted"), driver.only(Effect.Finish.class).outcome());
    assertEquals(0, driver.view().queued(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void aHoldOfTheFleetKeepsOnlyTheOthers() {
    driver.looksAtFleet();
    Job outer = driver.fleet("outer");
    driver.fleetVerdict(Verdict.proceed());
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.later(Duration.ofSeconds(10));
    Job held = driver.fleet("held");
    driver.fleetVerdict(Verdict.hold("a foreign pull", Duration.ofSeconds(20)));
    driver.cancel(outer);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(), driver.started());
    assertEquals(List.of(), driver.all(Effect.LookAtFleet.class), "not before its time");
    assertEquals(List.of(held), driver.view().inOrder(TaskClass.FLEET));
  }

  @Test
  void behindAClosedDoorOnlyOneThatIsJoinedUnwindsAtOnce() {
    driver.fleetLimit(3);
    Job joiner = driver.fleet("joiner");
    Job joined = driver.fleet("joined");
    Job other = driver.fleet("other");
    Job target = driver.fleet("target");
    assertNull(driver.join(joiner, joined));
    driver.await(joined, target);
    Job late = driver.fleet("late");
    driver.await(other, target);
    driver.end(late);
    Job oracle = driver.local("oracle");
    assertFalse(driver.view().fleetDoorOpen());
    driver.pause(TaskClass.FLEET);
    driver.cancel(other);
    assertEquals(List.of(), driver.resumed());
    driver.cancel(joined);
    assertEquals(List.of(joined), driver.resumed(), "a pause does not count for it");
    driver.end(joined);
    driver.endJoin(joiner);
    driver.end(joiner);
    driver.end(target);
    assertEquals(List.of(oracle), driver.started());
    driver.end(oracle);
    assertEquals(List.of(other), driver.resumed());
  }

  @Test
  void whoGoesOnAfterATimeoutWaitsForThatTaskNoMore() {
    Job overrun =
        driver.submit(driver.job(TaskClass.FLEET, "overrun", null, null, Duration.ofSeconds(1)));
    Job asker = driver.fleet("asker");
    driver.await(asker, overrun);
    driver.seconds(1);
    assertEquals(List.of(asker), driver.resumed());
    Job oracle = driver.local("oracle");
    assertNull(driver.await(overrun, oracle), "nobody who occupies waits for it");
  }
}
