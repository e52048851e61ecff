package dev.twoqueue.examples;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.ollama.ChatRequest;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaAnswer;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.testkit.OccupancyMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tasks of 2026-05-13, 10:58: two pulls, a 70B load, oracle questions to two models
 * interleaved, two sub-agents on a cloud API, and at eleven seven daemons. The witness counts
 * inside every body.
 */
final class Morning {
  /** A context whose KV cache alone is 40 GiB on a 70B model. */
  private static final int FAR_TOO_LONG = 131_072;

  private static final int QUESTIONS = 3;
  private static final int AGENTS = 2;
  private static final int CALLS = 4;
  private static final int DAEMONS = 7;

  private final ModelMachine machine;
  private final CloudApi cloud;
  private final OccupancyMonitor witness;

  Morning(ModelMachine machine, CloudApi cloud, OccupancyMonitor witness) {
    this.machine = machine;
    this.cloud = cloud;
    this.witness = witness;
  }

  /** The local-heavy tasks of that morning, in the order in which they were started by hand. */
  List<LocalHeavyTask<?>> localHeavy() {
    List<LocalHeavyTask<?>> tasks = new ArrayList<>();
    machine.pulls.forEach(
        model ->
            tasks.add(watched(OllamaTasks.pull(machine.client, model.name(), model.sizeBytes()))));
    tasks.add(watched(OllamaTasks.load(machine.client, machine.big)));
    for (int i = 1; i <= QUESTIONS; i++) {
      tasks.add(question(machine.other, i));
      tasks.add(question(machine.big, i));
    }
    return tasks;
  }

  /** One that nobody tried that morning: it cannot fit, whatever else runs. */
  Optional<LocalHeavyTask<OllamaAnswer>> hopeless() {
    return machine.isSimulated() ? Optional.of(tooLong()) : Optional.empty();
  }

  private LocalHeavyTask<OllamaAnswer> question(String model, int number) {
    return watched(
        OllamaTasks.chat(
            machine.client,
            ChatRequest.of(model, "Question " + number + ": what does this plan overlook?")
                .withOptions(ModelOptions.NONE.with("num_predict", 24))));
  }

  private LocalHeavyTask<OllamaAnswer> tooLong() {
    return watched(
        OllamaTasks.chat(
            machine.client,
            ChatRequest.of(machine.big, "Here is the whole repository: …")
                .withOptions(ModelOptions.context(FAR_TOO_LONG))));
  }

  /** Only the question with the far too long context is to be refused; all others end well. */
  static boolean endedAsItShould(TaskHandle<?> handle) {
    boolean tooLong =
        handle.task() instanceof LocalHeavyTask<?> task
            && task.residencyKey()
                .filter(key -> key.runnerOptions().containsValue("" + FAR_TOO_LONG))
                .isPresent();
    Outcome<?> outcome = handle.outcome().orElse(null);
    return tooLong ? outcome instanceof Outcome.Refused : outcome instanceof Outcome.Succeeded;
  }

  /** Each call of each sub-agent; the last one of the first agent asks the local oracle. */
  List<FleetTask<String>> agents(TwoQueueScheduler scheduler) {
    List<FleetTask<String>> tasks = new ArrayList<>();
    for (int call = 1; call <= CALLS; call++) {
      for (int agent = 1; agent <= AGENTS; agent++) {
        String name = "agent-" + agent + " call " + call;
        tasks.add(cloudCall(name));
      }
    }
    // snippet: ask-an-oracle
    FleetTask<String> asksOracle =
        FleetTask.of(
            "agent-1 asks the oracle",
            witness.fleet(
                task -> {
                  String draft = cloud.call("agent-1/draft");
                  TaskHandle<OllamaAnswer> oracle = scheduler.submit(question(machine.big, 9));
                  // Gives the permit up while it waits: join() would be a deadlock, and says so.
                  return draft + ", reviewed: " + task.await(oracle).text();
                }));
    // end snippet
    tasks.add(asksOracle);
    return tasks;
  }

  /** What fires at the top of the hour. */
  List<FleetTask<String>> daemons() {
    List<FleetTask<String>> tasks = new ArrayList<>();
    for (int daemon = 1; daemon <= DAEMONS; daemon++) {
      tasks.add(cloudCall("daemon-" + daemon + " scrapes"));
    }
    return tasks;
  }

  private FleetTask<String> cloudCall(String name) {
    return FleetTask.of(name, witness.fleet(task -> cloud.call(name.replace(' ', '/'))))
        .withProvider("cloud");
  }

  private <T> LocalHeavyTask<T> watched(LocalHeavyTask<T> task) {
    return task.withBody(witness.local(task.body().orElseThrow()));
  }
}
