package dev.twoqueue.internal.engine;

import dev.twoqueue.benchmarks.Engines;
import org.jspecify.annotations.Nullable;

/** The library's own structure; the one place here that knows its face. */
final class DrainOrder implements LocalOrder {
  private final State state = new State(Engines.unguarded(Integer.MAX_VALUE));
  private final boolean probed;

  /**
   * Nothing waits.
   *
   * @param probed whether residency is observed, rather than guessed from the last job
   */
  DrainOrder(boolean probed) {
    this.probed = probed;
  }

  @Override
  public void add(ModelJob job) {
    state.local.add(job);
  }

  @Override
  public void remove(Job job) {
    state.local.remove(job);
  }

  @Override
  public @Nullable Job next() {
    return state.drain.next();
  }

  @Override
  public void resident(ModelJob job) {
    if (probed) {
      state.drain.observed(job.model.seen());
    }
    state.drain.leftResident(job);
  }
}
