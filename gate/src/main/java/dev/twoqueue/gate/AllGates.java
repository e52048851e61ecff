package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link Gates#all(String, List)}. */
final class AllGates implements Gate {
  private static final Logger log = LoggerFactory.getLogger(AllGates.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private record Answer(String gate, Verdict verdict) {}

  private record Named(String name, Gate gate) {}

  private final String name;
  private final List<Named> gates;

  AllGates(String name, List<Gate> gates) {
    this.name = name;
    // Names are asked for once, here: a name() that throws must not cost a lease during a look.
    this.gates =
        gates.stream()
            .map(gate -> new Named(Arguments.notBlank(gate.name(), "gate.name()"), gate))
            .toList();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    List<Answer> answers = new ArrayList<>(gates.size());
    boolean proceeds = false;
    try {
      for (Named gate : gates) {
        answers.add(new Answer(gate.name, ask(gate, request)));
      }
      Verdict combined = combine(answers);
      proceeds = combined instanceof Verdict.Proceed;
      return combined;
    } finally {
      if (!proceeds) {
        // Also when an error ends the round: nobody else knows of these leases.
        close(leases(answers));
      }
    }
  }

  private static Verdict ask(Named gate, GateRequest request) throws InterruptedException {
    try {
      @Nullable Verdict verdict = gate.gate.look(request);
      return verdict == null ? Verdict.holdClass("it answered null", AFTER_FAILURE) : verdict;
    } catch (InterruptedException e) {
      throw e; // the scheduler gave the whole look up
    } catch (Exception | LinkageError e) {
      log.warn("gate {} failed and holds", gate.name, e);
      return Verdict.holdClass("it failed: " + Looks.describe(e), AFTER_FAILURE);
    }
  }

  private static Verdict combine(List<Answer> answers) {
    Optional<MemoryForecast> forecast = tightest(answers);
    List<Verdict.Refuse> refusals = only(answers, Verdict.Refuse.class);
    if (!refusals.isEmpty()) {
      return new Verdict.Refuse(texts(answers, Verdict.Refuse.class), forecast);
    }
    List<Verdict.Hold> holds = only(answers, Verdict.Hold.class);
    if (!holds.isEmpty()) {
      boolean wholeClass = holds.stream().anyMatch(h -> h.scope() == Verdict.Scope.CLASS);
      return new Verdict.Hold(
          texts(answers, Verdict.Hold.class),
          holds.stream()
              .map(Verdict.Hold::lookAgainAfter)
              .max(Comparator.naturalOrder())
              .orElse(AFTER_FAILURE),
          wholeClass ? Verdict.Scope.CLASS : Verdict.Scope.TASK,
          forecast);
    }
    return new Verdict.Proceed(
        texts(answers, Verdict.Proceed.class),
        together(leases(answers)),
        forecast,
        only(answers, Verdict.Proceed.class).stream()
            .flatMap(proceed -> proceed.lookAgainAfter().stream())
            .min(Comparator.naturalOrder()));
  }

  private static Optional<MemoryForecast> tightest(List<Answer> answers) {
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

  private static String text(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      return proceed.saw();
    }
    return verdict instanceof Verdict.Hold hold
        ? hold.reason()
        : ((Verdict.Refuse) verdict).reason();
  }

  private static <V extends Verdict> List<V> only(List<Answer> answers, Class<V> kind) {
    return answers.stream().map(Answer::verdict).filter(kind::isInstance).map(kind::cast).toList();
  }

  private static String texts(List<Answer> answers, Class<? extends Verdict> kind) {
    return answers.stream()
        .filter(answer -> kind.isInstance(answer.verdict) && !text(answer.verdict).isBlank())
        .map(answer -> answer.gate + ": " + text(answer.verdict))
        .collect(Collectors.joining("; "));
  }

  private static List<Lease> leases(List<Answer> answers) {
    return answers.stream()
        .flatMap(
            answer ->
                answer.verdict instanceof Verdict.Proceed proceed
                    ? Stream.of(proceed.lease())
                    : Stream.<Lease>empty())
        .filter(lease -> lease != Lease.NONE)
        .toList();
  }

  private static Lease together(List<Lease> leases) {
    return leases.isEmpty() ? Lease.NONE : () -> close(leases);
  }

  /** One that cannot be given back must not keep the others. */
  private static void close(List<Lease> leases) {
    for (Lease lease : leases) {
      try {
        lease.close();
      } catch (RuntimeException | LinkageError e) {
        log.warn("a gate's lease could not be given back", e);
      }
    }
  }
}
