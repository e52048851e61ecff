package dev.twoqueue.servers;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.util.Map;
import java.util.Optional;

/** Forecasts from what the host declared: these servers do not say what a model would take. */
final class DeclaredMemory implements WorkingSetPredictor {
  private final Map<String, Long> modelBytes;

  DeclaredMemory(Map<String, Long> modelBytes) {
    this.modelBytes = modelBytes;
  }

  @Override
  public WorkingSet predict(LocalHeavyTask<?> task, Residency residency) {
    Optional<ResidencyKey> key = task.residencyKey();
    if (key.isEmpty()) {
      return WorkingSet.unknown("it names no model: declare its memoryBytes");
    }
    String model = key.get().model();
    boolean resident =
        residency instanceof Residency.Observed seen
            && seen.models().stream().anyMatch(key.get()::mayBeServedBy);
    if (resident) {
      return WorkingSet.exactly(
          "growth of the resident model", 0, "model " + model + " is resident already");
    }
    Long declared = modelBytes.get(model);
    return declared == null
        ? WorkingSet.unknown("model " + model + ": declare what it takes with modelBytes")
        : WorkingSet.exactly(
            "model " + model, declared, "model " + model + " takes what the client was told");
  }
}
