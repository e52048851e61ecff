package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** See {@link Gates#all(String, List)}. */
final class AllGates implements Gate {
  private final String name;
  private final List<AskedGate> gates;

  AllGates(String name, List<? extends Gate> gates) {
    this.name = name;
    this.gates = AskedGate.of(gates);
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
      for (AskedGate gate : gates) {
        answers.add(new Answer(gate.name(), gate.ask(request)));
      }
      Verdict combined = combine(answers);
      proceeds = combined instanceof Verdict.Proceed;
      return combined;
    } finally {
      if (!proceeds) {
        // Also when an error ends the round: nobody else knows of these leases.
        AskedGate.giveBack(leases(answers));
      }
    }
  }

  private static Verdict combine(List<Answer> answers) {
    Optional<MemoryForecast> forecast = Answer.tightest(answers);
    List<Verdict.Refuse> refusals = Answer.only(answers, Verdict.Refuse.class);
    if (!refusals.isEmpty()) {
      return new Verdict.Refuse(Answer.texts(answers, Verdict.Refuse.class), forecast);
    }
    List<Verdict.Hold> holds = Answer.only(answers, Verdict.Hold.class);
    if (!holds.isEmpty()) {
      boolean wholeClass = holds.stream().anyMatch(h -> h.scope() == Verdict.Scope.CLASS);
      return new Verdict.Hold(
          Answer.texts(answers, Verdict.Hold.class),
          holds.stream()
              .map(Verdict.Hold::lookAgainAfter)
              .max(Comparator.naturalOrder())
              .orElseThrow(),
          wholeClass ? Verdict.Scope.CLASS : Verdict.Scope.TASK,
          forecast);
    }
    return new Verdict.Proceed(
        Answer.texts(answers, Verdict.Proceed.class),
        together(leases(answers)),
        forecast,
        Answer.only(answers, Verdict.Proceed.class).stream()
            .flatMap(proceed -> proceed.lookAgainAfter().stream())
            .min(Comparator.naturalOrder()));
  }

  private static List<Lease> leases(List<Answer> answers) {
    return answers.stream()
        .flatMap(
            answer ->
                answer.verdict() instanceof Verdict.Proceed proceed
                    ? Stream.of(proceed.lease())
                    : Stream.<Lease>empty())
        .filter(lease -> lease != Lease.NONE)
        .toList();
  }

  private static Lease together(List<Lease> leases) {
    return leases.isEmpty() ? Lease.NONE : () -> AskedGate.giveBack(leases);
  }
}
