package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Outcome;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Job;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sees who knows only what was moved and what the engine answered with; checks the
 * invariants against that, never against the engine's own books.
 */
final class Witness {
  final List<ExploredJob> jobs = new ArrayList<>();
  final List<Question> open = new ArrayList<>();
  final List<Grant> grants = new ArrayList<>();
  final Starts starts;
  final @Nullable HeadWaits headWaits;
  final DrainSpec drain;
  final Backoff backoff = new Backoff();
  final TurnSpec turns;
  final WorldSpec spec;

  /** What the server holds, where the probe tells the truth: the model of the last start. */
  @Nullable String resident;

  int limit;
  boolean localPaused;
  boolean fleetPaused;
  boolean shutdown;
  boolean terminated;
  boolean doorOpen = true;
  long localHeldUntil;
  long fleetHeldUntil;
  long fleetClearUntil;
  long lastLocalToken;

  // The event under way.
  long now;
  Op op = Op.TICK;
  @Nullable ExploredJob about;
  @Nullable Question question;
  Answer answer = Answer.NONE;
  boolean late;

  /** An attempt at a local-heavy start was under way before the event. */
  private boolean wasUnderWay;

  /** Something is to happen by itself, whatever the event is. */
  boolean wakeIsDue;

  Witness(WorldSpec spec, long now) {
    this.spec = spec;
    this.now = now;
    limit = spec.fleetLimit;
    drain = new DrainSpec(spec.cap);
    turns = new TurnSpec(this);
    starts = new Starts(this);
    headWaits = spec.isTimed() ? new HeadWaits(spec) : null;
  }

  /** Something is about to happen. */
  void begin(Op happens, @Nullable ExploredJob job, long at) {
    wakeIsDue = at != now;
    now = at;
    wasUnderWay = isAttemptUnderWay();
    op = happens;
    about = job;
    question = null;
    answer = Answer.NONE;
    late = false;
    if (!wasUnderWay) {
      for (ExploredJob held : jobs) {
        held.notBefore = held.notBefore <= at ? 0 : held.notBefore;
      }
    }
    starts.begin();
  }

  private boolean isAttemptUnderWay() {
    for (Question asked : open) {
      if (asked.isForLocal()) {
        return true;
      }
    }
    return !doorOpen && occupants(true) == 0;
  }

  int occupants(boolean local) {
    int occupants = 0;
    for (ExploredJob job : jobs) {
      occupants += job.occupies && job.isLocal() == local ? 1 : 0;
    }
    return occupants;
  }

  /** A question is about to be answered. */
  void answering(Question asked, Answer with) {
    question = asked;
    answer = with;
    late =
        asked.answered
            || asked.withdrawn
            || (asked.isForLocal() && asked.token != lastLocalToken)
            || isLookForNobody(asked);
    open.remove(asked);
    asked.answered = true;
    if (asked.ask == Ask.OBSERVE && !late) {
      drain.observed(with.residency(spec.embeddings));
    } else if (asked.ask == Ask.LOOK_FLEET && !late && with == Answer.PROCEED) {
      fleetClearUntil = now + spec.hold.toNanos();
    } else if (asked.ask == Ask.LOOK_FLEET && !late && with == Answer.HOLD) {
      fleetHeldUntil = now + spec.hold.toNanos();
    }
    if (asked.ask == Ask.EVICT && with == Answer.DONE) {
      resident = null;
    }
    ExploredJob job = asked.job;
    if (job != null && with == Answer.REFUSE && job.suspended && !job.unwinds() && !late) {
      job.failsAwait = true;
    }
    if (asked.isForLocal() && with == Answer.REFUSE && !late) {
      turns.attemptFails();
    }
    starts.answering();
  }

  /** Its task has ended meanwhile, or is only to unwind. */
  private static boolean isLookForNobody(Question asked) {
    ExploredJob job = asked.job;
    boolean looks = asked.ask == Ask.LOOK_EARLY || asked.ask == Ask.LOOK_FINAL;
    return looks && job != null && !job.wantsToStart();
  }

