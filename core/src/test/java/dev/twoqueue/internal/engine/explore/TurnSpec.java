package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.TaskClass;
import org.jspecify.annotations.Nullable;

/**
 * Turns as they look from outside: a turn is whose who started last, since the first of these
 * starts (of the fleet's, since its first request for a permit). A class whose turn is used up
 * gives way to the other one that waits, and is not disturbed before.
 */
final class TurnSpec {
  private final Witness witness;
  private @Nullable TaskClass turn;
  private long since;

  /** Whether the last turn has ended cannot be seen; the next local-heavy start says more. */
  private boolean unsure;

  TurnSpec(Witness witness) {
    this.witness = witness;
  }

  /** An attempt at a local-heavy start begins. */
  void localBegins() {
    boolean waits = isFleetReady();
    long age = witness.now - since;
    if (waits && turn == TaskClass.LOCAL_HEAVY) {
      boolean goesOn = age < witness.spec.localBudget;
      Violation.unless(goesOn, "I6", "the local turn is used up, the fleet waits, and it goes on");
    } else if (waits && turn == TaskClass.FLEET) {
      Violation.unless(
          age >= witness.spec.fleetBudget, "I6", "the fleet's turn is cut short, and it waits");
    }
  }

  void localStarts() {
    goes(TaskClass.LOCAL_HEAVY);
  }

  /**
   * A fleet task starts, or asks for its permit.
   *
   * @param isNeeded whether for a join, perhaps behind a closed door and in nobody's turn
   */
  void fleetGoes(boolean isNeeded, boolean starts) {
    Question last = witness.question;
    boolean hadBegun = last != null && last.ask == Ask.LOOK_FLEET;
    if (!isNeeded && !hadBegun && turn == TaskClass.LOCAL_HEAVY && isLocalReady()) {
      boolean isUsed = witness.now - since >= witness.spec.localBudget;
      Violation.unless(isUsed, "I6", "the local turn is cut short, and a local-heavy task waits");
    }
    if (starts || !isNeeded) {
      goes(TaskClass.FLEET);
    } else {
      ends(false);
    }
  }

  /** The fleet's gates are asked: its turn has begun, but for its first start. */
  void fleetLooks() {
    if (turn == TaskClass.LOCAL_HEAVY) {
      ends(true);
    }
  }

  /** Whoever was kept out by a closed door comes next, with a whole turn. */
  void attemptFails() {
    if (!witness.doorOpen) {
      ends(true);
    }
  }

  /** The event is over. Who is only to unwind waits for no pause, hold or look. */
  void settled() {
    boolean nobody = witness.occupants(true) + witness.occupants(false) == 0;
    if (nobody && witness.open.isEmpty() && !isFleetReady()) {
      boolean waits = witness.jobs.stream().anyMatch(ExploredJob::unwinds);
      Violation.unless(!waits, "I8", "nobody occupies, and one that is to unwind does not go on");
    }
    if (witness.doorOpen && nobody && !isFleetReady()) {
      ends(witness.open.stream().noneMatch(asked -> asked.isForLocal() && !asked.withdrawn));
    }
  }

  private void goes(TaskClass whose) {
    if (turn != whose && !(unsure && whose == TaskClass.FLEET)) {
      turn = whose;
      since = witness.now;
      unsure = false;
    }
  }

  private void ends(boolean surely) {
    turn = null;
    since = 0;
    unsure = !surely;
  }

  private boolean isLocalReady() {
    boolean mayStart = !witness.localPaused && witness.localHeldUntil <= witness.now;
    for (ExploredJob job : witness.jobs) {
      boolean waits = mayStart && job.wantsToStart() && job.notBefore == 0;
      if (job.isLocal() && (job.unwinds() || waits)) {
        return true;
      }
    }
    return false;
  }

  private boolean isFleetReady() {
    boolean mayStart = !witness.fleetPaused && witness.fleetHeldUntil <= witness.now;
    for (ExploredJob job : witness.jobs) {
      boolean waits = mayStart && job.wantsToStart();
      if (!job.isLocal() && (job.unwinds() || waits || witness.isAsking(job))) {
        return true;
      }
    }
    return false;
  }
}
