package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Turns: what they allow, when they end, and the backoff of closings that came to nothing (I6). */
class TurnBudgetTest {
  private static final TaskClass LOCAL = TaskClass.LOCAL_HEAVY;
  private static final TaskClass FLEET = TaskClass.FLEET;

  private final Driver driver = new Driver();
  private final Turns turns = new Turns(TurnPolicy.DEFAULT);

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void noTurnHasNothingLeft() {
    assertEquals(0, turns.remaining(0));
    turns.begin(FLEET);
    turns.end();
    assertNull(turns.turn());
    assertEquals(0, turns.remaining(0));
  }

  @Test
  void aTurnsBudgetBeginsWithItsFirstStart() {
    turns.begin(FLEET);
    assertTrue(turns.is(FLEET));
    assertFalse(turns.is(LOCAL));
    assertEquals(Job.NEVER, turns.remaining(seconds(100)));
    turns.started(FLEET, seconds(100));
    turns.started(FLEET, seconds(110));
    assertEquals(seconds(10), turns.remaining(seconds(120)));
    turns.begin(FLEET);
    assertEquals(Job.NEVER, turns.remaining(seconds(120)), "a new turn of the same class");
  }

  @Test
  void aStartOfTheOtherClassBeginsItsTurn() {
    turns.started(FLEET, seconds(0));
    turns.started(LOCAL, seconds(20));
    assertEquals(LOCAL, turns.turn());
    assertEquals(seconds(30), turns.remaining(seconds(20)));
    turns.end();
    turns.started(LOCAL, seconds(50));
    assertEquals(seconds(29), turns.remaining(seconds(51)));
  }

  @Test
  void thePolicyIsToldWhoseTurnItIsForHowLongAndOfHowManyStarts() {
    StringBuilder asked = new StringBuilder();
    Turns watched =
        new Turns(
            (whose, lasted, started) -> {
              asked.append(whose).append(' ').append(lasted).append(' ').append(started);
              return Duration.ofSeconds(7);
            });
    watched.started(LOCAL, seconds(5));
    watched.started(LOCAL, seconds(6));
    assertEquals(seconds(7), watched.remaining(seconds(9)));
    assertEquals("LOCAL_HEAVY PT4S 2", asked.toString());
  }

  @Test
  void durationsBeyondTheRangeOfNanosecondsAreForEverOrNothing() {
    Turns endless = new Turns((whose, lasted, started) -> Duration.ofSeconds(Long.MAX_VALUE));
    endless.started(FLEET, 0);
    assertEquals(Job.NEVER, endless.remaining(1));
    assertEquals(Job.NEVER, endless.patience());
    Turns over = new Turns((whose, lasted, started) -> Duration.ofSeconds(Long.MIN_VALUE));
    over.started(FLEET, 0);
    assertEquals(0, over.remaining(1));
  }

  @Test
  void patienceIsTheLocalBudgetAndASecondAtLeast() {
    assertEquals(seconds(30), turns.patience());
    assertEquals(seconds(1), new Turns((whose, lasted, started) -> Duration.ZERO).patience());
  }

