package dev.twoqueue.internal.engine.explore;

import java.util.ArrayList;
import java.util.List;

/** What can happen next in a world. */
final class Moves {
  private final World world;
  private final Witness witness;
  private final WorldSpec spec;
  private final List<Move> moves = new ArrayList<>();

  private Moves(World world) {
    this.world = world;
    this.witness = world.witness;
    this.spec = world.spec;
  }

  static List<Move> of(World world) {
    return new Moves(world).list();
  }

  private List<Move> list() {
    List<Question> late = witness.open.stream().filter(question -> !world.wants(question)).toList();
    if (late.size() > spec.mostLateAnswers) {
      late.forEach(this::answer);
      return moves;
    }
    witness.open.forEach(this::answer);
    repeat();
    for (int kind = 0; kind < world.toCome.length; kind++) {
      if (world.toCome[kind] > 0) {
        moves.add(Move.of(Op.SUBMIT, kind));
      }
    }
    witness.jobs.forEach(this::job);
    time();
    host();
    return moves;
  }

  private void answer(Question question) {
    int number = witness.open.indexOf(question);
    for (Answer answer : spec.answersTo(question.ask)) {
      if ((answer.isGood() || world.refusalsLeft > 0) && mayBeTrue(question, answer)) {
        moves.add(new Move(Op.ANSWER, number, 0, answer));
      }
    }
  }

  /** Whether a probe that tells the truth may answer this. */
  private boolean mayBeTrue(Question question, Answer answer) {
    if (!spec.truthful || question.ask != Ask.OBSERVE) {
      return true;
    }
    return switch (answer) {
      case M1 -> "m1".equals(witness.resident);
      case M2 -> "m2".equals(witness.resident);
      case EMPTY -> witness.resident == null || witness.resident.equals("m3");
      default -> true;
    };
  }

  private void repeat() {
    Question again = world.answered;
    if (again != null && mayStill(Op.REPEAT)) {
      for (Answer answer : spec.answersTo(again.ask)) {
        moves.add(new Move(Op.REPEAT, 0, 0, answer));
      }
    }
  }

  private void job(ExploredJob job) {
    if (!job.isLive()) {
      return;
    }
    if (mayStill(Op.CANCEL) && !job.finished && !job.tellSeen) {
      moves.add(Move.of(Op.CANCEL, job.number));
    }
    ExploredJob joined = job.joining;
    if (joined != null && (joined.finished || job.tellSeen)) {
      moves.add(Move.of(Op.END_JOIN, job.number));
    }
    boolean goesOn = job.occupies && !job.isBlocked();
    if (goesOn || (job.suspended && spec.asynchronous)) {
      moves.add(Move.of(Op.SUCCEED, job.number));
      if (spec.failures) {
        moves.add(Move.of(Op.FAIL, job.number));
      }
    }
    if (goesOn) {
      waits(job, Op.AWAIT);
      waits(job, Op.JOIN);
    }
  }

  private void waits(ExploredJob job, Op op) {
    if (mayStill(op)) {
      for (ExploredJob target : witness.jobs) {
        if (!target.finished) {
          moves.add(Move.of(op, job.number, target.number));
        }
      }
    }
  }

  private void time() {
    long next = Clockwork.next(world);
    boolean wakesNow = world.timerIsLate || world.nextWake() <= world.now;
    if (wakesNow) {
      moves.add(Move.of(Op.TICK));
    } else if (next > world.now && next < World.NEVER) {
      moves.add(Move.of(Op.TICK));
      if (mayStill(Op.LATE)) {
        moves.add(Move.of(Op.LATE));
      }
      if (mayStill(Op.HALF)) {
        moves.add(Move.of(Op.HALF));
      }
    }
    if (spec.timePasses && !wakesNow && !spec.isTimed() && next - world.now > spec.horizon()) {
      moves.add(Move.of(Op.PASS));
    }
  }

  private void host() {
    if (mayStill(Op.PAUSE_LOCAL) && !witness.localPaused) {
      moves.add(Move.of(Op.PAUSE_LOCAL));
    }
    if (mayStill(Op.PAUSE_FLEET) && !witness.fleetPaused) {
      moves.add(Move.of(Op.PAUSE_FLEET));
    }
    if (witness.localPaused) {
      moves.add(Move.of(Op.RESUME_LOCAL));
    }
    if (witness.fleetPaused) {
      moves.add(Move.of(Op.RESUME_FLEET));
    }
    if (mayStill(Op.LIMIT)) {
      spec.limits.stream()
          .filter(limit -> limit != witness.limit)
          .forEach(limit -> moves.add(Move.of(Op.LIMIT, limit)));
    }
    if (mayStill(Op.SHUTDOWN) && !witness.shutdown) {
      moves.add(Move.of(Op.SHUTDOWN));
    }
    if (mayStill(Op.SHUTDOWN_NOW)) {
      moves.add(Move.of(Op.SHUTDOWN_NOW));
    }
  }

  private boolean mayStill(Op op) {
    return world.left.getOrDefault(op, 0) > 0;
  }
}
