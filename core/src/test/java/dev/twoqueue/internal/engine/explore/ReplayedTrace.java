package dev.twoqueue.internal.engine.explore;

/**
 * A trace of the explorer's as a regression test: the moves in order, each checked as it is in an
 * exploration. Jobs, kinds and open questions are named by their numbers.
 */
final class ReplayedTrace {
  private final World world;

  private ReplayedTrace(World world) {
    this.world = world;
  }

  static ReplayedTrace in(WorldSpec spec) {
    return new ReplayedTrace(new World(spec));
  }

  World world() {
    return world;
  }

  ReplayedTrace submit(int kind) {
    return move(Move.of(Op.SUBMIT, kind));
  }

  ReplayedTrace cancel(int job) {
    return move(Move.of(Op.CANCEL, job));
  }

  ReplayedTrace answer(int question, Answer answer) {
    return move(new Move(Op.ANSWER, question, 0, answer));
  }

  ReplayedTrace repeat(Answer answer) {
    return move(new Move(Op.REPEAT, 0, 0, answer));
  }

  ReplayedTrace succeed(int job) {
    return move(Move.of(Op.SUCCEED, job));
  }

  ReplayedTrace fail(int job) {
    return move(Move.of(Op.FAIL, job));
  }

  ReplayedTrace await(int job, int target) {
    return move(Move.of(Op.AWAIT, job, target));
  }

  ReplayedTrace join(int job, int target) {
    return move(Move.of(Op.JOIN, job, target));
  }

  ReplayedTrace endJoin(int job) {
    return move(Move.of(Op.END_JOIN, job));
  }

  ReplayedTrace tick() {
    return move(Move.of(Op.TICK));
  }

  ReplayedTrace half() {
    return move(Move.of(Op.HALF));
  }

  ReplayedTrace late() {
    return move(Move.of(Op.LATE));
  }

  ReplayedTrace pass() {
    return move(Move.of(Op.PASS));
  }

  /** Nothing comes before the engine has asked to be woken. */
  ReplayedTrace untilWake() {
    world.apply(Move.of(Op.UNTIL_WAKE));
    return this;
  }

  ReplayedTrace pauseLocal() {
    return move(Move.of(Op.PAUSE_LOCAL));
  }

  ReplayedTrace pauseFleet() {
    return move(Move.of(Op.PAUSE_FLEET));
  }

  ReplayedTrace resumeLocal() {
    return move(Move.of(Op.RESUME_LOCAL));
  }

  ReplayedTrace resumeFleet() {
    return move(Move.of(Op.RESUME_FLEET));
  }

  ReplayedTrace limit(int fleet) {
    return move(Move.of(Op.LIMIT, fleet));
  }

  ReplayedTrace shutdown() {
    return move(Move.of(Op.SHUTDOWN));
  }

  ReplayedTrace shutdownNow() {
    return move(Move.of(Op.SHUTDOWN_NOW));
  }

  /** From here every task must end. */
  ReplayedTrace endsFairly(Fair schedule) {
    schedule.run(world);
    return this;
  }

  private ReplayedTrace move(Move move) {
    if (!Moves.of(world).contains(move)) {
      throw new IllegalArgumentException(move + " is not possible here: " + Moves.of(world));
    }
    world.apply(move);
    return this;
  }
}
