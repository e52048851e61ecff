package dev.twoqueue.servers;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.NamePredictor;
import dev.twoqueue.ollama.ServerAssumptions;
import java.util.Map;

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
    int context =
        settings.context(task.residencyKey().map(ResidencyKey::runnerOptions).orElse(Map.of()));
    ServerAssumptions server =
        context == 0 ? ServerAssumptions.DEFAULTS : ServerAssumptions.DEFAULTS.withContext(context);
    return NamePredictor.of(server, settings.modelBytes()).predict(task, residency);
  }
}
