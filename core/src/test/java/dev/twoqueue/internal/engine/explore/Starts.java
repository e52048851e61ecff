package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.ResidencyKey;
import org.jspecify.annotations.Nullable;

/** What must have come before a body may run, and who may be next. */
final class Starts {
  private final Witness witness;
  private boolean mayChoose;

  private boolean attemptHasClosed;

  /** The door is told of at the end of an event: it may have opened before this one started. */
  private @Nullable ExploredJob startedBehindDoor;

  Starts(Witness witness) {
    this.witness = witness;
  }

  void begin() {
    mayChoose = false;
    startedBehindDoor = null;
    // What happens to a fleet task does not end the attempt that has closed the door.
    ExploredJob about = witness.about;
    boolean isOfFleet = about != null && !about.isLocal();
    attemptHasClosed = isOfFleet && !witness.doorOpen && witness.occupants(true) == 0;
  }

  void settled() {
    boolean opened = startedBehindDoor == null || witness.doorOpen;
    Violation.unless(opened, "door", startedBehindDoor, " starts behind a closed door");
  }

  /** A choice between local-heavy tasks is made right after an observation, where there are any. */
  void answering() {
    Question question = witness.question;
    mayChoose =
        question != null && question.ask == Ask.OBSERVE && !question.confirms && !witness.late;
  }

  void holds(ExploredJob job) {
    if (job.isLocal() && mayChoose) {
      // It is held because residency is unknown: it was chosen, then held.
      mayChoose = false;
    }
  }

  void asks(Question question) {
    ExploredJob job = question.job;
    if (question.isForLocal()) {
      witness.attempts();
    }
    if (job == null) {
      return;
    }
    if (!job.isLocal()) {
      if (question.ask == Ask.PERMIT) {
        witness.turns.fleetGoes(isNeeded(job), false);
        fleetGoes(job);
      }
      return;
    }
    Violation.unless(!witness.localPaused, "pause", "a paused class is asked about: ", question);
    Violation.unless(witness.localHeldUntil <= witness.now, "hold", question, " while held");
    Violation.unless(isOutside(job), "I7", question, ", which cannot start");
    boolean probes = witness.spec.asks(Ask.OBSERVE);
    boolean permits = witness.spec.asks(Ask.PERMIT);
    if (probes ? mayChoose : question.ask != Ask.LOOK_FINAL || !permits) {
      chosen(job);
    }
    boolean isLastStep = question.ask == Ask.LOOK_FINAL || question.ask == Ask.PERMIT;
    if (isLastStep && witness.spec.asks(Ask.EVICT)) {
      Violation.unless(
          witness.drain.isClearFor(job), "I4", question, ", and no room was seen for its model");
    }
    if (question.ask == Ask.LOOK_FINAL) {
      Violation.unless(nobodyOccupies(), "I4", "somebody occupies at ", question);
      job.finalLook = question.token;
    } else if (question.ask == Ask.EVICT || question.ask == Ask.PERMIT) {
      Violation.unless(nobodyOccupies(), "I3", "somebody occupies at ", question);
    }
  }

  private void chosen(ExploredJob job) {
    mayChoose = false;
    witness.drain.chosen(job, witness.jobs, witness.now);
  }

  private static boolean isOutside(ExploredJob job) {
    return job.isLive() && !job.occupies && !job.unwinds();
  }

  void starts(ExploredJob job) {
    Violation.unless(!job.started, "I7", job, " starts again");
    Violation.unless(!job.finished, "I8", job, " has ended, and starts");
    goes(job);
    if (job.isLocal() && witness.spec.truthful) {
      runs(job);
    }
    job.started = true;
    job.startBy = 0;
    if (job.kind.runTimeout() != null) {
      job.runUntil = witness.now + job.kind.runTimeout().toNanos();
    }
    occupies(job);
  }

  /**
   * With n older ones at its arrival and a cap of k, at most (n + 1) · k + n start before a task.
   */
  private void runs(ExploredJob job) {
    ResidencyKey key = job.kind.key();
    witness.resident = key == null ? witness.resident : key.model();
    for (ExploredJob other : witness.jobs) {
      boolean waits = other.isLocal() && !other.started && !other.finished && other != job;
      if (waits && witness.spec.isCapped()) {
        other.overtaken++;
        long most = Bounds.mostBefore(other.older, witness.spec.cap);
        Violation.unless(
            other.overtaken <= most, "I6", other.overtaken, " start before ", other, " of ", most);
      }
    }
  }

