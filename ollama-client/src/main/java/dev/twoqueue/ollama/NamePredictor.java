package dev.twoqueue.ollama;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Forecasts from a model's name alone: how many parameters, and how they are stored. For servers
 * that say nothing of their models, and for models that are nowhere yet. The range is wide, since a
 * name does not tell how much of the context a model keeps; a figure of the host's own is better.
 * Safe for use by any thread.
 *
 * <p>A name without a number of parameters, and a task whose context nobody named, have an unknown
 * need. A model that is resident already costs nothing more.
 */
public final class NamePredictor implements WorkingSetPredictor {
  private final ServerAssumptions server;
  private final Map<String, Long> modelBytes;

  private NamePredictor(ServerAssumptions server, Map<String, Long> modelBytes) {
    this.server = server;
    this.modelBytes = modelBytes;
  }

  /**
   * With these settings of the server.
   *
   * @param server its context is for tasks that name none ({@code num_ctx} among the runner
   *     options)
   * @return the predictor
   */
  public static NamePredictor of(ServerAssumptions server) {
    return of(server, Map.of());
  }

  /**
   * The same, for models of which the host has not declared what they take.
   *
   * @param server as above
   * @param modelBytes what others take once they are loaded, in bytes, by the name that tasks give
   *     them; goes before the forecast
   * @return the predictor
   */
  public static NamePredictor of(ServerAssumptions server, Map<String, Long> modelBytes) {
    return new NamePredictor(
        Arguments.notNull(server, "server"),
        Map.copyOf(Arguments.notNull(modelBytes, "modelBytes")));
  }

  @Override
  public WorkingSet predict(LocalHeavyTask<?> task, Residency residency) {
    Optional<ResidencyKey> key = Arguments.notNull(task, "task").residencyKey();
    if (key.isEmpty()) {
      return WorkingSet.unknown("it names no model: declare its memoryBytes");
    }
    String model = key.get().model();
    if (residency instanceof Residency.Observed seen
        && seen.models().stream().anyMatch(key.get()::mayBeServedBy)) {
      return WorkingSet.exactly(
          "growth of the resident model", 0, "model " + model + " is resident already");
    }
    Long declared = modelBytes.get(model);
    if (declared != null) {
      return WorkingSet.exactly(
          "model " + model, declared, "model " + model + " takes what the client was told");
    }
    return of(key.get(), server)
        .<WorkingSet>map(known -> known)
        .orElseGet(
            () ->
                WorkingSet.unknown(
                    "model "
                        + model
                        + ": its name and options do not tell its parameters and num_ctx; declare"
                        + " what it takes with modelBytes"));
  }

  /**
   * What a name gives.
   *
   * @return empty where the name has no parameters, or nobody named a context: what a cache for the
   *     largest would take says nothing
   */
  static Optional<WorkingSet.Known> of(ResidencyKey key, ServerAssumptions server) {
    Map<String, String> options = key.runnerOptions();
    if (AssumedSettings.context(options) == 0 && server.context().isEmpty()) {
      return Optional.empty();
    }
    return ModelMetadata.ofName(key.model())
        .map(model -> NeedOfModel.of(model, OptionalInt.empty(), options, server).whenLoaded());
  }
}
