package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.Verdict;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Engine;
import dev.twoqueue.internal.engine.Job;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A real engine, and a world around it in which moves are made one at a time. */
final class World {
  static final long NEVER = Long.MAX_VALUE;

  final WorldSpec spec;
  final Engine engine;
  final Witness witness;
  final Map<Op, Integer> left;
  final int[] toCome;
  long now = 1_000 * WorldSpec.SECOND;
  int refusalsLeft;
  boolean timerIsLate;

  /** Whether the engine took the event as news; what it only refuses leaves a late timer late. */
  private boolean took;

  /** Time passed, and the engine did not ask to be woken. */
  private boolean unasked;

  /** Nothing came of the last move but a refusal, and the engine is as it was. */
  private boolean refused;

  /** The last question that was answered, while it may be answered again. */
  @Nullable Question answered;

  private final UnaryOperator<List<Effect>> wire;

  World(WorldSpec spec) {
    this(spec, effects -> effects);
  }

  /**
   * A world with a fault.
   *
   * @param wire what becomes of the effects on their way
   */
  World(WorldSpec spec, UnaryOperator<List<Effect>> wire) {
    this.spec = spec;
    this.wire = wire;
    engine = new Engine(spec.settings(), now);
    witness = new Witness(spec, now);
    left = new EnumMap<>(spec.budgets);
    toCome = spec.kinds.stream().mapToInt(Kind::count).toArray();
    refusalsLeft = spec.mostRefusals;
  }

  /** The world as it was at its beginning. */
  World anew() {
    return new World(spec, wire);
  }

  /** The time of the engine's next wake; {@link #NEVER} for none. */
  long nextWake() {
    return engine.nextWake();
  }

  /** Whether the engine still wants the answer. */
  boolean wants(Question question) {
    return question.ask == Ask.LOOK_FLEET || engine.view(now).wants(question.token);
  }

  boolean isDoorClosed() {
    return !witness.doorOpen;
  }

  ExploredJob job(int number) {
    return witness.jobs.get(number);
  }

  boolean refused() {
    return refused;
  }

  void apply(Move move) {
    refused = false;
    Op op = move.op();
    switch (op) {
      case TICK, LATE, HALF, PASS, UNTIL_WAKE -> {
        passTime(op);
        spend(op);
        return;
      }
      default -> {}
    }
    boolean isAboutJob =
        switch (op) {
          case CANCEL, SUCCEED, FAIL, AWAIT, JOIN, END_JOIN -> true;
          default -> false;
        };
    ExploredJob job = isAboutJob ? job(move.a()) : null;
    boolean wakeIsDue = engine.nextWake() <= now;
    witness.begin(op, job, now);
    witness.wakeIsDue |= wakeIsDue;
    took = true;
    if (op == Op.SUBMIT) {
      ExploredJob comes = new ExploredJob(witness.jobs.size(), spec.kinds.get(move.a()));
      witness.about = comes;
      submit(comes, move.a());
    } else if (job != null) {
      applyTo(job, move);
    } else if (op == Op.ANSWER) {
      answer(witness.open.get(move.a()), move.answer());
    } else if (op == Op.REPEAT) {
      Question again = answered;
      if (again == null) {
        throw new IllegalStateException("nothing was answered");
      }
      answer(again, move.answer());
    } else {
      applyToAll(op, move.a());
    }
    settle();
    spend(op);
  }

  private void spend(Op op) {
    if (!refused && left.containsKey(op)) {
      left.merge(op, -1, Integer::sum);
    }
  }

  private void passTime(Op op) {
    now = timerIsLate ? now : Clockwork.next(this, op);
    timerIsLate = op == Op.LATE;
    if (!timerIsLate) {
      witness.begin(op, null, now);
      took = true;
      engine.tick(now);
      unasked = op == Op.PASS || op == Op.UNTIL_WAKE;
      settle();
      unasked = false;
    }
  }

  private void applyTo(ExploredJob job, Move move) {
    switch (move.op()) {
      case CANCEL -> {
        boolean mayDo = !job.finished && !job.tellSeen;
        boolean did = engine.cancel(job, "not wanted", now);
        Violation.unless(did == mayDo, "I8", "cancelling ", job, " did anything: ", did);
        settle();
        boolean done = job.started ? job.tellSeen : job.finished;
        Violation.unless(done, "I8", job, " was cancelled to no effect");
      }
      case SUCCEED, FAIL -> ends(job, move.op() == Op.SUCCEED);
      case AWAIT -> waits(job, job(move.b()), false);
      case JOIN -> waits(job, job(move.b()), true);
      default -> {
        job.joining = null;
        engine.endJoin(job, now);
      }
    }
  }

  private void ends(ExploredJob job, boolean well) {
    job.occupies = false;
    job.suspended = false;
    job.bodyEnded = true;
    job.awaiting = null;
    if (well) {
      witness.drain.left(job);
    }
    Outcome<String> outcome =
        well
            ? new Outcome.Succeeded<>("done")
            : new Outcome.Failed<>(new IllegalStateException("a body's own"));
    engine.bodyEnded(job, outcome, now);
  }

