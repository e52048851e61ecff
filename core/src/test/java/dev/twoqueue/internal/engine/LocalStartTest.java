package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest.Stage;
import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskState;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a local-heavy task comes to its start, step by step, and how an attempt fails. */
class LocalStartTest {
  private final Driver driver = new Driver();

  private Effect.Look lookFor(Job job, Stage stage) {
    Effect.Look look = driver.only(Effect.Look.class);
    assertEquals(job, look.job());
    assertEquals(stage, look.stage());
    return look;
  }

  @Test
  void withNothingToAskItStartsAtOnce() {
    Job job = driver.local("job");
    assertEquals(List.of(new Effect.Start(job, 0, false)), driver.all(Effect.Start.class));
    assertFalse(driver.view().fleetDoorOpen());
    driver.end(job);
    assertTrue(driver.view().fleetDoorOpen());
    assertEquals(
        new Effect.Door(true, "no local-heavy task occupies or is about to start"),
        driver.only(Effect.Door.class));
  }

  @Test
  void besideTheFleetItLooksEarly() {
    driver.looks();
    driver.fleet("fleet");
    Job job = driver.local("job");
    lookFor(job, Stage.EARLY);
    assertTrue(driver.view().fleetDoorOpen(), "the early look closes nothing");
    Job beside = driver.fleet("beside");
    assertEquals(List.of(beside), driver.started());
  }

