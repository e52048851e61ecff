package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskState;
import dev.twoqueue.Verdict;
import dev.twoqueue.WaitReason;
import dev.twoqueue.WaitReason.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What snapshots and handles are told, and why each task waits. */
class EngineViewTest {
  private static final TaskClass LOCAL = TaskClass.LOCAL_HEAVY;
  private static final TaskClass FLEET = TaskClass.FLEET;

  private final Driver driver = new Driver();

  private WaitReason reason(Job job) {
    return driver.view().waitsFor(job).orElseThrow();
  }

  private void assertWaits(Job job, Cause cause, String text) {
    assertEquals(new WaitReason(cause, text, Optional.empty()), reason(job));
  }

  @Test
  void whatRunsAndWhatHasEndedWaitsForNothing() {
    Job job = driver.fleet("job");
    assertTrue(driver.view().waitsFor(job).isEmpty());
    assertEquals(TaskState.RUNNING, driver.view().stateOf(job));
    driver.end(job);
    assertTrue(driver.view().waitsFor(job).isEmpty());
  }

  @Test
  void behindALocalBodyBothClassesWaitForIt() {
    driver.local("oracle");
    assertWaits(driver.local("next"), Cause.SLOT_TAKEN, "#1 'oracle' occupies");
    assertWaits(
        driver.fleet("agent"),
        Cause.OTHER_CLASS,
        "the fleet's door is closed: #1 'oracle' occupies");
  }

  @Test
  void behindTheFleetALocalTaskWaitsForAllOfIt() {
    driver.fleet("first");
    driver.fleet("second");
    assertWaits(driver.local("oracle"), Cause.OTHER_CLASS, "2 fleet tasks occupy");
    assertWaits(
        driver.fleet("late"),
        Cause.OTHER_CLASS,
        "the fleet's door is closed: a local-heavy task is to start");
  }

  @Test
  void behindAFullFleetATaskWaitsForAPermit() {
    driver.fleetLimit(1);
    driver.fleet("first");
    assertWaits(driver.fleet("second"), Cause.SLOT_TAKEN, "all 1 fleet permits are taken");
  }

  @Test
  void whoIsLookedAtIsStarting() {
    driver.looks();
    Job job = driver.local("job");
    assertWaits(job, Cause.LOOKING, "is being looked at before its start");
    assertEquals(TaskState.STARTING, driver.view().stateOf(job));
    Job behind = driver.local("behind");
    assertWaits(behind, Cause.BEHIND_OTHERS, "others are ahead of it");
    assertEquals(TaskState.QUEUED, driver.view().stateOf(behind));
  }

  @Test
  void whoIsAheadOfTheFleetsLookIsAhead() {
    driver.looksAtFleet();
    driver.fleet("first");
    assertWaits(driver.fleet("second"), Cause.BEHIND_OTHERS, "others are ahead of it");
  }

  @Test
  void whoEvictsSaysWhat() {
    driver.evicts();
    Job job = driver.local("job", "llama");
    driver.resident("qwen");
    WaitReason reason = reason(job);
    assertEquals(Cause.EVICTING, reason.cause());
    assertEquals("evicts " + driver.view().residency() + " first", reason.text());
  }

  @Test
  void whoAsksOutsideSaysSo() {
    driver.asksOutside();
    assertWaits(driver.local("oracle"), Cause.OUTSIDE_PERMIT, "waits for a permit from outside");
  }

  @Test
  void aHeldTaskNamesTheReasonAndTheTimeUntilItsNextLook() {
    driver.looks();
    Job job = driver.local("job");
    driver.verdict(Verdict.hold("too little memory", Duration.ofSeconds(10)));
    driver.later(Duration.ofSeconds(4));
    assertEquals(
        new WaitReason(Cause.HELD, "too little memory", Optional.of(Duration.ofSeconds(6))),
        reason(job));
    driver.later(Duration.ofSeconds(60));
    assertEquals(Optional.of(Duration.ZERO), reason(job).lookAgainIn());
  }

  @Test
  void aHeldClassNamesItsReasonForAllOfIt() {
    driver.looks();
    Job job = driver.local("job");
    driver.verdict(Verdict.holdClass("load", Duration.ofSeconds(10)));
    WaitReason held = new WaitReason(Cause.HELD, "load", Optional.of(Duration.ofSeconds(10)));
    assertEquals(held, reason(job));
    assertEquals(Optional.of(held), driver.view().classHold(LOCAL));
    assertEquals(Optional.empty(), driver.view().classHold(FLEET));
    assertEquals(Optional.of(held), driver.view().wouldWaitFor(LOCAL));
    assertEquals(Optional.empty(), driver.view().wouldWaitFor(FLEET));
  }

  @Test
  void aPausedClassSaysSo() {
    driver.pause(FLEET);
    assertWaits(driver.fleet("job"), Cause.PAUSED, "the class is paused");
    assertEquals(Optional.empty(), driver.view().classHold(LOCAL));
    assertEquals(Cause.PAUSED, driver.view().wouldWaitFor(FLEET).orElseThrow().cause());
  }

