package dev.twoqueue.examples;

import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Outcome;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRefusedException;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.OccupancyMonitor;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The table at the end, and what it comes to. */
final class Report {
  private final PrintStream out;
  private final ModelMachine machine;
  private final CloudApi cloud;
  private final OccupancyMonitor witness;

  Report(PrintStream out, ModelMachine machine, CloudApi cloud, OccupancyMonitor witness) {
    this.out = out;
    this.machine = machine;
    this.cloud = cloud;
    this.witness = witness;
  }

  /**
   * Prints it.
   *
   * @return the exit code
   */
  int print(List<TaskHandle<?>> handles, SchedulerSnapshot last, boolean ended) {
    handles.forEach(this::explainRefusal);
    out.println();
    row("", "local-heavy", "fleet");
    row("tasks", count(handles, TaskClass.LOCAL_HEAVY), count(handles, TaskClass.FLEET));
    row("ended well", well(handles, TaskClass.LOCAL_HEAVY), well(handles, TaskClass.FLEET));
    row("refused by forecast", refused(handles), 0);
    row("most at once (witness)", witness.maxLocal(), witness.maxFleet());
    row("most at once (allowed)", 1, TwoQueueScheduler.DEFAULT_FLEET_LIMIT);
    out.printf("%-30s %s%n", "the classes mixed", witness.mixedSeen() ? "YES" : "never");
    out.printf(
        "%-30s %d at once, %d in all%n",
        "calls the cloud API saw", cloud.mostAtOnce(), cloud.served());
    out.printf("%-30s %d paid, %d saved%n", "swaps", last.swaps(), last.swapsSaved());
    machine
        .simulatedMachine()
        .ifPresent(
            simulated -> {
              out.printf("%-30s %s%n", "loads, in order", machine.loads());
              out.printf(
                  "%-30s %s of %s%s%n",
                  "most memory in use",
                  MemoryForecast.gib(simulated.memoryPeak()),
                  MemoryForecast.gib(simulated.memoryBytes()),
                  simulated.overran() ? ": OVERRUN" : "");
            });
    return verdict(handles, ended);
  }

  private int verdict(List<TaskHandle<?>> handles, boolean ended) {
    try {
      witness.assertRuleHeld(TwoQueueScheduler.DEFAULT_FLEET_LIMIT);
    } catch (AssertionError broken) {
      out.println("The rule was BROKEN: " + broken.getMessage());
      return 1;
    }
    if (machine.simulatedMachine().filter(simulated -> simulated.overran()).isPresent()) {
      out.println("The machine's memory was OVERRUN.");
      return 1;
    }
    List<TaskHandle<?>> wrong =
        handles.stream().filter(handle -> !Morning.endedAsItShould(handle)).toList();
    if (!ended || !wrong.isEmpty()) {
      wrong.forEach(
          handle ->
              out.println(
                  "did not end as it should: "
                      + handle.task()
                      + ": "
                      + handle.outcome().map(Object::toString).orElse("still waits")));
      return 2;
    }
    out.println("The rule held.");
    return 0;
  }

  private void explainRefusal(TaskHandle<?> handle) {
    if (handle.outcome().orElse(null) instanceof Outcome.Refused) {
      try {
        handle.join();
      } catch (TaskRefusedException refused) {
        out.println();
        out.println(refused.getMessage());
      }
    }
  }

  private void row(String name, Object local, Object fleet) {
    out.printf(Locale.ROOT, "%-30s %-12s %s%n", name, local, fleet);
  }

  private static long count(List<TaskHandle<?>> handles, TaskClass taskClass) {
    return handles.stream().filter(handle -> handle.task().taskClass() == taskClass).count();
  }

  private static long well(List<TaskHandle<?>> handles, TaskClass taskClass) {
    return handles.stream()
        .filter(handle -> handle.task().taskClass() == taskClass)
        .filter(handle -> handle.outcome().orElse(null) instanceof Outcome.Succeeded)
        .count();
  }

  private static long refused(List<TaskHandle<?>> handles) {
    return handles.stream()
        .filter(handle -> handle.outcome().orElse(null) instanceof Outcome.Refused)
        .count();
  }
}