  /** What the engine made of it. */
  void saw(Effect effect) {
    if (late && !wakeIsDue && !(effect instanceof Effect.Release)) {
      throw new Violation("I11", "a late answer to " + question + " led to " + effect);
    }
    if (effect instanceof Effect.Start start) {
      starts.starts(job(start.job()));
    } else if (effect instanceof Effect.Resume resume) {
      starts.resumes(job(resume.job()), resume.failure() != null);
    } else if (effect instanceof Effect.Finish finish) {
      finishes(job(finish.job()), finish.outcome());
    } else if (effect instanceof Effect.Tell tell) {
      ExploredJob job = job(tell.job());
      Violation.unless(job.started && !job.tellSeen, "I8", job, " is told again, or unstarted");
      job.tellSeen = true;
    } else if (effect instanceof Effect.Freed freed) {
      boolean ended = freed.job() == about && (op == Op.SUCCEED || op == Op.FAIL);
      Violation.unless(ended, "I1", freed.job(), " is freed and its body goes on");
    } else if (effect instanceof Effect.Release release) {
      releases((Grant) release.lease());
    } else if (effect instanceof Effect.Suspended suspends) {
      suspends(job(suspends.job()), job(suspends.awaited()));
    } else if (effect instanceof Effect.Held held) {
      holds(job(held.job()), held.hold());
    } else if (effect instanceof Effect.FailJoin fail) {
      failsJoin(job(fail.job()));
    } else if (effect instanceof Effect.Door door) {
      doorOpen = door.open();
      if (!doorOpen && occupants(true) == 0) {
        attempts();
        if (occupants(false) > 0) {
          backoff.closes(now);
        }
      }
    } else if (effect instanceof Effect.Terminated) {
      boolean all = jobs.stream().noneMatch(ExploredJob::isLive);
      Violation.unless(shutdown && all && !terminated, "I7", "terminated too soon, or again");
      terminated = true;
    } else {
      asks(effect);
    }
  }

  private void asks(Effect effect) {
    if (effect instanceof Effect.Observe observe) {
      asks(Ask.OBSERVE, null, observe.token());
    } else if (effect instanceof Effect.Look look) {
      boolean early = look.stage() == dev.twoqueue.GateRequest.Stage.EARLY;
      long reclaimed = early && spec.asks(Ask.EVICT) ? drain.bytesInTheWayOf(job(look.job())) : 0;
      Violation.unless(
          look.reclaimableBytes() == reclaimed, "I4", look, " should reclaim ", reclaimed);
      asks(early ? Ask.LOOK_EARLY : Ask.LOOK_FINAL, job(look.job()), look.token());
    } else if (effect instanceof Effect.LookAtFleet look) {
      turns.fleetLooks();
      asks(Ask.LOOK_FLEET, job(look.head()), look.token());
    } else if (effect instanceof Effect.Evict evict) {
      boolean isWorker = evict.resident().role() == ResidentModel.Role.WORKER;
      Violation.unless(isWorker, "I9", evict, " takes a model that is always resident");
      asks(Ask.EVICT, job(evict.job()), evict.token());
    } else if (effect instanceof Effect.AskPermit ask) {
      asks(Ask.PERMIT, job(ask.job()), ask.token());
    } else if (effect instanceof Effect.WithdrawPermit withdraw) {
      Question asked = null;
      for (Question each : open) {
        asked = each.token == withdraw.token() ? each : asked;
      }
      Violation.unless(
          asked != null && asked.ask == Ask.PERMIT && !asked.withdrawn,
          "I7",
          "a permit is withdrawn that was not asked for");
      if (asked != null) {
        asked.withdrawn = true;
      }
    }
  }

  private void asks(Ask ask, @Nullable ExploredJob job, long token) {
    Question before = question;
    ExploredJob evictedFor = before == null ? null : before.job;
    boolean confirms =
        ask == Ask.OBSERVE
            && before != null
            && before.ask == Ask.EVICT
            && !localPaused
            && evictedFor != null
            && evictedFor.wantsToStart();
    Question asked = new Question(ask, job, token, confirms, spec.isTimed() ? now : 0);
    if (asked.isForLocal()) {
      lastLocalToken = token;
    }
    starts.asks(asked);
    open.add(asked);
  }

