package dev.twoqueue.examples.host;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks at a gate as the scheduler does: when its last verdict says so, and each second else. */
final class Looking {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Looking() {}

  /** A verdict, and how long it was waited for. */
  record Seen(Verdict verdict, Duration after) {
    String text() {
      return verdict instanceof Verdict.Hold hold
          ? hold.reason()
          : verdict instanceof Verdict.Proceed proceed ? proceed.saw() : verdict.toString();
    }
  }

  static GateRequest request(LocalHeavyTask<?> task) {
    return new GateRequest(
        task, GateRequest.Stage.EARLY, Residency.unknown("a demo"), Optional.empty(), 0);
  }

  static LocalHeavyTask<String> oracle() {
    return LocalHeavyTask.of(LocalKind.ORACLE, "an oracle", task -> "");
  }

  /** Looks until a verdict is as wanted, or for so long; the last one either way. */
  static Seen until(Gate gate, Predicate<Verdict> wanted, Duration atMost) throws Exception {
    long begin = System.nanoTime();
    while (true) {
      Verdict verdict = gate.look(request(oracle()));
      Duration after = Duration.ofNanos(System.nanoTime() - begin);
      if (wanted.test(verdict) || after.compareTo(atMost) > 0) {
        return new Seen(verdict, after);
      }
      Duration next = verdict instanceof Verdict.Hold hold ? hold.lookAgainAfter() : SECOND;
      Thread.sleep(next.toMillis());
    }
  }

  static boolean holds(Verdict verdict) {
    return verdict instanceof Verdict.Hold;
  }

  static boolean proceeds(Verdict verdict) {
    return verdict instanceof Verdict.Proceed;
  }
}
