package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.io.TempDir;

/** One gate on one recorded host after the other. */
@NullUnmarked // fields set by JUnit
abstract class OnHosts {
  private static final long GIB = 1L << 30;

  @TempDir Path scratch;

  final RecordedHost host(String state) throws IOException {
    return new RecordedHost(state, scratch);
  }

  /** A load of a model that will take so many GiB. */
  static GateRequest loading(double gibibytes) {
    return new GateRequest(
        LocalHeavyTask.of(LocalKind.LOAD, "load", task -> "done"),
        GateRequest.Stage.FINAL,
        Residency.unknown("no probe"),
        Optional.of(WorkingSet.exactly("a model", Math.round(gibibytes * GIB))),
        0);
  }

  /** Looks, and wants this kind of verdict with each of these parts, divided by {@code ;;}. */
  static void expect(String kind, String parts, Gate gate, GateRequest request) throws Exception {
    Verdict verdict = gate.look(request);
    assertEquals(
        kind, verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT), verdict::toString);
    for (String part : parts.split(";;", -1)) {
      String text = Answer.text(verdict);
      assertTrue(text.contains(part.strip()), () -> "no '" + part.strip() + "' in: " + text);
    }
  }
}
