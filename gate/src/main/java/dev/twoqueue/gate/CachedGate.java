package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** See {@link Gates#cached(Gate, Duration)}. */
final class CachedGate implements Gate {
  private final AskedGate gate;
  private final Duration maxAge;
  private final LongSupplier nanoTime;
  private volatile @Nullable Kept kept;

  private record Kept(Verdict verdict, long askedNanos) {}

  CachedGate(Gate gate, Duration maxAge, LongSupplier nanoTime) {
    this.gate = new AskedGate(gate);
    this.maxAge = maxAge;
    this.nanoTime = nanoTime;
  }

  @Override
  public String name() {
    return gate.name();
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    long now = nanoTime.getAsLong();
    @Nullable Kept before = kept;
    if (before != null
        && now - before.askedNanos <= maxAge.toNanos()
        && serves(before.verdict, request.stage())) {
      return before.verdict;
    }
    Verdict verdict = gate.ask(request);
    kept = isAboutTheHost(verdict) ? new Kept(verdict, now) : null;
    return verdict;
  }

  /** The final look has to see the machine as it is (I4). */
  private static boolean serves(Verdict verdict, GateRequest.Stage stage) {
    return verdict instanceof Verdict.Hold || stage != GateRequest.Stage.FINAL;
  }

  private static boolean isAboutTheHost(Verdict verdict) {
    return verdict instanceof Verdict.Proceed proceed
        ? proceed.lease() == Lease.NONE && proceed.forecast().isEmpty()
        : verdict instanceof Verdict.Hold hold && hold.scope() == Verdict.Scope.CLASS;
  }
}
