package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest.Stage;
import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happens while the door is closed, and who comes next when it opens without a start. */
class ClosedDoorTest {
  private final Driver driver = new Driver();

  @Test
  void afterAHoldTheFleetComesBeforeTheNextLocalTask() {
    driver.looks();
    Job first = driver.local("first");
    driver.verdict(Verdict.proceed());
    Job held = driver.local("held");
    driver.local("next");
    Job agent = driver.fleet("agent");
    driver.end(first);
    assertEquals(held, driver.only(Effect.Look.class).job());
    driver.verdict(Verdict.hold("the last moment", Duration.ofMinutes(1)));
    assertEquals(List.of(agent), driver.started(), "the local turn had 30 s left");
    assertEquals(Optional.of(TaskClass.FLEET), driver.view().turn());
  }

  @Test
  void afterAHoldItIsNobodysTurn() {
    driver.looks();
    Job first = driver.local("first");
    driver.verdict(Verdict.proceed());
    driver.local("held");
    driver.local("next");
    driver.end(first);
    driver.verdict(Verdict.hold("the last moment", Duration.ofMinutes(1)));
    assertEquals(Optional.empty(), driver.view().turn());
  }

  @Test
  void afterAHoldTheFleetsGatesAreAskedAnew() {
    driver.looks().looksAtFleet();
    Job first = driver.fleet("first");
    driver.fleetVerdict(Verdict.proceed());
    driver.local("held");
    driver.verdict(Verdict.proceed());
    Job second = driver.fleet("second");
    driver.end(first);
    driver.verdict(Verdict.hold("the last moment", Duration.ofMinutes(1)));
    assertEquals(second, driver.only(Effect.LookAtFleet.class).head(), "a new turn begins");
  }

  @Test
  void aSecondAnswerWhileTheFleetEndsChangesNothing() {
    driver.probes().looks();
    driver.fleet("agent");
    Job job = driver.local("job", "a");
    driver.resident("a");
    assertEquals(job, driver.only(Effect.Look.class).job());
    driver.verdict(Verdict.proceed());
    assertFalse(driver.view().fleetDoorOpen());
    driver.verdict(Verdict.refuse("too late"));
    assertEquals(List.of(), driver.effects());
    assertFalse(driver.view().fleetDoorOpen());
  }

  @Test
  void aSecondObservationWhileTheFleetEndsChangesNothing() {
    driver.probes();
    driver.fleet("agent");
    driver.local("job", "a");
    driver.resident("a");
    Residency seen = driver.view().residency();
    driver.observed(Residency.unknown("a second answer"));
    assertEquals(List.of(), driver.effects());
    assertEquals(seen, driver.view().residency());
  }

  @Test
  void whatIsToBeEvictedIsFoundAgainAfterTheFleetHasEnded() {
    driver.evicts().looks();
    Job agent = driver.fleet("agent");
    Job job = driver.local("job", "llama");
    driver.resident("qwen", "gemma");
    assertEquals(Stage.EARLY, driver.only(Effect.Look.class).stage());
    driver.verdict(Verdict.proceed());
    driver.end(agent);
    driver.resident("gemma");
    assertEquals("gemma", driver.only(Effect.Evict.class).resident().model());
    driver.evicted(null);
    assertEquals(List.of(), driver.all(Effect.Evict.class), "the other one had gone before");
    driver.resident();
    driver.verdict(Verdict.proceed());
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void whatARunningTaskJoinsStartsAtOnceWhereASlotIsFree() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    driver.local("oracle");
    Job needed = driver.fleet("needed");
    assertEquals(List.of(), driver.started());
    assertNull(driver.join(joiner, needed));
    assertEquals(List.of(needed), driver.started());
  }

  @Test
  void aFailedClosingIsTriedAgainAsSoonAsItMay() {
    driver.looks();
    Job first = driver.fleet("first");
    driver.local("held");
    driver.verdict(Verdict.proceed());
    driver.end(first);
    driver.verdict(Verdict.hold("the last moment", Duration.ofMinutes(1)));
    driver.fleet("second");
    Job other = driver.local("other");
    assertEquals(List.of(), driver.all(Effect.Look.class));
    assertEquals(Duration.ofSeconds(1), driver.wakesIn());
    driver.seconds(1);
    assertEquals(other, driver.only(Effect.Look.class).job());
  }

  @Test
  void whileAClosingBacksOffNobodyWakesForTheTurnThatIsUsedUp() {
    driver.looks().fleetLimit(1).turns((turn, elapsed, started) -> Duration.ZERO);
    Job first = driver.fleet("first");
    driver.local("held");
    driver.verdict(Verdict.proceed());
    driver.end(first);
    driver.verdict(Verdict.hold("the last moment", Duration.ofMinutes(1)));
    driver.fleet("second");
    driver.fleet("third");
    driver.local("other");
    assertEquals(Duration.ofSeconds(1), driver.wakesIn());
  }

  @Test
  void whenAClosingMayBeTriedAgainTheFleetsTurnStillCounts() {
    driver.looks().fleetLimit(1);
    Job first = driver.fleet("first");
    driver.local("held");
    driver.verdict(Verdict.proceed());
    driver.end(first);
    driver.verdict(Verdict.hold("the last moment", Duration.ofMinutes(1)));
    driver.fleet("second");
    driver.fleet("third");
    driver.local("other");
    driver.seconds(1);
    assertEquals(Duration.ofSeconds(29), driver.wakesIn());
    assertTrue(driver.view().fleetDoorOpen());
  }

  @Test
  void whatAJoinedTaskAwaitsStartsAndTheJoinedTaskGoesOn() {
    driver.fleetLimit(3);
    Job joiner = driver.fleet("joiner");
    Job awaiting = driver.fleet("awaiting");
    driver.local("oracle");
    Job inner = driver.fleet("inner");
    driver.fleet("unneeded");
    assertFalse(driver.view().fleetDoorOpen());
    assertNull(driver.join(joiner, awaiting));
    assertEquals(List.of(), driver.started());
    assertNull(driver.await(awaiting, inner));
    assertEquals(List.of(inner), driver.started());
    driver.end(inner);
    assertEquals(List.of(awaiting), driver.resumed());
    assertEquals(List.of(), driver.started());
  }

  @Test
  void whatIsNeededAtTheEndOfAChainOfJoinsStarts() {
    driver.fleetLimit(3);
    Job joiner = driver.fleet("joiner");
    Job middle = driver.fleet("middle");
    driver.local("oracle");
    Job needed = driver.fleet("needed");
    assertNull(driver.join(joiner, middle));
    assertNull(driver.join(middle, needed));
    assertEquals(List.of(needed), driver.started());
  }

  @Test
  void whatIsHeldDoesNotPushInWhileTheFleetEnds() {
    driver.looks();
    Job agent = driver.fleet("agent");
    driver.local("held");
    driver.verdict(Verdict.hold("not now", Duration.ofSeconds(2)));
    Job other = driver.local("other");
    driver.verdict(Verdict.proceed());
    driver.seconds(3);
    driver.end(agent);
    Effect.Look look = driver.only(Effect.Look.class);
    assertEquals(other, look.job(), "holds shorter than an attempt would keep it out for ever");
    assertEquals(Stage.FINAL, look.stage());
  }

  @Test
  void whatIsNeededIsPausedLikeAnyOther() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    driver.local("oracle");
    Job needed = driver.fleet("needed");
    driver.pause(TaskClass.FLEET);
    assertNull(driver.join(joiner, needed));
    assertEquals(List.of(), driver.started());
    driver.resume(TaskClass.FLEET);
    assertEquals(List.of(needed), driver.started());
  }
}