  @Test
  void whoAwaitsNamesWhom() {
    Job outer = driver.local("outer");
    Job inner = driver.local("inner");
    driver.await(outer, inner);
    assertWaits(outer, Cause.AWAITING, "awaits #2 'inner'");
    driver.cancel(outer);
    assertWaits(outer, Cause.SLOT_TAKEN, "#2 'inner' occupies");
  }

  @Test
  void aTaskThatWouldStartWouldWaitForNothing() {
    assertEquals(Optional.empty(), driver.view().wouldWaitFor(LOCAL));
    assertEquals(Optional.empty(), driver.view().wouldWaitFor(FLEET));
    driver.local("oracle");
    assertEquals(Cause.SLOT_TAKEN, driver.view().wouldWaitFor(LOCAL).orElseThrow().cause());
    assertEquals(Cause.OTHER_CLASS, driver.view().wouldWaitFor(FLEET).orElseThrow().cause());
  }

  @Test
  void aTaskWouldWaitBehindAnAttempt() {
    driver.looks();
    driver.local("oracle");
    assertEquals(Cause.BEHIND_OTHERS, driver.view().wouldWaitFor(LOCAL).orElseThrow().cause());
    assertEquals(Cause.OTHER_CLASS, driver.view().wouldWaitFor(FLEET).orElseThrow().cause());
  }

  @Test
  void aTaskWouldWaitBehindTheFleetsLook() {
    driver.looksAtFleet();
    driver.fleet("agent");
    assertEquals(Cause.BEHIND_OTHERS, driver.view().wouldWaitFor(FLEET).orElseThrow().cause());
  }

  @Test
  void localTasksAreListedAsTheyWouldStartAndHeldOnesLast() {
    driver.looks();
    Job held = driver.local("held", "h");
    driver.verdict(Verdict.hold("not now", Duration.ofMinutes(1)));
    Job a1 = driver.local("a1", "a");
    driver.verdict(Verdict.proceed());
    Job b1 = driver.local("b1", "b");
    Job pull = driver.local("pull");
    Job a2 = driver.local("a2", "a");
    Job b2 = driver.local("b2", "b");
    driver.end(a1);
    assertEquals(List.of(a2, b1, b2, pull, held), driver.view().inOrder(LOCAL));
    assertEquals(4, driver.view().queued(LOCAL));
    assertEquals(1, driver.view().held(LOCAL));
    assertEquals(0, driver.view().held(FLEET));
  }

  @Test
  void theLongestWaitOfEachModelIsItsOldestTasks() {
    driver.looks();
    driver.local("held", "a");
    driver.verdict(Verdict.hold("not now", Duration.ofMinutes(1)));
    driver.seconds(1);
    driver.local("a2", "a");
    driver.seconds(2);
    driver.local("b1", "b");
    driver.seconds(4);
    driver.local("b2", "b");
    driver.local("pull");
    driver.seconds(8);
    assertEquals(
        Map.of("a", Duration.ofSeconds(15), "b", Duration.ofSeconds(12), "", Duration.ofSeconds(8)),
        driver.view().longestWaits());
  }

  @Test
  void theDoorAndTheLimitAreShown() {
    assertEquals(5, driver.view().fleetLimit());
    assertTrue(driver.view().fleetDoorOpen());
    driver.changeFleetLimit(7);
    assertEquals(7, driver.view().fleetLimit());
    driver.local("oracle");
    assertFalse(driver.view().fleetDoorOpen());
    assertFalse(driver.view().shutdown());
  }

  @Test
  void whatIsNotLookedAtIsSaid() {
    assertEquals(Residency.unknown("no residency probe was given"), driver.view().residency());
    assertEquals(Residency.unknown("not looked at yet"), new Driver().probes().view().residency());
  }

  @Test
  void aJobShowsWhatItIs() {
    Job job = driver.local("job", "llama");
    assertEquals("#1 'job'", job.toString());
    assertEquals(LOCAL, job.taskClass());
    assertEquals("llama", job.key().orElseThrow().model());
    assertEquals(Job.Stage.RUNNING, job.stage());
    assertFalse(job.ended());
    driver.end(job);
    assertTrue(job.ended());
    job.number(7);
    assertEquals(7, job.id());
  }

  @Test
  void aJobHasWaitedSinceItsSubmissionAndRunsSinceItsStart() {
    driver.seconds(1);
    Job first = driver.local("first");
    Job second = driver.local("second");
    driver.seconds(2);
    assertEquals(Duration.ofSeconds(1).toNanos(), second.since());
    driver.end(first);
    assertEquals(Duration.ofSeconds(3).toNanos(), second.since());
    assertEquals(Duration.ofSeconds(2).toNanos(), driver.only(Effect.Start.class).waitedNanos());
  }

  @Test
  void tasksWithoutAModelStandAmongTheOthersByTheirAge() {
    driver.pause(LOCAL);
    Job pull = driver.local("pull");
    Job a1 = driver.local("a1", "a");
    Job sweep = driver.local("sweep");
    Job a2 = driver.local("a2", "a");
    assertEquals(List.of(pull, a1, a2, sweep), driver.view().inOrder(LOCAL));
  }
}
