package dev.twoqueue.internal.engine.explore;

/** Where time may go. */
final class Clockwork {
  /** Longer than every deadline, hold, budget and backoff. */
  private static final long LONG = 1_000 * WorldSpec.SECOND;

  private Clockwork() {}

  /** When something happens by itself: a timer of the engine's, or what is due in a timed world. */
  static long next(World world) {
    return Math.min(world.nextWake(), due(world));
  }

  static long next(World world, Op op) {
    return switch (op) {
      case TICK, LATE -> Math.max(world.now, next(world));
      case HALF -> world.now + (next(world) - world.now) / 2;
      case UNTIL_WAKE -> Math.max(world.now, Math.min(next(world) - 1, world.now + LONG));
      default -> world.now + world.spec.horizon();
    };
  }

  /** When the first body has to end or the first answer to come; for timed worlds. */
  static long due(World world) {
    WorldSpec spec = world.spec;
    if (!spec.isTimed()) {
      return World.NEVER;
    }
    long due = World.NEVER;
    for (Question question : world.witness.open) {
      due = Math.min(due, question.asked + spec.longestAnswer);
    }
    for (ExploredJob job : world.witness.jobs) {
      if (job.occupies) {
        due = Math.min(due, job.occupiesSince + spec.longestBody);
      }
    }
    return due;
  }
}