  @Test
  void failedClosingsBackOffUpToAMinuteAndAStartForgetsThem() {
    assertEquals(Long.MIN_VALUE, turns.closeNotBefore());
    for (long expected : new long[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      turns.closingFailed(seconds(1_000));
      assertEquals(seconds(1_000 + expected), turns.closeNotBefore());
    }
    turns.started(FLEET, seconds(1_000));
    assertEquals(seconds(1_064), turns.closeNotBefore(), "a fleet start proves nothing");
    turns.started(LOCAL, seconds(1_000));
    assertEquals(Long.MIN_VALUE, turns.closeNotBefore());
    turns.closingFailed(seconds(1_000));
    assertEquals(seconds(1_001), turns.closeNotBefore());
  }

  @Test
  void theFleetsTurnEndsForAWaitingLocalTaskWhenItsBudgetIsUsed() {
    driver.fleetLimit(1);
    Job first = driver.fleet("first");
    Job oracle = driver.local("oracle");
    Job second = driver.fleet("second");
    assertFalse(driver.view().fleetDoorOpen(), "nobody of the fleet waited: the door closed");
    driver.end(first);
    assertEquals(List.of(oracle), driver.started());
    driver.end(oracle);
    assertEquals(List.of(second), driver.started());
  }

  @Test
  void withBothWaitingTheFleetGoesOnForItsBudget() {
    driver.fleetLimit(1);
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    Job third = driver.fleet("third");
    Job oracle = driver.local("oracle");
    assertTrue(driver.view().fleetDoorOpen());
    assertEquals(Duration.ofSeconds(30), driver.wakesIn());
    driver.later(Duration.ofSeconds(29));
    driver.end(first);
    assertEquals(List.of(second), driver.started());
    assertEquals(Duration.ofSeconds(1), driver.wakesIn());
    driver.seconds(1);
    assertFalse(driver.view().fleetDoorOpen());
    driver.end(second);
    assertEquals(List.of(oracle), driver.started());
    driver.end(oracle);
    assertEquals(List.of(third), driver.started());
  }

  @Test
  void withBothWaitingLocalTasksGoOnForTheirBudget() {
    Job first = driver.local("first");
    Job second = driver.local("second");
    Job third = driver.local("third");
    Job agent = driver.fleet("agent");
    driver.later(Duration.ofSeconds(29));
    driver.end(first);
    assertEquals(List.of(second), driver.started());
    driver.later(Duration.ofSeconds(1));
    driver.end(second);
    assertEquals(List.of(agent), driver.started());
    assertEquals(Optional.of(FLEET), driver.view().turn());
    driver.end(agent);
    assertEquals(List.of(third), driver.started());
  }

  @Test
  void withNothingToStartItIsNobodysTurn() {
    Job agent = driver.fleet("agent");
    assertEquals(Optional.of(FLEET), driver.view().turn());
    driver.end(agent);
    assertEquals(Optional.empty(), driver.view().turn());
  }

  @Test
  void aTurnLastsWhileItsBodiesRun() {
    Job oracle = driver.local("oracle");
    driver.seconds(100);
    assertEquals(Optional.of(LOCAL), driver.view().turn());
    Job agent = driver.fleet("agent");
    driver.end(oracle);
    assertEquals(Optional.of(FLEET), driver.view().turn());
    driver.seconds(100);
    assertEquals(Optional.of(FLEET), driver.view().turn());
    driver.end(agent);
    assertEquals(Optional.empty(), driver.view().turn());
  }

  @Test
  void aPausedClassClosesNoDoorAndEndsNoTurn() {
    driver.fleetLimit(1);
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    driver.pause(LOCAL);
    driver.local("oracle");
    assertNull(driver.wakesIn());
    driver.later(Duration.ofSeconds(100));
    driver.end(first);
    assertEquals(List.of(second), driver.started());
  }

  @Test
  void aPausedFleetLeavesTheLocalTurnWithoutEnd() {
    driver.pause(FLEET);
    driver.fleet("agent");
    Job first = driver.local("first");
    Job second = driver.local("second");
    driver.later(Duration.ofSeconds(100));
    driver.end(first);
    assertEquals(List.of(second), driver.started());
  }

  @Test
  void aClosingThatEndedInAHoldIsNotTriedAgainAtOnce() {
    driver.looks();
    Job first = driver.fleet("first");
    Job oracle = driver.local("oracle");
    driver.verdict(Verdict.proceed());
    driver.end(first);
    driver.verdict(Verdict.hold("the last moment", Duration.ofSeconds(1)));
    assertTrue(driver.view().fleetDoorOpen());
    Job second = driver.fleet("second");
    driver.pass(Duration.ofMillis(500));
    Job other = driver.local("other");
    assertEquals(List.of(), driver.all(Effect.Look.class), "the door stays open for a second");
    assertEquals(Duration.ofMillis(500), driver.wakesIn());
    driver.pass(Duration.ofMillis(500));
    assertEquals(oracle, driver.only(Effect.Look.class).job());
    driver.verdict(Verdict.proceed());
    driver.end(second);
    driver.verdict(Verdict.proceed());
    driver.end(oracle);
    assertEquals(other, driver.only(Effect.Look.class).job());
  }

  @Test
  void aHoldBeforeTheDoorClosedBacksNothingOff() {
    driver.looks();
    driver.fleet("agent");
    driver.local("held");
    driver.verdict(Verdict.hold("early", Duration.ofSeconds(60)));
    Job other = driver.local("other");
    assertEquals(other, driver.only(Effect.Look.class).job());
  }
}
