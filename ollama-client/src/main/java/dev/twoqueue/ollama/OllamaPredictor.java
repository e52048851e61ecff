package dev.twoqueue.ollama;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.forecast.MetadataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forecasts from what the server knows of the model. */
final class OllamaPredictor implements WorkingSetPredictor {
  private static final Logger LOG = LoggerFactory.getLogger(OllamaPredictor.class);

  private final ModelCatalogue catalogue;
  private final OllamaApi api;
  private final ClientSettings settings;

  OllamaPredictor(ModelCatalogue catalogue, OllamaApi api, ClientSettings settings) {
    this.catalogue = catalogue;
    this.api = api;
    this.settings = settings;
  }

  @Override
  public WorkingSet predict(LocalHeavyTask<?> task, Residency residency) throws RefusedException {
    Optional<ResidencyKey> key = task.residencyKey();
    return key.isPresent() ? ofModel(key.get(), residency) : withoutModel(task);
  }

  private WorkingSet withoutModel(LocalHeavyTask<?> task) {
    Long assumed = settings.assumedMemory().get(task.kind());
    String kind = task.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (assumed == null) {
      return WorkingSet.unknown("a task of kind " + kind + " that names no model");
    }
    return WorkingSet.exactly(
        kind, assumed, "a " + kind + " takes what the client was told to assume for one");
  }

  private WorkingSet ofModel(ResidencyKey key, Residency residency) throws RefusedException {
    ModelName name = name(key);
    try {
      ModelCatalogue.Entry entry =
          catalogue
              .find(name)
              .orElseThrow(
                  () ->
                      new RefusedException(
                          "model " + name + " is not on the server: pull it first"));
      NeedOfModel need = NeedOfModel.of(entry, key.runnerOptions(), server());
      Optional<ResidentModel> served = servedBy(key, name, residency);
      return served.isPresent() ? need.whenResident(served.get()) : need.whenLoaded();
    } catch (MetadataException e) {
      return byName(key, "model " + name + ": " + e.getMessage());
    } catch (ArithmeticException e) {
      return WorkingSet.unknown("model " + name + ": its metadata makes no sensible size");
    }
  }

  /** What the host said of the server, and the runner by its version where the host named none. */
  private ServerAssumptions server() {
    ServerAssumptions told = settings.server();
    if (told.runner().isPresent()) {
      return told;
    }
    try {
      return told.withVersion(api.version());
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException e) {
      LOG.debug("Cannot see the server's version: forecasts cover both runners", e);
      return told;
    }
  }

  /** A wide range where the metadata tells nothing. */
  private WorkingSet byName(ResidencyKey key, String why) {
    Optional<WorkingSet.Known> need = NamePredictor.of(key, server());
    return need.<WorkingSet>map(known -> withReason(known, why))
        .orElseGet(() -> WorkingSet.unknown(why));
  }

  private static WorkingSet.Known withReason(WorkingSet.Known known, String why) {
    List<String> assumptions = new ArrayList<>(known.assumptions());
    assumptions.add(why);
    return new WorkingSet.Known(
        known.parts(), known.lowBytes(), known.highBytes(), assumptions, known.alternatives());
  }

  private static ModelName name(ResidencyKey key) throws RefusedException {
    ModelName name;
    try {
      name = ModelName.parse(key.model());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
    if (name.isCloud()) {
      throw new RefusedException(
          name + " is a cloud model: it runs elsewhere, so submit it as a fleet task");
    }
    return name;
  }

  private static Optional<ResidentModel> servedBy(
      ResidencyKey key, ModelName name, Residency residency) {
    if (!(residency instanceof Residency.Observed observed)) {
      return Optional.empty();
    }
    ResidencyKey normal = new ResidencyKey(name.toString(), key.runnerOptions());
    List<ResidentModel> models = observed.models();
    return models.stream().filter(normal::mayBeServedBy).findFirst();
  }
}
