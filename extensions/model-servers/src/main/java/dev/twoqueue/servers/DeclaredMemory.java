package dev.twoqueue.servers;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.NamePredictor;
import dev.twoqueue.ollama.ServerAssumptions;
import java.util.Optional;

/**
 * Forecasts from what the host declared, else from the model's name: these servers do not say what
 * a model would take.
 */
final class DeclaredMemory implements WorkingSetPredictor {
  private final ServerSettings settings;

  DeclaredMemory(ServerSettings settings) {
    this.settings = settings;
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
    Long declared = settings.modelBytes().get(model);
    return declared == null
        ? byName(task, key.get(), residency)
        : WorkingSet.exactly(
            "model " + model, declared, "model " + model + " takes what the client was told");
  }

  private WorkingSet byName(LocalHeavyTask<?> task, ResidencyKey key, Residency residency) {
    int context = settings.context(key.runnerOptions());
    ServerAssumptions server =
        context == 0 ? ServerAssumptions.DEFAULTS : ServerAssumptions.DEFAULTS.withContext(context);
    WorkingSet named = NamePredictor.of(server).predict(task, residency);
    return named instanceof WorkingSet.Unknown unknown
        ? WorkingSet.unknown(unknown.reason() + "; declare what it takes with modelBytes")
        : named;
  }
}
