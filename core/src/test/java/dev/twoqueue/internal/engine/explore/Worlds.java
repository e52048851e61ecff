package dev.twoqueue.internal.engine.explore;

import static dev.twoqueue.internal.engine.explore.Answer.BOTH;
import static dev.twoqueue.internal.engine.explore.Answer.DENY;
import static dev.twoqueue.internal.engine.explore.Answer.DONE;
import static dev.twoqueue.internal.engine.explore.Answer.EMPTY;
import static dev.twoqueue.internal.engine.explore.Answer.FAILED;
import static dev.twoqueue.internal.engine.explore.Answer.GRANT;
import static dev.twoqueue.internal.engine.explore.Answer.HOLD;
import static dev.twoqueue.internal.engine.explore.Answer.HOLD_CLASS;
import static dev.twoqueue.internal.engine.explore.Answer.M1;
import static dev.twoqueue.internal.engine.explore.Answer.M2;
import static dev.twoqueue.internal.engine.explore.Answer.PROCEED;
import static dev.twoqueue.internal.engine.explore.Answer.REFUSE;
import static dev.twoqueue.internal.engine.explore.Answer.UNKNOWN;

import dev.twoqueue.TaskClass;
import java.util.List;

/**
 * The worlds that are explored. No world has all features, since their product is too large; each
 * has those that meet in one part of the engine. The quick form has fewer tasks and disturbances.
 */
final class Worlds {
  private final boolean full;

  private Worlds(boolean full) {
    this.full = full;
  }

  static List<WorldSpec> quick() {
    return new Worlds(false).all();
  }

  static List<WorldSpec> full() {
    return new Worlds(true).all();
  }

  private List<WorldSpec> all() {
    return List.of(
        house(),
        rule(),
        limits(),
        looks(),
        drain(),
        hint(),
        cap(),
        evict(),
        pausedEviction(),
        permits(),
        limitedPermits(),
        fleetGates(),
        everyGate(),
        waits(),
        fleetWaits(),
        asyncWaits(),
        resumeLooks(),
        resumePermits(),
        deadlines(),
        shutdown(),
        lateAnswers(),
        heads(),
        headsWithPermits(),
        overtaken());
  }

  private WorldSpec world(String name) {
    return new WorldSpec(name);
  }

  private int more(int quickly, int fully) {
    return full ? fully : quickly;
  }

  /** The whole house: both classes at work, and one that awaits another. */
  private WorldSpec house() {
    return world("house")
        .local("m1", more(1, 2))
        .local("m2", 1)
        .fleet(more(2, 3))
        .budgetSeconds(1, 1)
        .upTo(1, Op.AWAIT)
        .upTo(more(0, 1), Op.CANCEL);
  }

  /** I1 to I3 and the turns, without a plug-in. */
  private WorldSpec rule() {
    return world("rule")
        .local("m1", more(1, 2))
        .local("m2", 1)
        .fleet(more(2, 3))
        .budgetSeconds(1, 1)
        .upTo(1, Op.CANCEL)
        .upTo(1, Op.PAUSE_LOCAL);
  }

  /** I2, with a limit that changes, and a fleet that is paused. */
  private WorldSpec limits() {
    return world("limits")
        .local("m1", 1)
        .fleet(more(2, 4))
        .budgetSeconds(1, 1)
        .fleetLimit(2, 1, 3)
        .upTo(more(0, 1), Op.CANCEL)
        .upTo(more(1, 2), Op.LIMIT)
        .upTo(1, Op.PAUSE_FLEET);
  }

  /** I4: gates with leases. */
  private WorldSpec looks() {
    return world("looks")
        .local("m1", 1)
        .local(null, 1)
        .fleet(more(1, 2))
        .looks(PROCEED, HOLD, HOLD_CLASS, REFUSE)
        .leases()
        .mostRefusals(more(2, 3))
        .budgetSeconds(1, 1)
        .upTo(1, Op.CANCEL)
        .upTo(more(0, 1), Op.PAUSE_LOCAL);
  }

  /** I5 with residency observed, right or not. */
  private WorldSpec drain() {
    return world("drain")
        .local("m1", more(1, 2))
        .local("m2", 1)
        .local(null, more(1, 0))
        .fleet(more(0, 1))
        .answers(Ask.OBSERVE, EMPTY, M1, M2, UNKNOWN)
        .embeddings()
        .mostRefusals(more(1, 2))
        .budgetSeconds(5, 5)
        .upTo(1, Op.CANCEL);
  }

  /** I5 with the last model that ended well as a hint. */
  private WorldSpec hint() {
    return world("hint")
        .local("m1", more(1, 2))
        .local("m2", more(1, 2))
        .local(null, 1)
        .fleet(1)
        .failures()
        .looks(PROCEED, HOLD)
        .mostRefusals(1)
        .budgetSeconds(1, 1)
        .upTo(more(0, 1), Op.CANCEL);
  }

