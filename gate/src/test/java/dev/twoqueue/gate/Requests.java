package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.twoqueue.FleetTask;
import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.nio.file.Path;
import java.util.Optional;

/** Requests to gates, and what tests ask of their answers. */
final class Requests {
  private Requests() {}

  static GateRequest sweep() {
    return of(LocalHeavyTask.of(LocalKind.TEST_SWEEP, "sweep", task -> "done"));
  }

  static GateRequest fleet() {
    return of(FleetTask.of("summarise", task -> "done"));
  }

  static GateRequest writing(long bytes) {
    return of(
        LocalHeavyTask.builder(LocalKind.PULL, "pull", task -> "done").bytesToWrite(bytes).build());
  }

  static GateRequest writing(long bytes, Path to) {
    return of(
        LocalHeavyTask.builder(LocalKind.PULL, "pull", task -> "done")
            .bytesToWrite(bytes)
            .writesTo(to)
            .build());
  }

  static GateRequest needing(WorkingSet need, long reclaimableBytes) {
    return new GateRequest(
        sweep().task(),
        GateRequest.Stage.EARLY,
        Residency.unknown("no probe"),
        Optional.of(need),
        reclaimableBytes);
  }

  static GateRequest at(GateRequest.Stage stage) {
    return of(sweep().task(), stage);
  }

  static GateRequest of(ScheduledTask<?> task) {
    return of(task, GateRequest.Stage.FINAL);
  }

  static GateRequest of(ScheduledTask<?> task, GateRequest.Stage stage) {
    return new GateRequest(task, stage, Residency.unknown("no probe"), Optional.empty(), 0);
  }

  static String proceeds(Verdict verdict) {
    return assertInstanceOf(Verdict.Proceed.class, verdict, verdict::toString).saw();
  }

  static Verdict.Hold holds(Verdict verdict) {
    return assertInstanceOf(Verdict.Hold.class, verdict, verdict::toString);
  }

  static Verdict.Refuse refuses(Verdict verdict) {
    return assertInstanceOf(Verdict.Refuse.class, verdict, verdict::toString);
  }
}
