package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Lease;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskState;
import dev.twoqueue.Verdict;
import dev.twoqueue.WaitReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Permits from outside: asked for, granted, refused, late, withdrawn and given back. */
class OutsidePermitTest {
  private final Driver driver = new Driver().asksOutside();
  private final Lease permit = () -> {};

  private long asked() {
    return driver.only(Effect.AskPermit.class).token();
  }

  @Test
  void aLocalTaskIsLookedAtWithThePermitInItsHand() {
    driver.looks();
    Job job = driver.local("job");
    assertEquals(job, driver.only(Effect.AskPermit.class).job());
    assertEquals(
        WaitReason.Cause.OUTSIDE_PERMIT, driver.view().waitsFor(job).orElseThrow().cause());
    driver.granted(asked(), permit);
    assertEquals(List.of(), driver.all(Effect.Release.class), "it is kept");
    driver.verdict(Verdict.proceed());
    assertEquals(List.of(job), driver.started());
    driver.end(job);
    assertEquals(List.of(new Effect.Release(permit)), driver.all(Effect.Release.class));
  }

  @Test
  void aHoldAfterTheGrantGivesThePermitBack() {
    driver.looks();
    driver.local("job");
    driver.granted(asked(), permit);
    driver.verdict(Verdict.hold("not now", Duration.ofSeconds(5)));
    assertEquals(List.of(new Effect.Release(permit)), driver.all(Effect.Release.class));
    assertEquals(List.of(), driver.all(Effect.WithdrawPermit.class), "it was granted");
  }

  @Test
  void aRefusedPermitHoldsTheLocalClass() {
    driver.local("job");
    driver.permitRefused(asked(), "another host has it");
    Effect.Held held = driver.only(Effect.Held.class);
    assertEquals("no permit from outside: another host has it", held.hold().reason());
    assertEquals(Verdict.Scope.CLASS, held.hold().scope());
    assertEquals(List.of(), driver.all(Effect.WithdrawPermit.class), "it was answered");
    assertEquals(Duration.ofSeconds(5), driver.wakesIn());
    driver.seconds(5);
    assertEquals(1, driver.all(Effect.AskPermit.class).size());
  }

