package dev.twoqueue.internal.engine;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.TurnPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** Policies that answer what a log says; what it does not say is a divergence. */
final class ReplayedPolicies {
  private final Queue<Long> turns = new ArrayDeque<>();
  private final Queue<Long> drains = new ArrayDeque<>();
  private String different = "";

  final TurnPolicy turnPolicy =
      (turn, elapsed, started) -> {
        Long remaining = turns.poll();
        if (remaining == null) {
          different = "the turn policy was asked more often than the log says";
          return Duration.ZERO;
        }
        return Duration.ofNanos(remaining);
      };

  final DrainPolicy drainPolicy =
      waiting -> {
        Long oldest = drains.poll();
        return waiting.stream()
            .filter(model -> oldest != null && model.oldest() == oldest)
            .findFirst()
            .orElseGet(
                () -> {
                  different = "the drain policy's choice in the log does not wait: " + oldest;
                  return DrainPolicy.DEFAULT.choose(waiting);
                });
      };

  /** The answers that belong to the next input. */
  void answer(String answers) throws BadInputException {
    turns.clear();
    drains.clear();
    different = "";
    if (answers.isEmpty()) {
      return;
    }
    for (String answer : answers.split(",", -1)) {
      char policy = answer.isEmpty() ? ' ' : answer.charAt(0);
      if (policy != PolicyAnswers.TURN && policy != PolicyAnswers.DRAIN) {
        throw new BadInputException("a policy's answer begins with t or m, not '" + answer + "'");
      }
      (policy == PolicyAnswers.TURN ? turns : drains)
          .add(InputFields.number(answer.substring(1), Long.MIN_VALUE));
    }
  }

  /** What was not asked as the log says; empty when all was. */
  String difference() {
    return different.isEmpty() && !(turns.isEmpty() && drains.isEmpty())
        ? "a policy was asked less often than the log says"
        : different;
  }
}
