package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How fleet tasks start, and what the fleet's gates say about it. */
class FleetStartTest {
  private final Driver driver = new Driver();

  @Test
  void theFleetStartsInItsOrderUpToTheLimit() {
    driver.fleetLimit(2);
    Job first = driver.fleet("first");
    driver.fleet("second");
    Job third = driver.fleet("third");
    Job fourth = driver.fleet("fourth");
    assertEquals(List.of(third, fourth), driver.view().inOrder(TaskClass.FLEET));
    driver.end(first);
    assertEquals(List.of(third), driver.started());
    driver.changeFleetLimit(3);
    assertEquals(List.of(fourth), driver.started());
  }

  @Test
  void aPausedFleetStartsNothing() {
    driver.pause(TaskClass.FLEET);
    Job job = driver.fleet("job");
    assertEquals(List.of(), driver.started());
    driver.resume(TaskClass.FLEET);
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void theGatesAreAskedOnceAndForgetAfterTheirPace() {
    driver.looksAtFleet();
    Job first = driver.fleet("first");
    assertEquals(first, driver.only(Effect.LookAtFleet.class).head());
    Job second = driver.fleet("second");
    driver.seconds(1);
    assertEquals(List.of(), driver.effects(), "one question at a time");
    driver.fleetVerdict(Verdict.proceed());
    assertEquals(List.of(first, second), driver.started());
    driver.later(Duration.ofSeconds(10).minusNanos(1));
    Job third = driver.fleet("third");
    assertEquals(List.of(third), driver.started());
    driver.later(Duration.ofNanos(1));
    Job fourth = driver.fleet("fourth");
    assertEquals(fourth, driver.only(Effect.LookAtFleet.class).head());
  }

  @Test
  void aGateMaySayWhenItWantsToLookAgain() {
    driver.looksAtFleet();
    driver.fleet("first");
    driver.fleetVerdict(Verdict.proceed().withLookAgainAfter(Duration.ofMinutes(5)));
    driver.later(Duration.ofMinutes(4));
    Job second = driver.fleet("second");
    assertEquals(List.of(second), driver.started());
    driver.later(Duration.ofMinutes(1));
    driver.fleet("third");
    assertEquals(1, driver.all(Effect.LookAtFleet.class).size());
  }

  @Test
  void aNewTurnBeginsWithALook() {
    driver.looksAtFleet();
    Job first = driver.fleet("first");
    driver.fleetVerdict(Verdict.proceed());
    Job oracle = driver.local("oracle");
    driver.end(first);
    assertEquals(List.of(oracle), driver.started());
    Job second = driver.fleet("second");
    driver.end(oracle);
    assertEquals(second, driver.only(Effect.LookAtFleet.class).head());
  }

  @Test
  void aHoldHoldsTheWholeFleetWhateverItsScope() {
    driver.looksAtFleet();
    Job first = driver.fleet("first");
    driver.fleetVerdict(Verdict.hold("a foreign pull", Duration.ofSeconds(20)));
    Effect.Held held = driver.only(Effect.Held.class);
    assertEquals(first, held.job());
    assertEquals(Verdict.Scope.CLASS, held.hold().scope());
    assertEquals(Duration.ofSeconds(20), driver.wakesIn());
    driver.fleet("second");
    assertEquals(List.of(), driver.effects());
    driver.seconds(20);
    assertEquals(first, driver.only(Effect.LookAtFleet.class).head());
  }

  @Test
  void aHoldOfNoTimeLastsASecond() {
    driver.looksAtFleet();
    driver.fleet("job");
    driver.fleetVerdict(Verdict.hold("not now", Duration.ofNanos(1)));
    assertEquals(Duration.ofSeconds(1), driver.wakesIn());
  }

  @Test
  void aHeldFleetLeavesTheMachineToLocalTasks() {
    driver.looksAtFleet();
    Job agent = driver.fleet("agent");
    driver.fleetVerdict(Verdict.hold("a foreign pull", Duration.ofSeconds(20)));
    Job oracle = driver.local("oracle");
    assertEquals(List.of(oracle), driver.started());
    driver.end(oracle);
    driver.cancel(agent);
    assertNull(driver.wakesIn(), "nobody wants the next look");
  }

  @Test
  void aHoldWithNobodyLeftTellsNothing() {
    driver.looksAtFleet();
    Job gone = driver.fleet("gone");
    driver.cancel(gone);
    driver.fleetVerdict(Verdict.hold("not now", Duration.ofSeconds(5)));
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void aRefusalEndsTheHead() {
    driver.looksAtFleet();
    Job head = driver.fleet("head");
    Job next = driver.fleet("next");
    driver.fleetVerdict(Verdict.refuse("never"));
    Effect.Finish finish = driver.only(Effect.Finish.class);
    assertEquals(head, finish.job());
    assertEquals(Outcome.Refused.class, finish.outcome().getClass());
    assertEquals(next, driver.only(Effect.LookAtFleet.class).head());
  }

  @Test
  void aRefusalOfOneThatWentIsNobodyElses() {
    driver.looksAtFleet();
    Job gone = driver.fleet("gone");
    Job next = driver.fleet("next");
    driver.cancel(gone);
    driver.fleetVerdict(Verdict.refuse("never"));
    assertEquals(List.of(), driver.all(Effect.Finish.class));
    assertEquals(next, driver.only(Effect.LookAtFleet.class).head());
    driver.cancel(next);
    driver.fleetVerdict(Verdict.refuse("never"));
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void theLeaseOfAFleetGateIsGivenBackAtOnce() {
    driver.looksAtFleet();
    Job job = driver.fleet("job");
    Lease lease = () -> {};
    driver.fleetVerdict(Verdict.proceed().withLease(lease));
    assertEquals(
        List.of(new Effect.Release(lease), new Effect.Start(job, 0, false)), driver.effects());
    driver.fleetVerdict(Verdict.proceed().withLease(lease));
    assertEquals(List.of(new Effect.Release(lease)), driver.effects(), "a second answer");
  }

  @Test
  void aSecondAnswerHoldsNothing() {
    driver.looksAtFleet();
    driver.fleet("job");
    driver.fleetVerdict(Verdict.proceed());
    driver.fleetVerdict(Verdict.hold("too late", Duration.ofSeconds(60)));
    assertTrue(driver.view().classHold(TaskClass.FLEET).isEmpty());
  }

  @Test
  void whatUnwindsPassesAPauseAndAHold() {
    Job outer = driver.fleet("outer");
    Job inner = driver.fleet("inner");
    Job waiting = driver.fleet("waiting");
    driver.end(waiting);
    driver.await(outer, inner);
    driver.pause(TaskClass.FLEET);
    Job paused = driver.fleet("paused");
    driver.cancel(outer);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(), driver.started());
    driver.resume(TaskClass.FLEET);
    assertEquals(List.of(paused), driver.started());
  }

  /** Found by exploration: the refused task started after all, at the next one's look. */
  @Test
  void aRefusalCountsAlsoWhereAnOlderTaskHasComeBackMeanwhile() {
    driver.looksAtFleet().asksOutside();
    Job asking = driver.fleet("asking");
    driver.fleetVerdict(Verdict.proceed());
    driver.later(Duration.ofSeconds(11));
    Job lookedAt = driver.fleet("looked at");
    assertEquals(lookedAt, driver.only(Effect.LookAtFleet.class).head());
    driver.pause(TaskClass.FLEET);
    assertEquals(List.of(asking, lookedAt), driver.view().inOrder(TaskClass.FLEET));
    driver.fleetVerdict(Verdict.refuse("too late for it"));
    assertEquals(List.of(asking), driver.view().inOrder(TaskClass.FLEET));
    Effect.Finish refused = driver.only(Effect.Finish.class);
    assertEquals(lookedAt, refused.job());
    assertTrue(refused.outcome() instanceof Outcome.Refused);
  }
}
