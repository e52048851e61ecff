package dev.twoqueue.internal.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list in order of submission, which is searched for a job of the resident model. */
final class LinearScanOrder implements LocalOrder {
  private final List<ModelJob> all = new ArrayList<>();
  private int resident;

  @Override
  public void add(ModelJob job) {
    all.add(job);
  }

  @Override
  public void remove(Job job) {
    if (!all.remove(job)) {
      throw new IllegalStateException(job + " does not wait");
    }
  }

  @Override
  public @Nullable Job next() {
    for (ModelJob job : all) {
      if (job.model.number() == resident) {
        return job;
      }
    }
    return all.isEmpty() ? null : all.get(0);
  }

  @Override
  public void resident(ModelJob job) {
    resident = job.model.number();
  }
}
