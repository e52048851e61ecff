package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** See {@link Gates#any(String, List)}. */
final class AnyGate implements Gate {
  private final String name;
  private final List<AskedGate> gates;

  AnyGate(String name, List<? extends Gate> gates) {
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
    for (AskedGate gate : gates) {
      Answer answer = new Answer(gate.name(), gate.ask(request));
      if (answer.verdict() instanceof Verdict.Proceed proceed) {
        return new Verdict.Proceed(
            answer.gate() + ": " + proceed.saw(),
            proceed.lease(),
            proceed.forecast(),
            proceed.lookAgainAfter());
      }
      answers.add(answer);
    }
    return combine(answers);
  }

  private static Verdict combine(List<Answer> answers) {
    List<Verdict.Hold> holds = Answer.only(answers, Verdict.Hold.class);
    if (holds.isEmpty()) {
      return new Verdict.Refuse(
          Answer.texts(answers, Verdict.Refuse.class), Answer.tightest(answers));
    }
    boolean taskAlone = holds.stream().anyMatch(h -> h.scope() == Verdict.Scope.TASK);
    return new Verdict.Hold(
        Answer.texts(answers, Verdict.Hold.class),
        holds.stream()
            .map(Verdict.Hold::lookAgainAfter)
            .min(Comparator.naturalOrder())
            .orElseThrow(),
        taskAlone ? Verdict.Scope.TASK : Verdict.Scope.CLASS,
        Answer.tightest(answers));
  }
}