  private void waits(ExploredJob job, ExploredJob target, boolean keepsSlot) {
    boolean canEnd = WaitSpec.harmsNobody(witness, job, target, keepsSlot);
    boolean tooMany =
        !keepsSlot
            && witness.jobs.stream().filter(other -> other.suspended).count()
                >= spec.suspendedLimit;
    String what = job + (keepsSlot ? " joins " : " awaits ") + target;
    TaskDeadlockException dead =
        keepsSlot ? engine.beginJoin(job, target, now) : engine.await(job, target, now);
    if (dead != null) {
      took = false;
      refused = true;
      Violation.unless(!canEnd || tooMany, "I10", what, " could end: ", dead.getMessage());
      Violation.unless(dead.chain().contains(job.toString()), "I10", "no chain: ", dead);
      return;
    }
    Violation.unless(canEnd, "I10", what, " for ever");
    Violation.unless(!tooMany, "I10", what, " above the bound");
    if (keepsSlot) {
      job.joining = target;
    }
  }

  private void answer(Question question, Answer answer) {
    if (!answer.isGood() && refusalsLeft != Integer.MAX_VALUE) {
      refusalsLeft--;
    }
    boolean again = question.answered;
    witness.answering(question, answer);
    answered = again || left.getOrDefault(Op.REPEAT, 0) == 0 ? null : question;
    switch (question.ask) {
      case OBSERVE -> engine.observed(question.token, answer.residency(spec.embeddings), now);
      case LOOK_EARLY, LOOK_FINAL -> engine.verdict(question.token, verdict(question, answer), now);
      case LOOK_FLEET -> engine.fleetVerdict(question.token, verdict(question, answer), now);
      case EVICT ->
          engine.evicted(question.token, answer == Answer.DONE ? null : "it is busy", now);
      case PERMIT -> {
        if (answer == Answer.GRANT) {
          engine.permitGranted(question.token, grant(question, true), now);
        } else {
          engine.permitRefused(question.token, "others hold it", now);
        }
      }
    }
  }

  private Verdict verdict(Question question, Answer answer) {
    boolean leases = spec.leases && answer == Answer.PROCEED;
    return answer.verdict(leases ? grant(question, false) : Lease.NONE, spec.hold);
  }

  private Grant grant(Question question, boolean permit) {
    Grant grant = new Grant(question.job, permit);
    witness.grants.add(grant);
    return grant;
  }

  private void submit(ExploredJob job, int kind) {
    toCome[kind]--;
    witness.jobs.add(job);
    Duration startWithin = job.kind.startWithin();
    if (startWithin != null) {
      job.startBy = now + startWithin.toNanos();
    }
    if (job.isLocal() && spec.isCapped()) {
      for (ExploredJob other : witness.jobs) {
        job.older += other.isLocal() && !other.started && !other.finished && other != job ? 1 : 0;
      }
    }
    String rejected = engine.submit(job, now);
    Violation.unless((rejected != null) == witness.shutdown, "I7", "rejected: ", rejected);
    if (rejected != null) {
      took = false;
      job.finished = true;
      job.startBy = 0;
    }
  }

  private void applyToAll(Op op, int number) {
    switch (op) {
      case PAUSE_LOCAL -> {
        witness.localPaused = true;
        engine.pause(TaskClass.LOCAL_HEAVY, now);
      }
      case PAUSE_FLEET -> {
        witness.fleetPaused = true;
        engine.pause(TaskClass.FLEET, now);
      }
      case RESUME_LOCAL -> {
        witness.localPaused = false;
        engine.resume(TaskClass.LOCAL_HEAVY, now);
      }
      case RESUME_FLEET -> {
        witness.fleetPaused = false;
        engine.resume(TaskClass.FLEET, now);
      }
      case LIMIT -> {
        witness.limit = number;
        engine.fleetLimit(number, now);
      }
      case SHUTDOWN -> {
        witness.shutdown = true;
        engine.shutdown(now);
      }
      default -> {
        witness.shutdown = true;
        List<Job> neverRan = engine.shutdownNow("shut down", now);
        settle();
        for (ExploredJob job : witness.jobs) {
          boolean told = job.finished || job.tellSeen;
          Violation.unless(told, "I8", job, " was not told of the shutdown");
          boolean ran = job.started && neverRan.contains(job);
          Violation.unless(!ran, "I7", job, " ran, and is handed back as if it had not");
        }
      }
    }
  }

  private void settle() {
    timerIsLate &= !took;
    List<Effect> effects = wire.apply(engine.takeEffects());
    boolean asIs = !unasked || effects.isEmpty();
    Violation.unless(asIs, "I6", "time alone brings about ", effects, ", and no wake is asked for");
    effects.forEach(witness::saw);
    witness.settled(took);
    boolean later = !took || engine.nextWake() > now;
    Violation.unless(later, "I6", "wants to be woken at once: what is due was not done");
  }
}
