package dev.twoqueue.internal.engine.explore;

import static dev.twoqueue.internal.engine.explore.Answer.DENY;
import static dev.twoqueue.internal.engine.explore.Answer.GRANT;
import static dev.twoqueue.internal.engine.explore.Answer.HOLD;
import static dev.twoqueue.internal.engine.explore.Answer.PROCEED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shortest traces to what the explorer found. Every move of a trace checks the invariants. */
class FoundByExplorationTest {
  private static WorldSpec permits() {
    return new WorldSpec("permits")
        .local("m1", 1)
        .fleet(3)
        .answers(Ask.PERMIT, GRANT, DENY)
        .upTo(1, Op.JOIN)
        .upTo(1, Op.CANCEL)
        .upTo(1, Op.PAUSE_FLEET);
  }

  @Test
  void aPermitThatIsGrantedDuringAPauseStartsNothing() {
    ReplayedTrace trace = ReplayedTrace.in(permits());
    trace.submit(1); // fleet
    trace.pauseFleet();
    trace.answer(0, GRANT); // PERMIT for #1 'task1'
    assertFalse(trace.world().job(0).started);
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  @Test
  void whatAJoinNeedsBehindAClosedDoorWaitsForTheFleetsGates() {
    ReplayedTrace trace =
        ReplayedTrace.in(
            new WorldSpec("fleetGates")
                .local("m1", 1)
                .fleet(2)
                .answers(Ask.LOOK_FLEET, PROCEED, HOLD)
                .budgetSeconds(1, 1)
                .upTo(1, Op.JOIN));
    trace.submit(1); // fleet
    trace.answer(0, PROCEED); // LOOK_FLEET for #1 'task1'
    trace.submit(0); // local m1
    trace.submit(1); // fleet
    trace.pass();
    trace.join(0, 2);
    assertFalse(trace.world().job(2).started);
    trace.answer(0, HOLD); // LOOK_FLEET for #3 'task3'
    assertFalse(trace.world().job(2).started);
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  @Test
  void aRefusedPermitIsNotAskedForAgainAtOnceBehindAClosedDoor() {
    ReplayedTrace trace = ReplayedTrace.in(permits());
    trace.submit(1); // fleet
    trace.answer(0, GRANT); // PERMIT for #1 'task1'
    trace.submit(1); // fleet
    trace.submit(0); // local m1
    trace.join(0, 1);
    trace.tick();
    assertTrue(trace.world().isDoorClosed());
    int before = trace.world().witness.open.size();
    trace.answer(before - 1, DENY); // PERMIT for #2 'task2'
    assertEquals(before - 1, trace.world().witness.open.size(), "it is asked for again");
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  @Test
  void aPermitThatOnlyAJoinNeededIsWithdrawnWhenTheJoinEnds() {
    ReplayedTrace trace = ReplayedTrace.in(permits());
    trace.submit(1); // fleet
    trace.answer(0, GRANT); // PERMIT for #1 'task1'
    trace.submit(1); // fleet
    trace.submit(0); // local m1
    trace.cancel(0);
    trace.join(0, 1);
    trace.tick();
    assertTrue(trace.world().isDoorClosed());
    trace.endJoin(0);
    List<Question> wanted =
        trace.world().witness.open.stream().filter(question -> !question.withdrawn).toList();
    assertEquals(List.of(), wanted);
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  /** The other class took every turn of it before its permit came. */
  @Test
  void aFleetTaskThatWaitsForItsPermitKeepsItsTurn() {
    ReplayedTrace trace =
        ReplayedTrace.in(
            new WorldSpec("heads")
                .local(null, 2)
                .fleet(2)
                .fleetLimit(1)
                .answers(Ask.PERMIT, GRANT)
                .budgetSeconds(2, 2));
    trace.submit(0).answer(0, GRANT); // the local turn begins
    trace.submit(1).submit(0);
    trace.pass().succeed(0); // its budget is used: the fleet is asked for
    assertEquals("PERMIT for #2 'task2'", trace.world().witness.open.get(0).toString());
    assertFalse(trace.world().witness.open.get(0).withdrawn);
    trace.answer(0, GRANT);
    assertTrue(trace.world().job(1).started);
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  /** With more fleet tasks waiting than may ask, no local-heavy task ever had a turn. */
  @Test
  void aPermitThatNeverComesKeepsTheOtherClassOutForNoLongerThanABudget() {
    ReplayedTrace trace =
        ReplayedTrace.in(
            new WorldSpec("heads")
                .local(null, 1)
                .fleet(2)
                .fleetLimit(1)
                .answers(Ask.PERMIT, GRANT)
                .budgetSeconds(2, 2));
    trace.submit(1).submit(1).submit(0);
    assertFalse(trace.world().witness.open.get(0).withdrawn);
    trace.tick();
    assertTrue(trace.world().witness.open.get(0).withdrawn);
    assertEquals("PERMIT for #3 'task3'", trace.world().witness.open.get(1).toString());
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  /** It asked to be woken at once instead. */
  @Test
  void whatWasHeldComesBackInTheVeryEventThatEndsAnAttempt() {
    ReplayedTrace trace =
        ReplayedTrace.in(
            new WorldSpec("looks")
                .local("m1", 1)
                .local(null, 1)
                .fleet(1)
                .looks(PROCEED, HOLD)
                .budgetSeconds(1, 1)
                .upTo(1, Op.CANCEL));
    trace.submit(0).answer(0, HOLD); // LOOK_FINAL for #1 'task1', for a second
    trace.submit(2).submit(1);
    trace.answer(0, PROCEED); // LOOK_EARLY for #3 'task3': the door closes on the fleet
    trace.pass();
    trace.cancel(2);
    assertEquals("LOOK_EARLY for #1 'task1'", trace.world().witness.open.get(0).toString());
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  /** The await was refused for the sake of the join, which was over. */
  @Test
  void nobodyWaitsForATaskWhoseHandleHasEndedThoughItsBodyGoesOn() {
    ReplayedTrace trace =
        ReplayedTrace.in(
            new WorldSpec("asyncWaits")
                .kind(TaskClass.LOCAL_HEAVY, "m1", 0, 0, 1)
                .kind(TaskClass.FLEET, null, 0, 1, 2)
                .budgetSeconds(1, 1)
                .upTo(1, Op.AWAIT)
                .upTo(1, Op.JOIN));
    trace.submit(1).submit(0).submit(1);
    trace.join(0, 2);
    trace.tick(); // both fleet tasks are timed out, and their bodies go on
    trace.await(2, 1);
    assertTrue(trace.world().job(2).suspended);
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }

  /** They were asked as soon as the last look was too old, though no slot was free. */
  @Test
  void theFleetsGatesAreNotAskedForWhatCannotStart() {
    ReplayedTrace trace =
        ReplayedTrace.in(
            new WorldSpec("fleetGates")
                .local("m1", 1)
                .fleet(3)
                .answers(Ask.LOOK_FLEET, PROCEED)
                .budgetSeconds(1, 1)
                .upTo(1, Op.JOIN));
    trace.submit(1); // fleet
    trace.answer(0, PROCEED); // LOOK_FLEET for #1 'task1'
    trace.submit(1).submit(0); // the door closes, with no slot free
    trace.submit(1);
    trace.join(0, 3);
    trace.untilWake();
    assertEquals(List.of(), trace.world().witness.open);
    trace.endsFairly(Fair.ANSWERS_FIRST);
  }
}
