package dev.twoqueue.testkit.ollama;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is on the simulated disk, and what a registry has to pull. One lock guards it all. */
final class ModelStore {
  private final SimulatedMachine machine;
  private final Map<ModelName, Installed> installed = new LinkedHashMap<>();
  private final Map<ModelName, SimulatedModel> registry = new HashMap<>();
  private final Map<String, Long> partials = new HashMap<>();

  /** A model on disk, and since when. */
  record Installed(SimulatedModel model, Instant modifiedAt) {}

  ModelStore(
      SimulatedMachine machine, List<SimulatedModel> installed, List<SimulatedModel> pullable) {
    this.machine = machine;
    for (SimulatedModel model : installed) {
      if (!hasWeights(model.weightsDigest())
          && machine.write(model.sizeBytes()) < model.sizeBytes()) {
        throw new IllegalArgumentException("the disk is too small for " + model);
      }
      put(model);
    }
    installed.forEach(model -> registry.put(ModelName.of(model.name()), model));
    pullable.forEach(model -> registry.put(ModelName.of(model.name()), model));
  }

  private void put(SimulatedModel model) {
    installed.put(ModelName.of(model.name()), new Installed(model, Instant.now()));
  }

  synchronized @Nullable SimulatedModel find(ModelName name) {
    Installed found = installed.get(name);
    return found == null ? null : found.model();
  }

  /** The newest first, as the server lists them. */
  synchronized List<Installed> all() {
    List<Installed> all = new ArrayList<>(installed.values());
    all.sort(Comparator.comparing(Installed::modifiedAt).reversed());
    return all;
  }

  synchronized Instant modifiedAt(SimulatedModel model) {
    Installed found = installed.get(ModelName.of(model.name()));
    return found == null ? Instant.EPOCH : found.modifiedAt();
  }

  synchronized void copy(SimulatedModel source, ModelName destination) {
    put(
        source.toBuilder()
            .name(destination.shortest())
            .digest(source.digest())
            .weightsDigest(source.weightsDigest())
            .build());
  }

  synchronized boolean delete(ModelName name) {
    Installed gone = installed.remove(name);
    if (gone == null) {
      return false;
    }
    if (!hasWeights(gone.model().weightsDigest())) {
      machine.erase(gone.model().sizeBytes());
    }
    return true;
  }

  synchronized @Nullable SimulatedModel inRegistry(ModelName name) {
    return registry.get(name);
  }

  /** The bytes of a model's weights that are here: all, or what earlier pulls left. */
  synchronized long downloaded(SimulatedModel model, long size) {
    return hasWeights(model.weightsDigest())
        ? size
        : partials.getOrDefault(model.weightsDigest(), 0L);
  }

  /** Writes more of a model's weights; false when the disk is full before all of it is written. */
  synchronized boolean download(SimulatedModel model, long bytes, long size) {
    long wanted = Math.min(bytes, size - downloaded(model, size));
    long written = machine.write(wanted);
    partials.merge(model.weightsDigest(), written, Long::sum);
    return written == wanted;
  }

  /** Makes a model out of what was pulled. */
  synchronized void install(SimulatedModel model) {
    Long partial = partials.remove(model.weightsDigest());
    if (partial != null) {
      machine.write(model.sizeBytes() - partial);
    }
    put(model);
  }

  private boolean hasWeights(String digest) {
    return installed.values().stream()
        .anyMatch(each -> each.model().weightsDigest().equals(digest));
  }
}
