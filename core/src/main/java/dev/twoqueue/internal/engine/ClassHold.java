package dev.twoqueue.internal.engine;

import dev.twoqueue.Verdict;
import java.time.Duration;

/** A whole class is held until a time, for a reason that lies with the machine. */
final class ClassHold {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private long until = Job.NEVER;
  private String because = "";

  boolean holds() {
    return until != Job.NEVER;
  }

  /** When it is looked at again; {@link Job#NEVER} when it is not held. */
  long until() {
    return until;
  }

  String because() {
    return because;
  }

  void hold(Verdict.Hold hold, long now) {
    until = now + hold.lookAgainAfter().toNanos();
    because = hold.reason();
  }

  /** Time passed. */
  void tick(long now) {
    if (until <= now) {
      until = Job.NEVER;
    }
  }

  /** The same hold with its next look a second away at least, so that no gate makes us spin. */
  static Verdict.Hold atLeastASecond(Verdict.Hold asked) {
    return asked.lookAgainAfter().compareTo(SHORTEST) >= 0
        ? asked
        : new Verdict.Hold(asked.reason(), SHORTEST, asked.scope(), asked.forecast());
  }
}
