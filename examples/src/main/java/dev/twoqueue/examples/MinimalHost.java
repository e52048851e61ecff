package dev.twoqueue.examples;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.HostGates;
import java.util.List;
import java.util.stream.Stream;

/** The smallest host: one sweep that needs the machine for itself, three calls that do not. */
public final class MinimalHost {
  private MinimalHost() {}

  /**
   * Runs one local-heavy task and three fleet tasks, and prints their results.
   *
   * @param args none
   */
  public static void main(String[] args) {
    // snippet: minimal-host
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().gate(HostGates.standard()).build()) {

      TaskHandle<String> sweep =
          scheduler.submit(
              LocalHeavyTask.of(LocalKind.TEST_SWEEP, "test sweep", task -> "all green"));

      List<TaskHandle<String>> calls =
          Stream.of("plan", "draft", "review")
              .map(step -> scheduler.submit(FleetTask.of(step, task -> step + ": done")))
              .toList();

      System.out.println(sweep.join());
      calls.forEach(call -> System.out.println(call.join()));
    } // close waits for what was submitted
    // end snippet
  }
}
