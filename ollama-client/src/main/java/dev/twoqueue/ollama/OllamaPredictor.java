package dev.twoqueue.ollama;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import dev.twoqueue.ollama.forecast.MetadataException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Forecasts from what the server knows of the model. */
final class OllamaPredictor implements WorkingSetPredictor {
  private final ModelCatalogue catalogue;
  private final ClientSettings settings;

  OllamaPredictor(ModelCatalogue catalogue, ClientSettings settings) {
    this.catalogue = catalogue;
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
      NeedOfModel need = NeedOfModel.of(entry, key.runnerOptions(), settings.server());
      Optional<ResidentModel> served = servedBy(key, name, residency);
      return served.isPresent() ? need.whenResident(served.get()) : need.whenLoaded();
    } catch (MetadataException e) {
      return WorkingSet.unknown("model " + name + ": " + e.getMessage());
    } catch (ArithmeticException e) {
      return WorkingSet.unknown("model " + name + ": its metadata makes no sensible size");
    }
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
