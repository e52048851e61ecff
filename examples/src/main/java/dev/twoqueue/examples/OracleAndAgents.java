package dev.twoqueue.examples;

import dev.twoqueue.FleetTask;
import dev.twoqueue.Gate;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import java.util.List;

/** A host with both classes: an oracle on this machine, and agents on a cloud API. */
public final class OracleAndAgents {
  private OracleAndAgents() {}

  /** What the host calls in the cloud. */
  @FunctionalInterface
  interface Cloud {
    String summarise(String url) throws Exception;
  }

  /**
   * Asks the model that the first argument names, and pretends to summarise the others.
   *
   * @param args a model, then addresses
   */
  public static void main(String[] args) {
    try (OllamaClient ollama = OllamaClient.connect()) { // OLLAMA_HOST, or port 11434 here
      List<String> urls = List.of(args).subList(1, args.length);
      System.out.println(ask(ollama, HostGates.standard(), args[0], urls, url -> "read " + url));
    }
  }

  static String ask(OllamaClient ollama, Gate host, String model, List<String> urls, Cloud cloud) {
    // snippet: host
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .gate(host) // HostGates.standard(): load, disk, conflicting processes, memory
            .residencyProbe(ollama.residencyProbe()) // and its evictor
            .workingSetPredictor(ollama.workingSetPredictor())
            .build()) {

      TaskHandle<String> verdict =
          scheduler.submit(OllamaTasks.chat(ollama, model, "Review this plan: …"));

      List<TaskHandle<String>> agents =
          urls.stream()
              .map(url -> FleetTask.of("summarise " + url, task -> cloud.summarise(url)))
              .map(scheduler::submit)
              .toList();

      return verdict.join() + agents.stream().map(TaskHandle::join).toList();
    } // close waits for what was submitted
    // end snippet
  }
}
