package dev.twoqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model server in memory: what it holds, what was evicted from it, and how it fails. */
final class FakeModelServer implements ResidencyProbe {
  final List<ResidentModel> resident = new ArrayList<>();
  final List<String> evicted = new ArrayList<>();
  boolean down;
  boolean evictorLies;
  boolean evictorThrows;

  FakeModelServer holding(String... workers) {
    resident.clear();
    for (String worker : workers) {
      resident.add(ResidentModel.worker(worker, 40L << 30));
    }
    return this;
  }

  /** What a request for a model does to a server that holds one worker model. */
  void load(ResidencyKey key) {
    resident.removeIf(model -> model.role() == ResidentModel.Role.WORKER);
    resident.add(
        new ResidentModel(
            key.model(), Map.of(), 40L << 30, ResidentModel.Role.WORKER, Optional.empty()));
  }

  @Override
  public Residency observe() {
    if (down) {
      throw new IllegalStateException("connection refused");
    }
    return Residency.of(resident);
  }

  @Override
  public Optional<Evictor> evictor() {
    return Optional.of(
        victim -> {
          evicted.add(victim.model());
          if (evictorThrows) {
            throw new IllegalStateException("500 from the server");
          }
          if (!evictorLies) {
            resident.remove(victim);
          }
        });
  }
}
