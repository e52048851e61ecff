package dev.twoqueue.internal.engine.explore;

/** The kinds of moves, named as the methods of {@link ReplayedTrace} that make them. */
enum Op {
  SUBMIT("submit", 1),
  CANCEL("cancel", 1),
  ANSWER("answer", 1),
  /** A question is answered a second time, perhaps otherwise. */
  REPEAT("repeat", 0),
  SUCCEED("succeed", 1),
  FAIL("fail", 1),
  AWAIT("await", 2),
  JOIN("join", 2),
  END_JOIN("endJoin", 1),
  /** Time goes to the engine's next wake, or to where something else is due. */
  TICK("tick", 0),
  /** Half of that. */
  HALF("half", 0),
  /** As {@link #TICK}, but the timer is late: the next event overtakes it. */
  LATE("late", 0),
  /** Time passes with no timer armed, long enough for a turn to use its budget. */
  PASS("pass", 0),
  /** Time goes to right before the engine's next wake: nothing may come of that. */
  UNTIL_WAKE("untilWake", 0),
  PAUSE_LOCAL("pauseLocal", 0),
  PAUSE_FLEET("pauseFleet", 0),
  RESUME_LOCAL("resumeLocal", 0),
  RESUME_FLEET("resumeFleet", 0),
  LIMIT("limit", 1),
  SHUTDOWN("shutdown", 0),
  SHUTDOWN_NOW("shutdownNow", 0);

  final String call;
  final int arguments;

  Op(String call, int arguments) {
    this.call = call;
    this.arguments = arguments;
  }
}
