package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.TaskState;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks in await and in join: what they hold meanwhile, and every way in which the wait ends. */
class WaitsTest {
  private static final Outcome<String> DONE = new Outcome.Succeeded<>("done");

  private final Driver driver = new Driver();

  @Test
  void anAwaitGivesTheSlotUpAndGetsItBackWhenTheOtherHasEnded() {
    driver.later(Duration.ofSeconds(5));
    Job outer = driver.local("outer");
    Job inner = driver.fleet("inner");
    assertNull(driver.await(outer, inner));
    assertEquals(
        List.of(new Effect.Suspended(outer, inner), new Effect.Start(inner, 0, false)),
        driver.effects().stream().filter(effect -> !(effect instanceof Effect.Door)).toList());
    assertEquals(TaskState.SUSPENDED, driver.view().stateOf(outer));
    assertEquals(List.of(outer), driver.view().suspended(TaskClass.LOCAL_HEAVY));
    assertEquals(List.of(), driver.view().suspended(TaskClass.FLEET));
    driver.seconds(3);
    driver.end(inner);
    assertEquals(
        new Effect.Resume(outer, null, Duration.ofSeconds(3).toNanos(), false),
        driver.only(Effect.Resume.class));
    assertEquals(List.of(), driver.view().suspended(TaskClass.LOCAL_HEAVY));
    assertEquals(List.of(outer), driver.view().running(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void whoAwaitsWhatHasEndedKeepsItsSlot() {
    Job ended = driver.fleet("ended");
    driver.end(ended);
    Job outer = driver.local("outer");
    assertNull(driver.await(outer, ended));
    assertEquals(List.of(), driver.effects());
    assertNull(driver.join(outer, ended));
    assertEquals(List.of(), ended.joinedBy, "nothing of it is kept");
    assertEquals(List.of(outer), driver.view().running(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void anAwaitGivesLeaseAndPermitBackAndGetsNewOnes() {
    driver.looks().asksOutside();
    Lease lease = () -> {};
    Lease permit = () -> {};
    Job outer = driver.local("outer");
    driver.granted(driver.only(Effect.AskPermit.class).token(), permit);
    driver.verdict(Verdict.proceed().withLease(lease));
    Job inner = driver.local("inner");
    driver.await(outer, inner);
    assertEquals(
        List.of(new Effect.Release(lease), new Effect.Release(permit)),
        driver.all(Effect.Release.class));
    driver.cancel(inner);
    driver.granted(driver.only(Effect.AskPermit.class).token(), permit);
    driver.verdict(Verdict.proceed().withLease(lease));
    assertEquals(List.of(outer), driver.resumed());
    driver.end(outer);
    assertEquals(2, driver.all(Effect.Release.class).size());
  }

  @Test
  void noMoreTasksAreSuspendedThanTheBound() {
    driver.suspendedLimit(1);
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    Job target = driver.fleet("target");
    assertNull(driver.await(first, target));
    TaskDeadlockException refused = driver.await(second, target);
    assertNotNull(refused);
    assertEquals(List.of("#2 'second'", "#3 'target'"), refused.chain());
    assertTrue(String.valueOf(refused.getMessage()).contains("1 tasks are suspended already"));
    assertEquals(List.of(second, target), driver.view().running(TaskClass.FLEET));
  }

  @Test
  void aSuspendedTaskThatIsCancelledGetsItsSlotBackToUnwind() {
    Job outer = driver.fleet("outer");
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    assertTrue(driver.cancel(outer));
    assertEquals(new Effect.Tell(outer, "not wanted"), driver.only(Effect.Tell.class));
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(outer), driver.view().running(TaskClass.FLEET).stream().limit(1).toList());
    driver.end(inner);
    assertEquals(List.of(), driver.resumed(), "its await is over");
    driver.end(outer);
    assertEquals(new Outcome.Cancelled<>("not wanted"), driver.only(Effect.Finish.class).outcome());
  }

  @Test
  void aCancelledTaskThatWaitsForItsSlotLeavesTheQueueAndUnwindsFirst() {
    driver.fleetLimit(1);
    Job outer = driver.fleet("outer");
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    Job ahead = driver.fleet("ahead");
    driver.cancel(inner);
    driver.seconds(1);
    assertEquals(TaskState.SUSPENDED, driver.view().stateOf(outer));
    driver.cancel(outer);
    driver.end(inner);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(), driver.started());
    driver.end(outer);
    assertEquals(List.of(ahead), driver.started());
  }

  @Test
  void aTaskIsToldOnlyOnce() {
    Job job = driver.fleet("job");
    assertTrue(driver.cancel(job));
    assertFalse(driver.cancel(job));
    assertEquals(List.of(), driver.effects());
    driver.end(job);
    assertFalse(driver.cancel(job));
  }

  @Test
  void anAwaitAfterTheCancelUnwindsAtOnce() {
    Job outer = driver.fleet("outer");
    Job inner = driver.fleet("inner");
    driver.cancel(outer);
    assertNull(driver.await(outer, inner));
    assertEquals(List.of(outer), driver.resumed());
    driver.end(inner);
    assertEquals(List.of(), driver.resumed());
  }

  @Test
  void whatUnwindsNeedsNoLook() {
    driver.looks();
    Job outer = driver.local("outer");
    driver.verdict(Verdict.proceed());
    Job inner = driver.local("inner");
    driver.await(outer, inner);
    driver.verdict(Verdict.proceed());
    driver.cancel(outer);
    assertEquals(List.of(), driver.resumed(), "the other one occupies");
    driver.end(inner);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(List.of(), driver.all(Effect.Look.class));
  }

  @Test
  void aRefusedResumeFailsTheAwait() {
    driver.looks();
    Job outer = driver.local("outer");
    driver.verdict(Verdict.proceed());
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.end(inner);
    driver.verdict(Verdict.refuse("does not fit any more"));
    Effect.Resume resume = driver.only(Effect.Resume.class);
    assertEquals(outer, resume.job());
    assertTrue(String.valueOf(resume.failure()).contains("does not fit any more"));
    driver.end(outer);
    assertEquals(DONE.getClass(), driver.only(Effect.Finish.class).outcome().getClass());
  }

  @Test
  void anAsynchronousBodyMayEndInEveryStageOfItsAwait() {
    driver.fleetLimit(1);
    Job target = driver.fleet("target");
    Job suspended = suspendedBehind(target);
    driver.end(suspended);
    assertEquals(DONE, driver.only(Effect.Finish.class).outcome());

    Job resuming = suspendedBehind(target);
    driver.end(target);
    assertEquals(List.of(resuming), driver.resumed());
    Job blocker = driver.fleet("blocker");
    Job next = driver.fleet("next");
    driver.await(resuming, next);
    assertEquals(List.of(blocker), driver.started());
    driver.cancel(next);
    assertEquals(Job.Stage.RESUMING, resuming.stage());
    driver.end(resuming);
    driver.end(blocker);
    assertEquals(List.of(), driver.resumed());
    assertEquals(List.of(), driver.started());
    assertEquals(List.of(), driver.view().suspended(TaskClass.FLEET));
  }

  @Test
  void anAsynchronousBodyMayEndBeforeItUnwinds() {
    driver.fleetLimit(1);
    Job outer = driver.fleet("outer");
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.cancel(outer);
    assertEquals(Job.Stage.UNWINDING, outer.stage());
    assertEquals(1, driver.view().queued(TaskClass.FLEET));
    driver.end(outer);
    assertEquals(0, driver.view().queued(TaskClass.FLEET));
    driver.end(inner);
    assertEquals(List.of(), driver.resumed());
  }

  /** A fleet task that occupied while the target was not started, and awaits it. */
  private Job suspendedBehind(Job target) {
    Job helper = driver.fleet("helper");
    driver.changeFleetLimit(2);
    driver.await(helper, target);
    driver.changeFleetLimit(1);
    return helper;
  }

  @Test
  void aJoinKeepsTheSlotAndEndsWithItsBody() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    Job target = driver.fleet("target");
    assertNull(driver.join(joiner, target));
    assertEquals(List.of(joiner, target), driver.view().running(TaskClass.FLEET));
    assertNotNull(driver.join(target, joiner), "each would wait for the other");
    driver.endJoin(joiner);
    assertNull(driver.join(target, joiner));
    driver.end(target);
    assertTrue(joiner.joinedBy.isEmpty());
  }

  @Test
  void aLowerLimitFailsTheJoinsThatNowNeverEnd() {
    driver.fleetLimit(2);
    Job joiner = driver.fleet("joiner");
    Job other = driver.fleet("other");
    Job queued = driver.fleet("queued");
    assertNull(driver.join(joiner, queued), "the other one's permit will serve it");
    driver.changeFleetLimit(1);
    Effect.FailJoin failed = driver.only(Effect.FailJoin.class);
    assertEquals(joiner, failed.job());
    assertTrue(
        String.valueOf(failed.failure().getMessage()).contains("all 1 fleet permits are held"));
    driver.changeFleetLimit(1);
    assertEquals(List.of(), driver.effects(), "its join is over");
    driver.end(other);
    assertEquals(List.of(), driver.started());
  }

  @Test
  void whoeverNobodyListensToSuspendsAllTheSame() {
    driver.tellsNothing();
    Job outer = driver.local("outer");
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    assertEquals(List.of(new Effect.Start(inner, 0, false)), driver.effects());
  }
}
