package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Gate;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Preview;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.DiskGate;
import dev.twoqueue.gate.Gates;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.gate.LoadGate;
import dev.twoqueue.gate.PowerGate;
import dev.twoqueue.gate.ProcessGate;
import dev.twoqueue.gate.ProcessRule;
import dev.twoqueue.gate.QuietHours;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The gates' settings as the docs have them. */
class GateSettingsTest {

  @Test
  void everySettingCanBeGivenAndThePartsAreAsked() {
    List<ProcessRule> rules = new ArrayList<>(ProcessRule.defaults());
    rules.add(ProcessRule.of("docker", "buildx", "build"));
    // snippet: gate-settings
    DiskGate disk = DiskGate.standard().withKeepFreeBytes(100_000_000_000L); // 100 GB, not 30
    Gate gates =
        HostGates.builder()
            .load(LoadGate.absolute(4.0).lettingOneThroughAfter(Duration.ofMinutes(30)))
            .processes(ProcessGate.of(rules))
            .disk(Gates.withTimeout(disk, Duration.ofSeconds(3)))
            .power(PowerGate.standard())
            .quietHours(QuietHours.between(LocalTime.of(12, 0), LocalTime.of(13, 0)))
            .build();
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .gate(gates)
            .fleetGate(ProcessGate.of(rules)) // a foreign pull closes the fleet's door too
            .watch(disk.watch()) // a disk that fills up cancels the pull
            .build();
    // end snippet
    try (scheduler) {
      Preview preview =
          scheduler.preview(LocalHeavyTask.of(LocalKind.OTHER, "heavy", task -> "done")).join();
      assertTrue(preview.toString().contains("host"), preview::toString);
    }
  }

  @Test
  void gatesAreMadeOfGates() throws Exception {
    Gate quiet = QuietHours.between(LocalTime.MIN, LocalTime.MAX);
    // snippet: gates-of-gates
    Gate onlyInQuietHours = Gates.not("quiet hours only", quiet);
    Gate seldom = Gates.cached(onlyInQuietHours, Duration.ofSeconds(30));
    Gate either = Gates.any("either", List.of(seldom, LoadGate.standard()));
    // end snippet
    assertEquals("either", either.name());
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().gate(seldom).build()) {
      assertEquals(
          "done",
          scheduler.submit(LocalHeavyTask.of(LocalKind.OTHER, "heavy", task -> "done")).join());
    }
  }
}
