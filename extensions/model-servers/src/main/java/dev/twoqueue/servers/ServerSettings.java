package dev.twoqueue.servers;

import dev.twoqueue.ResidentModel;
import java.util.Map;
import java.util.Set;

/**
 * What a host said of one server.
 *
 * @param timeouts how long to wait
 * @param alwaysResident models that stay beside the worker
 * @param modelBytes what models take, by name
 * @param contextLength of models that are loaded without one named, in tokens; 0 when unknown
 */
record ServerSettings(
    ServerTimeouts timeouts,
    Set<String> alwaysResident,
    Map<String, Long> modelBytes,
    int contextLength) {

  /** The part that a model plays, as far as its name tells. */
  ResidentModel.Role role(String model) {
    return alwaysResident.contains(model)
        ? ResidentModel.Role.ALWAYS_RESIDENT
        : ResidentModel.Role.WORKER;
  }

  /** What the host declared, else what the server says. */
  long bytes(String model, long said) {
    return modelBytes.getOrDefault(model, said);
  }

  /** The context that a task's options name as LM Studio does, else the host's; 0 without. */
  int context(Map<String, String> runnerOptions) {
    String named = runnerOptions.getOrDefault(LmStudio.CONTEXT_LENGTH, "");
    return named.matches("[1-9][0-9]{0,6}") ? Integer.parseInt(named) : contextLength;
  }
}
