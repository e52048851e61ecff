package dev.twoqueue.internal.engine;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.WaitingModel;
import java.time.Duration;
import java.util.List;

/**
 * What the host's policies answered while one input was decided. They are code, which no log can
 * hold; the library's defaults are only named, in the log's first line.
 */
final class PolicyAnswers {
  static final char TURN = 't';
  static final char DRAIN = 'm';

  private final StringBuilder answers = new StringBuilder();
  private boolean listening;

  /** The same settings with policies that are listened to. */
  EngineSettings listenTo(EngineSettings settings) {
    TurnPolicy turns = settings.turnPolicy();
    DrainPolicy drains = settings.drainPolicy();
    return settings.withPolicies(
        turns == TurnPolicy.DEFAULT ? turns : listenTo(turns),
        drains == DrainPolicy.DEFAULT ? drains : listenTo(drains));
  }

  private TurnPolicy listenTo(TurnPolicy policy) {
    return (TaskClass turn, Duration elapsed, int started) -> {
      Duration remaining = policy.remaining(turn, elapsed, started);
      answered(TURN, Turns.nanos(remaining));
      return remaining;
    };
  }

  private DrainPolicy listenTo(DrainPolicy policy) {
    return (List<WaitingModel> waiting) -> {
      WaitingModel chosen = policy.choose(waiting);
      answered(DRAIN, chosen.oldest());
      return chosen;
    };
  }

  private void answered(char policy, long answer) {
    if (listening) { // else somebody only looks, at the order of what waits
      answers.append(answers.isEmpty() ? "" : ",").append(policy).append(answer);
    }
  }

  void begin() {
    answers.setLength(0);
    listening = true;
  }

  /** All answers since the beginning, in order. */
  CharSequence end() {
    listening = false;
    return answers;
  }
}