  private void finishes(ExploredJob job, Outcome<?> outcome) {
    Violation.unless(!job.finished, "I7", job, " ends again, with ", outcome);
    boolean ran = outcome instanceof Outcome.Succeeded || outcome instanceof Outcome.Failed;
    Violation.unless(!ran || job.started, "I7", job, " never ran, but ends with ", outcome);
    job.finished = true;
    job.startBy = 0;
    job.runUntil = 0;
  }

  private void releases(Grant grant) {
    Violation.unless(!grant.released, "I7", grant, " is given back twice");
    grant.released = true;
    grants.remove(grant);
  }

  private void suspends(ExploredJob job, ExploredJob target) {
    Violation.unless(job.occupies, "I10", job, " is suspended, but does not run");
    job.occupies = false;
    job.suspended = true;
    job.awaiting = target;
    drain.left(job);
  }

  private void holds(ExploredJob job, Verdict.Hold hold) {
    long until = now + hold.lookAgainAfter().toNanos();
    if (!job.isLocal()) {
      fleetHeldUntil = until;
    } else if (hold.scope() == Verdict.Scope.CLASS) {
      localHeldUntil = until;
    } else {
      job.notBefore = until;
    }
    starts.holds(job);
    if (job.isLocal()) {
      backoff.fails(now);
      turns.attemptFails();
    }
  }

  /** An attempt at a local-heavy start begins, or goes on. */
  void attempts() {
    if (!wasUnderWay) {
      turns.localBegins();
    }
  }

  /** Whether it has asked for a permit from outside, and waits. */
  boolean isAsking(ExploredJob job) {
    for (Question asked : open) {
      if (asked.ask == Ask.PERMIT && asked.job == job && !asked.withdrawn) {
        return true;
      }
    }
    return false;
  }

  private void failsJoin(ExploredJob job) {
    Violation.unless(job.joining != null, "I10", job, " does not join, but its join fails");
    Violation.unless(
        !WaitSpec.thatCanEnd(jobs, limit).contains(job), "I10", job, " could have gone on");
    job.joining = null;
  }

  /**
   * The event is over: what must hold whatever happened.
   *
   * @param deadlines whether the engine has seen what time it is
   */
  void settled(boolean deadlines) {
    if (doorOpen) {
      backoff.opens();
    }
    starts.settled();
    turns.settled();
    if (headWaits != null) {
      headWaits.check(jobs, now);
    }
    int suspended = 0;
    for (ExploredJob job : jobs) {
      suspended += job.suspended ? 1 : 0;
      if (job.bodyEnded && !job.finished) {
        throw new Violation("I7", job + " is over without an end");
      }
      boolean startsLate = !job.started && job.startBy != 0 && job.startBy <= now;
      boolean runsLate = job.started && job.runUntil != 0 && job.runUntil <= now;
      if (deadlines && !job.finished && (startsLate || runsLate)) {
        throw new Violation("deadline", job + " is past its deadline");
      }
    }
    for (Grant grant : grants) {
      if (!isAttributable(grant)) {
        throw new Violation("I7", grant + " has leaked");
      }
    }
    Violation.unless(suspended <= spec.suspendedLimit, "I10", "more are suspended than may be");
  }

  private boolean isAttributable(Grant grant) {
    ExploredJob job = grant.job;
    if (job == null || job.occupies) {
      return job != null && grants.stream().filter(other -> isTwin(grant, other)).count() == 1;
    }
    return grant.permit
        && open.stream().anyMatch(asked -> asked.ask == Ask.LOOK_FINAL && asked.job == job);
  }

  private static boolean isTwin(Grant grant, Grant other) {
    return grant.job == other.job && grant.permit == other.permit;
  }

  boolean isPaused(TaskClass taskClass) {
    return taskClass == TaskClass.FLEET ? fleetPaused : localPaused;
  }

  static ExploredJob job(Job job) {
    return (ExploredJob) job;
  }
}
