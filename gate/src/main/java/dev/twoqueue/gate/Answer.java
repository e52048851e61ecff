package dev.twoqueue.gate;

import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one gate of several said.
 *
 * @param gate its name
 * @param verdict what it said
 */
record Answer(String gate, Verdict verdict) {

  /** The forecast with the least headroom. */
  static Optional<MemoryForecast> tightest(List<Answer> answers) {
    return answers.stream()
        .flatMap(answer -> forecast(answer.verdict).stream())
        .min(Comparator.comparingLong(MemoryForecast::headroomBytes));
  }

  private static Optional<MemoryForecast> forecast(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      return proceed.forecast();
    }
    return verdict instanceof Verdict.Hold hold
        ? hold.forecast()
        : ((Verdict.Refuse) verdict).forecast();
  }

  /** What the gate saw, or its reason. */
  static String text(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      return proceed.saw();
    }
    return verdict instanceof Verdict.Hold hold
        ? hold.reason()
        : ((Verdict.Refuse) verdict).reason();
  }

  /** The verdicts of one kind. */
  static <V extends Verdict> List<V> only(List<Answer> answers, Class<V> kind) {
    return answers.stream().map(Answer::verdict).filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What those with one kind of verdict said, each with its gate's name. */
  static String texts(List<Answer> answers, Class<? extends Verdict> kind) {
    return answers.stream()
        .filter(answer -> kind.isInstance(answer.verdict) && !text(answer.verdict).isBlank())
        .map(answer -> answer.gate + ": " + text(answer.verdict))
        .collect(Collectors.joining("; "));
  }
}