  void resumes(ExploredJob job, boolean fails) {
    Violation.unless(job.suspended, "I10", job, " goes on, but is not in await");
    Violation.unless(fails == job.failsAwait, "I10", job, " goes on, failing: ", fails);
    if (!job.unwinds()) {
      ExploredJob target = job.awaiting;
      Violation.unless(target != null && target.finished, "I10", job, " awaits no longer");
      goes(job);
    }
    job.suspended = false;
    job.failsAwait = false;
    job.awaiting = null;
    occupies(job);
  }

  private void occupies(ExploredJob job) {
    int locals = witness.occupants(true);
    int fleet = witness.occupants(false);
    Violation.unless(locals == 0, job.isLocal() ? "I1" : "I3", job, " starts beside a local task");
    if (job.isLocal()) {
      Violation.unless(fleet == 0, "I3", job, " starts beside the fleet");
    } else {
      Violation.unless(fleet < witness.limit, "I2", job, " starts above the limit");
    }
    boolean evicts = witness.open.stream().anyMatch(asked -> asked.ask == Ask.EVICT);
    Violation.unless(!evicts, "I4", job, " starts while a model is being evicted");
    if (job.isLocal()) {
      witness.attempts();
      witness.backoff.succeeds();
      witness.turns.localStarts();
    } else {
      witness.turns.fleetGoes(isNeeded(job) || witness.spec.asks(Ask.PERMIT), true);
    }
    job.occupies = true;
    job.occupiesSince = witness.spec.isTimed() ? witness.now : 0;
  }

  private boolean nobodyOccupies() {
    return witness.occupants(true) + witness.occupants(false) == 0;
  }

  /** A start, or a going on that needs every step of one. */
  private void goes(ExploredJob job) {
    Violation.unless(
        !witness.isPaused(job.kind.taskClass()), "pause", job, " starts in a paused class");
    if (job.isLocal()) {
      localGoes(job);
    } else if (witness.spec.asks(Ask.PERMIT)) {
      Violation.unless(answers(Ask.PERMIT, Answer.GRANT, job), "permit", job, " has no permit");
    } else {
      fleetGoes(job);
    }
  }

  private void localGoes(ExploredJob job) {
    Violation.unless(witness.localHeldUntil <= witness.now, "hold", job, " starts while held");
    boolean looks = witness.spec.asks(Ask.LOOK_FINAL);
    boolean permits = witness.spec.asks(Ask.PERMIT);
    if (looks) {
      Question last = witness.question;
      boolean looked = answers(Ask.LOOK_FINAL, Answer.PROCEED, job);
      Violation.unless(
          looked && last != null && last.token == job.finalLook,
          "I4",
          job,
          " starts without a fresh look");
    }
    if (permits) {
      boolean has = witness.grants.stream().anyMatch(grant -> grant.permit && grant.job == job);
      Violation.unless(has, "permit", job, " has no permit");
    }
    boolean probes = witness.spec.asks(Ask.OBSERVE);
    if (probes ? mayChoose : !looks && !permits) {
      chosen(job);
    }
    witness.drain.started(job);
  }

  private boolean answers(Ask ask, Answer answer, ExploredJob job) {
    Question question = witness.question;
    return question != null
        && !witness.late
        && question.ask == ask
        && witness.answer == answer
        && question.job == job;
  }

  /** The fleet starts in order, past its gates, and behind a closed door only what is needed. */
  private void fleetGoes(ExploredJob job) {
    boolean needed = isNeeded(job);
    if (attemptHasClosed && !needed) {
      startedBehindDoor = job;
    }
    Violation.unless(
        witness.fleetHeldUntil <= witness.now, "I11", job, " starts while the fleet is held");
    Violation.unless(
        !witness.spec.asks(Ask.LOOK_FLEET) || witness.now < witness.fleetClearUntil,
        "I11",
        job,
        " starts, and the fleet's gates have not said so");
    for (ExploredJob other : witness.jobs) {
      boolean before =
          !other.isLocal()
              && other.id() < job.id()
              && other.wantsToStart()
              && !witness.isAsking(other);
      Violation.unless(!before || needed, "order", other, " was submitted before ", job);
    }
  }

  /** Whether a task that occupies waits for it in a plain join, perhaps through others. */
  private boolean isNeeded(ExploredJob job) {
    for (ExploredJob occupant : witness.jobs) {
      ExploredJob at = occupant.occupies ? occupant.joining : null;
      for (int steps = 0; at != null && steps < witness.jobs.size(); steps++) {
        if (at == job) {
          return true;
        }
        at = nextOf(at);
      }
    }
    return false;
  }

  private static @Nullable ExploredJob nextOf(ExploredJob job) {
    return job.suspended ? job.awaiting : job.joining;
  }
}