  @Test
  void aCancelledTaskWithdrawsItsRequestAndGivesALateGrantBack() {
    Job job = driver.local("job");
    long token = asked();
    driver.cancel(job);
    assertEquals(
        List.of(new Effect.WithdrawPermit(token)), driver.all(Effect.WithdrawPermit.class));
    driver.granted(token, permit);
    assertEquals(List.of(new Effect.Release(permit)), driver.effects());
    driver.permitRefused(token, "too late as well");
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void aLocalTaskGivesUpAskingWhenTheFleetHasWaitedForATurn() {
    driver.local("job");
    long token = asked();
    driver.seconds(20);
    assertNull(driver.wakesIn(), "nobody waits for it");
    Job fleet = driver.fleet("fleet");
    assertEquals(Duration.ofSeconds(10), driver.wakesIn());
    driver.seconds(9);
    assertEquals(List.of(), driver.effects());
    driver.seconds(1);
    assertEquals("no permit from outside so far", driver.only(Effect.Held.class).hold().reason());
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(fleet, driver.only(Effect.AskPermit.class).job());
  }

  @Test
  void aFleetTaskOccupiesItsPermitWhileItAsks() {
    driver.fleetLimit(1);
    Job first = driver.fleet("first");
    long token = asked();
    assertTrue(driver.view().wants(token));
    assertEquals(TaskState.STARTING, driver.view().stateOf(first));
    assertEquals(List.of(), driver.view().running(TaskClass.FLEET));
    assertEquals(
        WaitReason.Cause.OUTSIDE_PERMIT, driver.view().waitsFor(first).orElseThrow().cause());
    driver.fleet("second");
    assertEquals(List.of(), driver.effects());
    driver.granted(token, permit);
    assertEquals(List.of(first), driver.started());
    assertEquals(List.of(), driver.all(Effect.Release.class), "it is kept");
    assertFalse(driver.view().wants(token));
    driver.end(first);
    assertEquals(List.of(new Effect.Release(permit)), driver.all(Effect.Release.class));
    assertEquals(1, driver.all(Effect.AskPermit.class).size());
  }

  @Test
  void aRefusedPermitHoldsTheFleetAndKeepsTheOrder() {
    driver.fleetLimit(1);
    Job first = driver.fleet("first");
    driver.permitRefused(asked(), "another host has them");
    Effect.Held held = driver.only(Effect.Held.class);
    assertEquals(first, held.job());
    assertEquals("no permit from outside: another host has them", held.hold().reason());
    assertEquals(TaskState.QUEUED, driver.view().stateOf(first));
    assertEquals(Duration.ofSeconds(5), driver.wakesIn());
    driver.fleet("second");
    assertEquals(List.of(), driver.effects());
    driver.seconds(5);
    assertEquals(first, driver.only(Effect.AskPermit.class).job());
  }

  @Test
  void aCancelledFleetTaskWithdrawsItsRequest() {
    driver.fleetLimit(1);
    Job first = driver.fleet("first");
    long token = asked();
    Job second = driver.fleet("second");
    driver.cancel(first);
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(second, driver.only(Effect.AskPermit.class).job());
    driver.granted(token, permit);
    assertEquals(List.of(new Effect.Release(permit)), driver.effects());
  }

  @Test
  void aClosingDoorDoesNotWaitForWhatOnlyAsks() {
    Job running = driver.fleet("running");
    driver.granted(asked(), permit);
    Job asking = driver.fleet("asking");
    long token = asked();
    Job oracle = driver.local("oracle");
    assertTrue(driver.view().fleetDoorOpen(), "what asks keeps its turn");
    driver.seconds(30);
    assertFalse(driver.view().fleetDoorOpen(), "for no longer than a turn's budget");
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(TaskState.QUEUED, driver.view().stateOf(asking));
    driver.end(running);
    assertEquals(oracle, driver.only(Effect.AskPermit.class).job());
  }

  @Test
  void aClosingDoorLetsAskWhatARunningTaskJoins() {
    Job running = driver.fleet("running");
    driver.granted(asked(), permit);
    Job joined = driver.fleet("joined");
    long token = asked();
    assertNull(driver.join(running, joined));
    driver.local("oracle");
    driver.seconds(30);
    assertFalse(driver.view().fleetDoorOpen());
    assertEquals(List.of(), driver.all(Effect.WithdrawPermit.class));
    driver.granted(token, permit);
    assertEquals(List.of(joined), driver.started());
  }

  @Test
  void aLowerLimitWithdrawsTheYoungestRequests() {
    driver.fleet("oldest");
    driver.fleet("middle");
    long middle = asked();
    Job youngest = driver.fleet("youngest");
    long token = asked();
    driver.changeFleetLimit(2);
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(TaskState.QUEUED, driver.view().stateOf(youngest));
    driver.changeFleetLimit(1);
    assertEquals(middle, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(2, driver.view().queued(TaskClass.FLEET));
  }

  @Test
  void aTaskThatWentOnAsksAgainAndStaysSuspendedMeanwhile() {
    Job outer = driver.fleet("outer");
    driver.granted(asked(), permit);
    Job inner = driver.fleet("inner");
    long token = asked();
    driver.await(outer, inner);
    assertEquals(List.of(new Effect.Release(permit)), driver.all(Effect.Release.class));
    driver.granted(token, permit);
    driver.end(inner);
    assertEquals(outer, driver.only(Effect.AskPermit.class).job());
    assertEquals(TaskState.SUSPENDED, driver.view().stateOf(outer));
    driver.granted(asked(), permit);
    assertEquals(List.of(outer), driver.resumed());
  }

  @Test
  void whatUnwindsAsksNobody() {
    Job outer = driver.fleet("outer");
    driver.granted(asked(), permit);
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.cancel(outer);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(), driver.all(Effect.AskPermit.class));
  }

  @Test
  void whatNobodyJoinsAnyMoreIsWithdrawnFromTheClosedDoor() {
    Job running = driver.fleet("running");
    driver.granted(asked(), permit);
    Job joined = driver.fleet("joined");
    long token = asked();
    driver.join(running, joined);
    driver.local("oracle");
    driver.seconds(30);
    driver.endJoin(running);
    assertEquals(
        List.of(new Effect.WithdrawPermit(token)), driver.all(Effect.WithdrawPermit.class));
  }

  @Test
  void aFleetThatOnlyAsksHasItsTurnForABudgetAndNoLonger() {
    driver.fleet("asking");
    long token = asked();
    Job oracle = driver.local("oracle");
    assertEquals(Duration.ofSeconds(30), driver.wakesIn());
    driver.seconds(30);
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(oracle, driver.only(Effect.AskPermit.class).job());
  }

  @Test
  void aPausedFleetAsksForNothing() {
    Job first = driver.fleet("first");
    long token = asked();
    driver.pause(TaskClass.FLEET);
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    assertEquals(TaskState.QUEUED, driver.view().stateOf(first));
    driver.granted(token, permit);
    assertEquals(List.of(new Effect.Release(permit)), driver.effects(), "too late");
    driver.resume(TaskClass.FLEET);
    assertEquals(first, driver.only(Effect.AskPermit.class).job());
  }

  @Test
  void deadlinesPassWhileATaskAsksAndRunFromTheGrant() {
    Duration limit = Duration.ofSeconds(4);
    Job late = driver.submit(driver.job(TaskClass.FLEET, "late", null, limit, null));
    long token = asked();
    driver.seconds(4);
    assertEquals(late, driver.only(Effect.Finish.class).job());
    assertEquals(token, driver.only(Effect.WithdrawPermit.class).token());
    driver.submit(driver.job(TaskClass.FLEET, "timed", null, null, limit));
    driver.seconds(3);
    driver.granted(driver.last(Effect.AskPermit.class).token(), permit);
    assertEquals(limit, driver.wakesIn());
  }

  @Test
  void whoAsksHasWaitedSinceItsSubmission() {
    driver.later(Duration.ofSeconds(1));
    Job job = driver.fleet("job");
    driver.later(Duration.ofSeconds(1));
    assertEquals(Duration.ofSeconds(1).toNanos(), job.since());
  }

  @Test
  void aLateGrantDoesNotStartTheNextTask() {
    Job gone = driver.local("gone");
    long token = asked();
    driver.cancel(gone);
    Job next = driver.local("next");
    long nextToken = asked();
    driver.granted(token, permit);
    assertEquals(List.of(new Effect.Release(permit)), driver.effects());
    driver.granted(nextToken, permit);
    assertEquals(List.of(next), driver.started());
  }
}
