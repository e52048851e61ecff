package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gate within another: one that throws or answers null holds, with that as its reason (I11).
 *
 * @param name asked for once: a {@code name()} that throws must not cost a lease during a look
 */
record AskedGate(String name, Gate gate) {
  static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(AskedGate.class);

  AskedGate(Gate gate) {
    this(Arguments.notBlank(gate.name(), "gate.name()"), gate);
  }

  static List<AskedGate> of(List<? extends Gate> gates) {
    return gates.stream().map(AskedGate::new).toList();
  }

  Verdict ask(GateRequest request) throws InterruptedException {
    try {
      @Nullable Verdict verdict = gate.look(request);
      return verdict == null ? unknown("it answered null") : verdict;
    } catch (InterruptedException e) {
      throw e; // the scheduler gave the whole look up
    } catch (Exception | LinkageError e) {
      log.warn("gate {} failed and holds", name, e);
      return unknown("it failed: " + Looks.describe(e));
    }
  }

  static Verdict unknown(String why) {
    return Verdict.holdClass(Gates.CANNOT_TELL + why, AFTER_FAILURE);
  }

  static void giveBack(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed) {
      giveBack(List.of(proceed.lease()));
    }
  }

  /** One that cannot be given back must not keep the others. */
  static void giveBack(List<Lease> leases) {
    for (Lease lease : leases) {
      try {
        lease.close();
      } catch (RuntimeException | LinkageError e) {
        log.warn("a gate's lease could not be given back", e);
      }
    }
  }
}
