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
 */
record ServerSettings(
    ServerTimeouts timeouts, Set<String> alwaysResident, Map<String, Long> modelBytes) {

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
}
