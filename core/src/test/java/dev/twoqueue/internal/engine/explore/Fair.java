package dev.twoqueue.internal.engine.explore;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fair continuation: nobody disturbs any more, gates admit, permits are granted, bodies end,
 * paused classes are resumed and time goes on. Then every task must end: no dead end, and no cycle
 * without progress. Each schedule is a function of the state alone, so that following it from every
 * state of a world costs one step a state.
 */
enum Fair {
  /** Every question is answered before a body ends, and time goes on only when nothing else can. */
  ANSWERS_FIRST,
  /** Bodies end as soon as they run; answers come after. */
  BODIES_FIRST,
  /** Answers come at once, and every timer fires before a body ends. */
  BODIES_LAST,
  /** Every timer fires before an answer comes; but for permits, whose wait is bounded by one. */
  TIME_FIRST,
  /** The fleet's requests for permits are not answered while a local-heavy task is left. */
  NO_PERMIT_FOR_THE_FLEET,
  /** Those of local-heavy tasks are not answered while a fleet task is left. */
  NO_LOCAL_PERMIT;

  private static final int ENOUGH = 1_000;

  /** Those that differ in a world. */
  static List<Fair> in(WorldSpec spec) {
    return Arrays.stream(values())
        .filter(schedule -> spec.asks(Ask.PERMIT) || schedule.compareTo(TIME_FIRST) <= 0)
        .toList();
  }

  /** Goes on to the end of all tasks. */
  void run(World world) {
    for (int step = 0; step < ENOUGH; step++) {
      Move move = next(world);
      if (move == null) {
        return;
      }
      world.apply(move);
    }
    throw new Violation("I6", "no end after " + ENOUGH + " fair moves");
  }

  /**
   * The next move.
   *
   * @return null when all tasks have ended
   * @throws Violation if there is none though tasks are left, or something is left behind
   */
  @Nullable Move next(World world) {
    Move first = firstOfAll(world);
    if (first != null) {
      return first;
    }
    Move answer = answer(world);
    Move end = end(world);
    Move time = world.nextWake() < World.NEVER ? Move.of(Op.TICK) : null;
    Move next =
        switch (this) {
          case ANSWERS_FIRST, NO_PERMIT_FOR_THE_FLEET, NO_LOCAL_PERMIT -> first(answer, end, time);
          case BODIES_FIRST -> first(end, answer, time);
          case BODIES_LAST -> first(answer, time, end);
          case TIME_FIRST -> asksOutside(world) ? answer : first(time, answer, end);
        };
    if (next == null) {
      ended(world);
    }
    return next;
  }

  private static void ended(World world) {
    Witness witness = world.witness;
    for (ExploredJob job : witness.jobs) {
      Violation.unless(!job.isLive(), "I6", "a dead end, ", job, " is left");
    }
    Violation.unless(witness.grants.isEmpty(), "I7", "kept to the end: ", witness.grants);
    Violation.unless(witness.doorOpen, "I6", "the door is closed, and nothing is to start");
    boolean terminates = witness.terminated == witness.shutdown;
    Violation.unless(terminates, "I7", "terminated: ", witness.terminated);
  }

  /** What is overdue or was disturbed. */
  private static @Nullable Move firstOfAll(World world) {
    Witness witness = world.witness;
    if (world.timerIsLate) {
      return Move.of(Op.TICK);
    }
    for (Question question : witness.open) {
      if (!world.wants(question)) {
        return answer(world, question);
      }
    }
    if (witness.localPaused) {
      return Move.of(Op.RESUME_LOCAL);
    }
    return witness.fleetPaused ? Move.of(Op.RESUME_FLEET) : null;
  }

  private static @Nullable Move first(
      @Nullable Move first, @Nullable Move second, @Nullable Move third) {
    if (first != null) {
      return first;
    }
    return second != null ? second : third;
  }

  private static boolean asksOutside(World world) {
    return !world.witness.open.isEmpty() && world.witness.open.get(0).ask == Ask.PERMIT;
  }

  private @Nullable Move answer(World world) {
    for (Question question : world.witness.open) {
      if (!isWithheld(world, question)) {
        return answer(world, question);
      }
    }
    return null;
  }

  /** Whether the permit never comes: then the other class is not kept out by it. */
  private boolean isWithheld(World world, Question question) {
    ExploredJob asking = question.job;
    boolean never =
        (this == NO_PERMIT_FOR_THE_FLEET || this == NO_LOCAL_PERMIT)
            && question.ask == Ask.PERMIT
            && asking != null
            && asking.isLocal() == (this == NO_LOCAL_PERMIT);
    boolean someWaits = false;
    boolean otherIsLeft = false;
    for (ExploredJob job : world.witness.jobs) {
      someWaits |= job.isLive() && (job.suspended || job.isBlocked());
      otherIsLeft |= job.isLive() && job.isLocal() != (this == NO_LOCAL_PERMIT);
    }
    return never && otherIsLeft && !someWaits; // a wait may be for the very task that asks
  }

  private static Move answer(World world, Question question) {
    Answer good =
        switch (question.ask) {
          case OBSERVE -> Answer.EMPTY;
          case LOOK_EARLY, LOOK_FINAL, LOOK_FLEET -> Answer.PROCEED;
          case EVICT -> Answer.DONE;
          case PERMIT -> Answer.GRANT;
        };
    return new Move(Op.ANSWER, world.witness.open.indexOf(question), 0, good);
  }

  private static @Nullable Move end(World world) {
    for (ExploredJob job : world.witness.jobs) {
      ExploredJob joined = job.joining;
      if (joined != null && joined.finished) {
        return Move.of(Op.END_JOIN, job.number);
      }
      if (job.occupies && joined == null) {
        return Move.of(Op.SUCCEED, job.number);
      }
    }
    return null;
  }
}
