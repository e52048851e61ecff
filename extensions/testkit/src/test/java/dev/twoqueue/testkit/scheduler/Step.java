package dev.twoqueue.testkit.scheduler;

/**
 * One random step of a sequence.
 *
 * @param kind what happens
 * @param a picks a task, a model, a mode
 * @param b picks another
 */
record Step(Kind kind, int a, int b) {
  enum Kind {
    NOTHING,
    SUBMIT_LOCAL,
    SUBMIT_FLEET,
    END_BODY,
    CANCEL,
    ADVANCE,
    GATE_MODE,
    RESIDENT,
    EVICTOR_MODE,
    PREDICTOR_MODE,
    AWAIT,
    PAUSE,
    RESUME,
    FLEET_LIMIT,
    DELAY_WORK,
    LATE_WORK,
    PERMIT_MODE,
    GRANT,
    LISTENER_MODE,
    CLOCK_MODE,
    PREVIEW,
    SHUTDOWN
  }

  int pick(int size) {
    return Math.floorMod(a, size);
  }

  int pickOther(int size) {
    return Math.floorMod(b, size);
  }

  @Override
  public String toString() {
    return kind + "(" + a + "," + b + ")";
  }
}