  /** The cap of I5. */
  private WorldSpec cap() {
    return world("cap")
        .local("m1", more(2, 3))
        .local("m2", more(1, 2))
        .local(null, more(0, 1))
        .cap(more(1, 2))
        .answers(Ask.OBSERVE, EMPTY, M1, M2)
        .noTimePasses()
        .upTo(1, Op.CANCEL);
  }

  private WorldSpec evict() {
    return world("evict")
        .local("m1", 1)
        .local("m2", 1)
        .fleet(more(0, 1))
        .answers(Ask.OBSERVE, EMPTY, M1, M2, BOTH, UNKNOWN)
        .embeddings()
        .answers(Ask.EVICT, DONE, FAILED)
        .looks(PROCEED, HOLD)
        .mostRefusals(more(1, 2))
        .budgetSeconds(5, 5)
        .holdSeconds(5)
        .upTo(1, Op.CANCEL)
        .upTo(more(0, 1), Op.PAUSE_LOCAL);
  }

  /** A pause while a model is being evicted. */
  private WorldSpec pausedEviction() {
    return world("pausedEviction")
        .local("m1", 1)
        .local("m2", 1)
        .fleet(more(0, 1))
        .answers(Ask.OBSERVE, EMPTY, M1, M2)
        .embeddings()
        .answers(Ask.EVICT, DONE)
        .upTo(1, Op.PAUSE_LOCAL)
        .noTimePasses();
  }

  private WorldSpec permits() {
    return world("permits")
        .local("m1", 1)
        .fleet(more(1, 2))
        .answers(Ask.PERMIT, GRANT, DENY)
        .mostRefusals(more(0, 1))
        .mostLateAnswers(0)
        .budgetSeconds(5, 5)
        .fleetLimit(2, 1)
        .upTo(more(0, 1), Op.CANCEL)
        .upTo(more(0, 1), Op.LIMIT)
        .upTo(1, Op.PAUSE_FLEET);
  }

  /** I2 for what only asks: a permit that comes after the limit was lowered. */
  private WorldSpec limitedPermits() {
    return world("limitedPermits")
        .fleet(more(2, 3))
        .answers(Ask.PERMIT, GRANT, DENY)
        .mostRefusals(1)
        .fleetLimit(2, 1, 3)
        .upTo(1, Op.LIMIT)
        .upTo(more(0, 1), Op.CANCEL);
  }

  private WorldSpec fleetGates() {
    return world("fleetGates")
        .local("m1", 1)
        .fleet(more(2, 3))
        .answers(Ask.LOOK_FLEET, PROCEED, HOLD, REFUSE)
        .mostRefusals(2)
        .budgetSeconds(1, 1)
        .upTo(1, Op.CANCEL)
        .upTo(1, Op.PAUSE_FLEET)
        .upTo(1, Op.JOIN);
  }

  /** Every plug-in at once, for few tasks. */
  private WorldSpec everyGate() {
    return world("everyGate")
        .local("m1", 1)
        .fleet(1)
        .answers(Ask.OBSERVE, EMPTY, M1, M2)
        .answers(Ask.EVICT, DONE)
        .looks(PROCEED, HOLD_CLASS)
        .answers(Ask.LOOK_FLEET, PROCEED, HOLD)
        .answers(Ask.PERMIT, GRANT, DENY)
        .leases()
        .mostRefusals(more(0, 1))
        .budgetSeconds(5, 5)
        .holdSeconds(5)
        .mostLateAnswers(0)
        .noTimePasses()
        .upTo(more(0, 1), Op.CANCEL);
  }

  /** I10 across the classes. */
  private WorldSpec waits() {
    return world("waits")
        .local("m1", 1)
        .local("m2", more(1, 2))
        .fleet(more(1, 2))
        .budgetSeconds(1, 1)
        .suspendedLimit(more(1, 2))
        .upTo(2, Op.AWAIT)
        .upTo(1, Op.JOIN)
        .upTo(1, Op.CANCEL)
        .upTo(more(1, 0), Op.PAUSE_LOCAL)
        .noTimePasses();
  }

  /** I10 within the fleet, whose limit may become too low for a join that was harmless. */
  private WorldSpec fleetWaits() {
    return world("fleetWaits")
        .fleet(more(3, 4))
        .local("m1", more(0, 1))
        .budgetSeconds(1, 1)
        .fleetLimit(2, 1, 3)
        .upTo(1, Op.AWAIT)
        .upTo(2, Op.JOIN)
        .upTo(1, Op.LIMIT)
        .upTo(more(0, 1), Op.CANCEL)
        .noTimePasses();
  }

