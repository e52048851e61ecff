package dev.twoqueue.internal.engine;

import dev.twoqueue.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** How a body ended; what it returned or threw decides nothing. */
final class OutcomeText {
  private static final String NOT_LOGGED = "the reason was not logged";

  private OutcomeText() {}

  static String of(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Succeeded) {
      return "ok";
    }
    if (outcome instanceof Outcome.Failed) {
      return "failed";
    }
    if (outcome instanceof Outcome.TimedOut<?> late) {
      return late.deadline() == Outcome.Deadline.RUN_TIMEOUT ? "late" : "lateStart";
    }
    return outcome instanceof Outcome.Refused ? "refused" : "cancelled";
  }

  static Outcome<?> read(String text) throws BadInputException {
    return switch (text) {
      case "ok" -> new Outcome.Succeeded<>(NOT_LOGGED);
      case "failed" -> new Outcome.Failed<>(new CancellationException(NOT_LOGGED));
      case "cancelled" -> new Outcome.Cancelled<>(NOT_LOGGED);
      case "refused" -> new Outcome.Refused<>(NOT_LOGGED, Optional.empty());
      case "late" -> late(Outcome.Deadline.RUN_TIMEOUT);
      case "lateStart" -> late(Outcome.Deadline.START_WITHIN);
      default -> throw new BadInputException("no body ends with '" + text + "'");
    };
  }

  private static Outcome<?> late(Outcome.Deadline deadline) {
    return new Outcome.TimedOut<>(deadline, Duration.ofNanos(1));
  }
}
