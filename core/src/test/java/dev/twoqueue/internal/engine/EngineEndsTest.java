package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Outcome;
import dev.twoqueue.Outcome.Deadline;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every way in which a task ends, or is not taken at all (I7, I8). */
class EngineEndsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Driver driver = new Driver();

  private Job fleet(@Nullable Duration startWithin, @Nullable Duration runTimeout) {
    return driver.submit(driver.job(TaskClass.FLEET, "timed", null, startWithin, runTimeout));
  }

  private Outcome<?> outcome() {
    return driver.only(Effect.Finish.class).outcome();
  }

  @Test
  void aFullQueueRejectsAndSaysItsBound() {
    driver.queueLimit(1).fleetQueueLimit(2).looks();
    driver.local("first");
    Job second = driver.job(TaskClass.LOCAL_HEAVY, "second", null, null, null);
    assertEquals(
        "The local-heavy queue is full: 1 tasks wait, its bound is 1.", driver.submitted(second));
    driver.verdict(Verdict.proceed());
    assertNull(driver.submitted(second), "what runs does not wait");
    driver.fleet("agent");
    driver.fleet("another");
    assertEquals(
        "The fleet queue is full: 2 tasks wait, its bound is 2.",
        driver.submitted(driver.job(TaskClass.FLEET, "late", null, null, null)));
  }

  @Test
  void whatNeverStartedLeavesRoomInTheQueue() {
    driver.queueLimit(1);
    driver.pause(TaskClass.FLEET);
    driver.cancel(driver.fleet("gone"));
    driver.fleet("another");
    driver.pause(TaskClass.LOCAL_HEAVY);
    driver.cancel(driver.local("gone"));
    assertEquals(Job.Stage.QUEUED, driver.local("another").stage());
  }

  @Test
  void aSuspendedTaskTakesNoRoomInTheQueue() {
    driver.queueLimit(2);
    Job outer = driver.local("outer");
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.end(inner);
    driver.end(outer);
    driver.pause(TaskClass.LOCAL_HEAVY);
    driver.local("first");
    driver.local("second");
    assertEquals(2, driver.view().queued(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void aQueuedTaskThatIsCancelledNeverRuns() {
    Job oracle = driver.local("oracle");
    Job queued = driver.local("queued");
    assertTrue(driver.cancel(queued));
    assertEquals(new Outcome.Cancelled<>("not wanted"), outcome());
    assertFalse(driver.cancel(queued));
    driver.end(oracle);
    assertEquals(List.of(), driver.started());
  }

  @Test
  void aRunningTaskThatIsCancelledOccupiesUntilItEnds() {
    Job first = driver.local("first");
    Job second = driver.local("second");
    assertTrue(driver.cancel(first));
    assertEquals(List.of(new Effect.Tell(first, "not wanted")), driver.effects());
    driver.end(first);
    assertEquals(new Outcome.Cancelled<>("not wanted"), outcome());
    assertEquals(List.of(second), driver.started());
  }

  @Test
  void theLengthOfARunIsToldAndWhetherItWasAnOverrun() {
    driver.later(Duration.ofSeconds(7));
    Job job = fleet(null, MINUTE);
    driver.seconds(59);
    assertEquals(List.of(), driver.effects());
    driver.seconds(1);
    assertEquals(
        List.of(
            new Effect.Finish(job, new Outcome.TimedOut<>(Deadline.RUN_TIMEOUT, MINUTE)),
            new Effect.Tell(job, "ran longer than PT1M")),
        driver.effects());
    driver.seconds(5);
    assertEquals(List.of(job), driver.view().running(TaskClass.FLEET));
    driver.end(job);
    assertEquals(
        List.of(new Effect.Freed(job, Duration.ofSeconds(65).toNanos(), true)), driver.effects());
  }

  @Test
  void aBodyThatEndsInTimeHasNoDeadlineAnyMore() {
    Job job = fleet(null, MINUTE);
    driver.seconds(2);
    driver.end(job);
    assertEquals(
        List.of(
            new Effect.Freed(job, Duration.ofSeconds(2).toNanos(), false),
            new Effect.Finish(job, new Outcome.Succeeded<>("done"))),
        driver.effects());
    assertNull(driver.wakesIn());
    driver.seconds(100);
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void aTaskThatDoesNotStartInTimeEnds() {
    driver.fleetLimit(1);
    Job running = driver.fleet("running");
    Job late = fleet(MINUTE, null);
    assertEquals(MINUTE, driver.wakesIn());
    driver.seconds(60);
    assertEquals(
        List.of(new Effect.Finish(late, new Outcome.TimedOut<>(Deadline.START_WITHIN, MINUTE))),
        driver.effects());
    driver.end(running);
    assertEquals(List.of(), driver.started());
  }

  @Test
  void aDeadlineBehindOthersIsArmedAllTheSame() {
    driver.pause(TaskClass.FLEET);
    driver.pause(TaskClass.LOCAL_HEAVY);
    driver.fleet("first");
    fleet(MINUTE, null);
    assertEquals(MINUTE, driver.wakesIn());
    driver.local("first");
    driver.submit(driver.job(TaskClass.LOCAL_HEAVY, "timed", null, Duration.ofSeconds(30), null));
    assertEquals(Duration.ofSeconds(30), driver.wakesIn());
  }

  @Test
  void aStartDisarmsTheFirstDeadlineAndArmsTheSecond() {
    fleet(Duration.ofSeconds(10), MINUTE);
    assertEquals(MINUTE, driver.wakesIn());
    driver.seconds(10);
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void aTaskInAwaitRunsOutOfTimeAndUnwinds() {
    Job outer = fleet(null, MINUTE);
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.seconds(60);
    assertEquals(List.of(outer), driver.resumed());
    assertEquals(new Outcome.TimedOut<>(Deadline.RUN_TIMEOUT, MINUTE), outcome());
    driver.end(outer);
    assertEquals(List.of(), driver.all(Effect.Finish.class), "its one end has been");
  }

  @Test
  void twoDeadlinesAtOnceBothEnd() {
    driver.pause(TaskClass.FLEET);
    fleet(MINUTE, null);
    fleet(MINUTE, null);
    driver.seconds(60);
    assertEquals(2, driver.all(Effect.Finish.class).size());
  }

  @Test
  void aShutdownEndsWhenTheLastBodyHas() {
    Job running = driver.local("running");
    Job queued = driver.local("queued");
    driver.shutdown();
    assertEquals(List.of(), driver.all(Effect.Terminated.class));
    assertEquals(
        "The scheduler is shut down.",
        driver.submitted(driver.job(TaskClass.FLEET, "late", null, null, null)));
    driver.end(running);
    assertEquals(List.of(queued), driver.started());
    assertEquals(List.of(), driver.all(Effect.Terminated.class));
    driver.end(queued);
    assertEquals(1, driver.all(Effect.Terminated.class).size());
    driver.seconds(1);
    assertEquals(List.of(), driver.effects(), "once");
  }

  @Test
  void anIdleEngineIsTerminatedAtOnce() {
    driver.shutdown();
    assertEquals(List.of(new Effect.Terminated()), driver.effects());
    assertTrue(driver.view().shutdown());
  }

  @Test
  void aShutdownNowEndsWhatWaitsAndTellsWhatRuns() {
    driver.fleetLimit(1);
    Job suspended = driver.fleet("suspended");
    Job running = driver.fleet("running");
    Job queued = driver.fleet("queued");
    Job local = driver.local("local");
    driver.await(suspended, local);
    assertEquals(List.of(queued, local), driver.shutdownNow());
    assertEquals(
        List.of(suspended, running),
        driver.all(Effect.Tell.class).stream().map(Effect.Tell::job).toList());
    assertEquals(
        List.of(queued, local),
        driver.all(Effect.Finish.class).stream().map(Effect.Finish::job).toList());
    driver.end(running);
    driver.end(suspended);
    assertEquals(1, driver.all(Effect.Terminated.class).size());
  }

  @Test
  void aShutdownNowFindsTheHeldTheAskingAndTheLocalBody() {
    driver.looks().asksOutside();
    Job held = driver.local("held");
    driver.granted(driver.only(Effect.AskPermit.class).token(), () -> {});
    driver.verdict(Verdict.hold("not now", MINUTE));
    Job asking = driver.fleet("asking");
    assertEquals(List.of(held, asking), driver.shutdownNow());
    assertEquals(2, driver.all(Effect.Finish.class).size());
    assertEquals(1, driver.all(Effect.Terminated.class).size());

    Driver other = new Driver();
    Job body = other.local("body");
    assertEquals(List.of(), other.shutdownNow());
    assertEquals(body, other.only(Effect.Tell.class).job());
  }

  @Test
  void whereNobodyListensNothingIsTold() {
    driver.tellsNothing();
    Job job = driver.local("job");
    driver.pause(TaskClass.FLEET);
    assertEquals(List.of(), driver.effects());
    driver.end(job);
    assertEquals(
        List.of(new Effect.Finish(job, new Outcome.Succeeded<>("done"))), driver.effects());
  }

  @Test
  void whereSomebodyListensAPauseIsToldOnce() {
    driver.pause(TaskClass.FLEET);
    assertEquals(List.of(new Effect.Paused(TaskClass.FLEET, true)), driver.effects());
    driver.pause(TaskClass.FLEET);
    assertEquals(List.of(), driver.effects());
    assertTrue(driver.view().paused(TaskClass.FLEET));
    assertFalse(driver.view().paused(TaskClass.LOCAL_HEAVY));
    driver.resume(TaskClass.FLEET);
    assertEquals(List.of(new Effect.Paused(TaskClass.FLEET, false)), driver.effects());
    driver.resume(TaskClass.FLEET);
    assertEquals(List.of(), driver.effects());
  }

  @Test
  void aJobIsFinishedOnce() {
    State state = new State(driver.settings());
    Job job = driver.job(TaskClass.FLEET, "job", null, null, null);
    state.finish(job, new Outcome.Succeeded<>("done"));
    assertThrows(
        IllegalStateException.class, () -> state.finish(job, new Outcome.Succeeded<>("twice")));
  }

  @Test
  void anOverrunKeepsItsSlotUntilItEndsAndNoLonger() {
    Job overrun = driver.submit(driver.job(TaskClass.LOCAL_HEAVY, "overrun", null, null, MINUTE));
    Job next = driver.local("next");
    driver.seconds(60);
    assertEquals(List.of(), driver.started());
    driver.end(overrun);
    assertEquals(List.of(next), driver.started());
  }
}
