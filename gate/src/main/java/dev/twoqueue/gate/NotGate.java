package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;

/** See {@link Gates#not(String, Gate)}. */
final class NotGate implements Gate {
  private final String name;
  private final AskedGate gate;

  NotGate(String name, Gate gate) {
    this.name = name;
    this.gate = new AskedGate(gate);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    Verdict verdict = gate.ask(request);
    String text = gate.name() + ": " + Answer.text(verdict);
    if (verdict instanceof Verdict.Proceed) {
      AskedGate.giveBack(verdict);
      return Verdict.holdClass("it passes " + text, AskedGate.AFTER_FAILURE);
    }
    return text.contains(Gates.CANNOT_TELL) ? verdict : Verdict.proceed("not so: " + text);
  }
}
