package dev.twoqueue.gate;

import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gates of this package have in common. */
final class Looks {
  private static final Logger log = LoggerFactory.getLogger(Looks.class);

  private Looks() {}

  /** A look that may fail. */
  @FunctionalInterface
  interface Look {
    Verdict take() throws Exception;
  }

  /** A figure that cannot be read holds: an unknown is never taken as safe (I11). */
  static Verdict holdingOnFailure(String what, Duration lookAgain, Verdict.Scope scope, Look look)
      throws Exception {
    try {
      return look.take();
    } catch (InterruptedException e) {
      throw e; // the scheduler gave this look up; no figure failed
    } catch (Exception | LinkageError e) {
      log.debug("{} cannot be read", what, e);
      return hold(Gates.CANNOT_TELL + what + " cannot be read: " + describe(e), lookAgain, scope);
    }
  }

  static Verdict.Hold hold(String reason, Duration lookAgain, Verdict.Scope scope) {
    return new Verdict.Hold(reason, lookAgain, scope, Optional.empty());
  }

  static String describe(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + message;
  }

  /** A time for people. */
  static String seconds(Duration time) {
    return time.compareTo(Duration.ofMinutes(2)) < 0
        ? Numbers.fixed(time.toMillis() / 1000.0, 1) + " s"
        : time.toMinutes() + " min";
  }
}