  /** Bodies that may end while they are suspended, and outlive their deadlines. */
  private WorldSpec asyncWaits() {
    return world("asyncWaits")
        .kind(TaskClass.LOCAL_HEAVY, "m1", 0, 2, 1)
        .kind(TaskClass.FLEET, null, 0, 1, 2)
        .local("m1", more(0, 1))
        .asynchronous()
        .budgetSeconds(1, 1)
        .upTo(2, Op.AWAIT)
        .upTo(more(0, 1), Op.JOIN)
        .upTo(1, Op.CANCEL)
        .noTimePasses();
  }

  /** Getting the slot back is a start: it looks, may be refused, and may be told to stop. */
  private WorldSpec resumeLooks() {
    return world("resumeLooks")
        .local("m1", 1)
        .local("m2", 1)
        .fleet(more(0, 1))
        .answers(Ask.OBSERVE, EMPTY, M1, M2)
        .answers(Ask.EVICT, DONE)
        .looks(PROCEED, HOLD, REFUSE)
        .leases()
        .mostRefusals(1)
        .budgetSeconds(1, 1)
        .upTo(1, Op.AWAIT)
        .upTo(1, Op.CANCEL)
        .noTimePasses();
  }

  private WorldSpec resumePermits() {
    return world("resumePermits")
        .local("m1", 1)
        .fleet(2)
        .answers(Ask.PERMIT, GRANT, DENY)
        .answers(Ask.LOOK_FLEET, PROCEED, REFUSE)
        .mostRefusals(more(0, 1))
        .mostLateAnswers(0)
        .budgetSeconds(5, 5)
        .holdSeconds(5)
        .upTo(1, Op.AWAIT)
        .upTo(more(0, 1), Op.CANCEL)
        .upTo(more(0, 1), Op.PAUSE_FLEET)
        .noTimePasses();
  }

  /** Deadlines, with timers that are late and bodies that do not heed theirs. */
  private WorldSpec deadlines() {
    return world("deadlines")
        .kind(TaskClass.LOCAL_HEAVY, "m1", 2, 1, more(1, 2))
        .kind(TaskClass.FLEET, null, 1, 2, 2)
        .looks(PROCEED, HOLD)
        .mostRefusals(1)
        .budgetSeconds(1, 1)
        .upTo(1, Op.LATE)
        .upTo(more(0, 1), Op.HALF)
        .upTo(1, Op.CANCEL);
  }

  private WorldSpec shutdown() {
    return world("shutdown")
        .local("m1", 1)
        .fleet(more(1, 2))
        .looks(PROCEED, HOLD)
        .answers(Ask.PERMIT, GRANT, DENY)
        .leases()
        .mostRefusals(more(0, 1))
        .budgetSeconds(5, 5)
        .upTo(1, Op.AWAIT)
        .upTo(1, Op.SHUTDOWN)
        .upTo(1, Op.SHUTDOWN_NOW)
        .noTimePasses();
  }

  /** Answers to questions that were withdrawn, and second answers. */
  private WorldSpec lateAnswers() {
    return world("lateAnswers")
        .local("m1", more(1, 2))
        .answers(Ask.OBSERVE, EMPTY, M1)
        .looks(PROCEED, HOLD)
        .answers(Ask.PERMIT, GRANT, DENY)
        .leases()
        .mostRefusals(1)
        .mostLateAnswers(2)
        .budgetSeconds(5, 5)
        .holdSeconds(5)
        .upTo(1, Op.CANCEL)
        .upTo(1, Op.PAUSE_LOCAL)
        .upTo(1, Op.REPEAT)
        .noTimePasses();
  }

  /** I6: bodies and answers that take up to so long, and the heads of the queues keep the bound. */
  private WorldSpec heads() {
    return world("heads")
        .local(null, more(2, 3))
        .fleet(more(2, 3))
        .fleetLimit(1)
        .looks(PROCEED)
        .answers(Ask.LOOK_FLEET, PROCEED)
        .budgetSeconds(2, 2)
        .holdSeconds(3)
        .timed(2, 1);
  }

  /** I6: the cap bounds how many start before a task, where the probe tells the truth. */
  private WorldSpec overtaken() {
    return world("overtaken")
        .local("m1", more(3, 4))
        .local("m2", 1)
        .local(null, more(0, 1))
        .cap(1)
        .answers(Ask.OBSERVE, EMPTY, M1, M2)
        .truthful()
        .noTimePasses();
  }

  private WorldSpec headsWithPermits() {
    return world("headsWithPermits")
        .local(null, more(2, 3))
        .fleet(2)
        .fleetLimit(1)
        .answers(Ask.PERMIT, GRANT)
        .mostLateAnswers(0)
        .budgetSeconds(2, 2)
        .timed(3, 1);
  }
}
