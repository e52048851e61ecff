package dev.twoqueue.internal.engine;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job with what a probe would see once its model is loaded. */
final class ModelJob extends Job {

  /** A model's key and what the probe sees while it is resident. */
  record Model(int number, ResidencyKey key, Residency seen) {
    static Model of(int number) {
      String name = "model-" + number;
      return new Model(
          number,
          ResidencyKey.of(name),
          Residency.of(List.of(ResidentModel.worker(name, 1L << 30))));
    }
  }

  final Model model;

  /** Written where nothing but memory is measured. */
  @Nullable ModelJob touchedBy;

  ModelJob(long id, Model model) {
    super(id, TaskClass.LOCAL_HEAVY, model.key(), "no-op", null, null);
    this.model = model;
  }
}
