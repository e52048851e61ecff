package com.example.host;

import dev.twoqueue.FleetTask;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.DiskGate;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.gate.HostMemory;
import dev.twoqueue.gate.MemoryGate;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.servers.ModelServers;
import dev.twoqueue.testkit.OccupancyMonitor;
import dev.twoqueue.testkit.ollama.SimulatedMachine;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.util.List;
import java.util.Set;

/** Uses one thing of each module, and fails where a published artifact cannot be used like that. */
public final class Host {
  private static final String MODEL = "llama3.2:3b";

  private Host() {}

  /**
   * Runs one local-heavy and one fleet task.
   *
   * @param args how this was compiled and is run: class-path or module-path
   * @throws Exception when a published artifact cannot be used
   */
  public static void main(String[] args) throws Exception {
    check(Host.class.getModule().isNamed() == args[0].equals("module-path"), "run on " + args[0]);
    checkThatNullnessAnnotationsAreAbsent();
    if (Host.class.getModule().isNamed()) {
      Set<String> hidden = PublicApi.typesThatHostsCannotName();
      check(hidden.isEmpty(), "every type of the API can be named, these included: " + hidden);
    }
    check(HostMemory.standard().budget().totalBytes() > 0, "the memory of this machine is read");

    SimulatedModel model = SimulatedModel.of(MODEL).toBuilder().response("fine").build();
    OccupancyMonitor monitor = new OccupancyMonitor();
    try (SimulatedOllama server = SimulatedOllama.builder().model(model).timeScale(0.001).start();
        OllamaClient client = OllamaClient.connect(server.url());
        TwoQueueScheduler scheduler =
            TwoQueueScheduler.builder()
                // Load and processes are this machine's own: a busy one would hold the check.
                .gate(
                    HostGates.builder()
                        .withoutLoad()
                        .withoutProcesses()
                        .disk(DiskGate.standard().withKeepFreeBytes(0))
                        .memory(MemoryGate.of(() -> memoryOf(server.machine())))
                        .build())
                .residencyProbe(servers(client).residencyProbe())
                .workingSetPredictor(servers(client).workingSetPredictor())
                .build()) {

      TaskHandle<String> verdict = scheduler.submit(OllamaTasks.chat(client, MODEL, "How is it?"));
      TaskHandle<Integer> sum =
          scheduler.submit(FleetTask.of("sum", monitor.fleet(task -> 40 + 2)));

      check(verdict.join().equals("fine"), "the local-heavy task gives the model's answer");
      check(sum.join() == 42, "the fleet task gives its result");
      check(server.activity().loads().equals(List.of(MODEL)), "the model was loaded once");
    }
    monitor.assertRuleHeld(TwoQueueScheduler.DEFAULT_FLEET_LIMIT);
    System.out.println("Used from the " + args[0] + ".");
  }

  /**
   * What is absent here was absent for the compiler too: the same dependencies, with the same
   * scope, are on both paths. That no module's {@code requires} asks for it is what is checked.
   */
  private static void checkThatNullnessAnnotationsAreAbsent() {
    try {
      Class<?> found = Class.forName("org.jspecify.annotations.Nullable");
      throw new AssertionError("not a dependency of any module, and yet there: " + found);
    } catch (ClassNotFoundException expected) {
      System.out.println("Compiled and run without the nullness annotations.");
    }
  }

  private static ModelServers servers(OllamaClient client) {
    return ModelServers.builder()
        .server("ollama", client.residencyProbe(), client.workingSetPredictor())
        .build();
  }

  private static MemoryBudget memoryOf(SimulatedMachine machine) {
    long free = machine.memoryBytes() - machine.memoryUsed();
    return new MemoryBudget(machine.memoryBytes(), free, 0, List.of(), "simulated machine");
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }
}