  @Test
  void theDoorIsClosedWhileTheFleetEnds() {
    driver.looks();
    Job fleet = driver.fleet("fleet");
    Job job = driver.local("job");
    driver.verdict(Verdict.proceed());
    assertFalse(driver.view().fleetDoorOpen());
    assertEquals(
        List.of(new Effect.Door(false, "a local-heavy task is to start")),
        driver.all(Effect.Door.class));
    driver.fleet("late");
    assertEquals(List.of(), driver.effects());
    driver.end(fleet);
    lookFor(job, Stage.FINAL);
    driver.seconds(2);
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void theFinalLookIsTheLastStep() {
    driver.looks();
    Job job = driver.local("job");
    lookFor(job, Stage.FINAL);
    assertEquals(TaskState.STARTING, driver.view().stateOf(job));
    Lease lease = () -> {};
    driver.verdict(Verdict.proceed().withLease(lease));
    assertEquals(List.of(job), driver.started());
    driver.end(job);
    assertEquals(List.of(new Effect.Release(lease)), driver.all(Effect.Release.class));
  }

  @Test
  void anEarlyProceedGivesItsLeaseBack() {
    driver.looks();
    driver.fleet("fleet");
    driver.local("job");
    Lease lease = () -> {};
    driver.verdict(Verdict.proceed().withLease(lease));
    assertEquals(List.of(new Effect.Release(lease)), driver.all(Effect.Release.class));
  }

  @Test
  void aHeldTaskWaitsAloneUntilItsNextLook() {
    driver.looks();
    Job held = driver.local("held");
    driver.verdict(Verdict.hold("too little memory", Duration.ofSeconds(10)));
    Verdict.Hold told = driver.only(Effect.Held.class).hold();
    assertEquals("too little memory", told.reason());
    assertEquals(1, driver.view().held(TaskClass.LOCAL_HEAVY));
    assertEquals(Duration.ofSeconds(10), driver.wakesIn());
    Job other = driver.local("other");
    lookFor(other, Stage.FINAL);
    assertNull(driver.wakesIn(), "what was held comes back between attempts");
    driver.verdict(Verdict.proceed());
    driver.end(other);
    driver.pass(Duration.ofSeconds(10).minusNanos(1));
    assertEquals(List.of(), driver.effects());
    driver.pass(Duration.ofNanos(1));
    lookFor(held, Stage.FINAL);
  }

  @Test
  void whatIsHeldForNoTimeAtAllIsLookedAtASecondLater() {
    driver.looks();
    driver.local("held");
    driver.verdict(Verdict.hold("not now", Duration.ofNanos(1)));
    assertEquals(Duration.ofSeconds(1), driver.wakesIn());
    assertEquals(Duration.ofSeconds(1), driver.only(Effect.Held.class).hold().lookAgainAfter());
  }

  @Test
  void aHoldOfTheClassHoldsAllOfIt() {
    driver.looks();
    Job first = driver.local("first");
    Job second = driver.local("second");
    driver.verdict(Verdict.holdClass("load", Duration.ofSeconds(10)));
    assertEquals(List.of(), driver.all(Effect.Look.class));
    assertEquals(0, driver.view().held(TaskClass.LOCAL_HEAVY));
    assertEquals(Duration.ofSeconds(10), driver.wakesIn());
    driver.cancel(first);
    assertEquals(Duration.ofSeconds(10), driver.wakesIn());
    driver.cancel(second);
    assertNull(driver.wakesIn(), "nobody wants the next look");
    Job third = driver.local("third");
    assertEquals(List.of(), driver.effects());
    driver.seconds(10);
    lookFor(third, Stage.FINAL);
  }

  @Test
  void aHoldBehindTheClosedDoorLetsTheFleetIn() {
    driver.looks();
    Job job = driver.local("job");
    Job fleet = driver.fleet("fleet");
    driver.verdict(Verdict.hold("not now", Duration.ofSeconds(5)));
    assertEquals(List.of(fleet), driver.started());
    assertEquals(TaskClass.FLEET, driver.view().turn().orElseThrow());
    assertEquals(TaskState.QUEUED, driver.view().stateOf(job));
  }

  @Test
  void aRefusedTaskEndsAndTheNextIsLookedAt() {
    driver.looks();
    Job refused = driver.local("refused");
    Job next = driver.local("next");
    driver.verdict(Verdict.refuse("too big"));
    Effect.Finish finish = driver.only(Effect.Finish.class);
    assertEquals(refused, finish.job());
    assertEquals(Outcome.Refused.class, finish.outcome().getClass());
    lookFor(next, Stage.FINAL);
  }

  @Test
  void aTaskThatIsCancelledWhileItIsLookedAtGivesTheDoorBack() {
    driver.looks();
    Job job = driver.local("job");
    long token = driver.only(Effect.Look.class).token();
    Job fleet = driver.fleet("fleet");
    driver.cancel(job);
    assertEquals(List.of(fleet), driver.started());
    assertFalse(driver.view().wants(token));
  }

  @Test
  void cancellingAnotherOneDisturbsNoAttempt() {
    driver.looks();
    Job job = driver.local("job");
    Job other = driver.local("other");
    assertTrue(driver.cancel(other));
    assertEquals(TaskState.STARTING, driver.view().stateOf(job));
    assertEquals(List.of(), driver.all(Effect.Look.class));
  }

  @Test
  void aPauseEndsTheAttempt() {
    driver.looks();
    Job job = driver.local("job");
    long token = driver.only(Effect.Look.class).token();
    assertTrue(driver.view().wants(token));
    driver.pause(TaskClass.LOCAL_HEAVY);
    assertFalse(driver.view().wants(token));
    assertEquals(TaskState.QUEUED, driver.view().stateOf(job));
    driver.resume(TaskClass.LOCAL_HEAVY);
    assertTrue(token < lookFor(job, Stage.FINAL).token());
  }

  @Test
  void aPauseWhileTheFleetDrainsOpensTheDoor() {
    Job fleet = driver.fleet("fleet");
    driver.local("job");
    assertFalse(driver.view().fleetDoorOpen());
    Job kept = driver.fleet("kept out");
    driver.pause(TaskClass.LOCAL_HEAVY);
    assertTrue(driver.view().fleetDoorOpen());
    assertEquals(List.of(kept), driver.started(), "at once");
    driver.end(kept);
    driver.end(fleet);
    assertEquals(List.of(), driver.started());
  }

  @Test
  void nobodyElseIsLookedAtAfterTheFleetHasEnded() {
    driver.looks();
    Job fleet = driver.fleet("fleet");
    Job job = driver.local("job");
    driver.verdict(Verdict.proceed());
    driver.cancel(job);
    assertTrue(driver.view().fleetDoorOpen());
    driver.end(fleet);
    assertEquals(List.of(), driver.all(Effect.Look.class));
  }

  @Test
  void anotherChoiceAfterTheDrainIsLookedAtAsWell() {
    driver.looks();
    Job fleet = driver.fleet("fleet");
    Job first = driver.local("first");
    driver.verdict(Verdict.proceed());
    Job second = driver.local("second");
    driver.cancel(first);
    assertFalse(driver.view().fleetDoorOpen(), "the second one wants it closed");
    driver.end(fleet);
    lookFor(second, Stage.FINAL);
  }

  @Test
  void whereResidencyIsUnknownATaskWithAModelIsHeld() {
    driver.probes();
    Job job = driver.local("job", "llama");
    driver.observed(Residency.unknown("the server does not answer"));
    Verdict.Hold hold = driver.only(Effect.Held.class).hold();
    assertEquals("residency is unknown: the server does not answer", hold.reason());
    assertEquals(Duration.ofSeconds(5), driver.wakesIn());
    driver.seconds(5);
    driver.resident();
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void whereResidencyIsUnknownATaskWithoutAModelStarts() {
    driver.probes();
    Job job = driver.local("job");
    driver.observed(Residency.unknown("the server does not answer"));
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void aTaskThatGoesWhileResidencyIsObservedLeavesNothingToChoose() {
    driver.probes();
    Job job = driver.local("job", "llama");
    driver.cancel(job);
    driver.resident();
    assertEquals(List.of(), driver.all(Effect.Observe.class));
    assertTrue(driver.view().fleetDoorOpen());
  }

  @Test
  void aHeldTaskThatIsCancelledIsLookedAtNoMore() {
    driver.looks();
    Job held = driver.local("held");
    driver.verdict(Verdict.hold("not now", Duration.ofSeconds(10)));
    driver.cancel(held);
    assertEquals(0, driver.view().held(TaskClass.LOCAL_HEAVY));
    assertNull(driver.wakesIn());
  }

  @Test
  void aLateVerdictDoesNotStartTheNextTask() {
    driver.looks();
    Job gone = driver.local("gone");
    long token = driver.only(Effect.Look.class).token();
    driver.cancel(gone);
    Job next = driver.local("next");
    lookFor(next, Stage.FINAL);
    driver.engine().verdict(token, Verdict.proceed(), 0);
    assertEquals(List.of(), driver.engine().takeEffects());
    driver.verdict(Verdict.proceed());
    assertEquals(List.of(next), driver.started());
  }
}
