package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.Lease;
import org.jspecify.annotations.Nullable;

/** A lease of a gate's, or a permit from outside, that the world gave. */
final class Grant implements Lease {
  final @Nullable ExploredJob job;
  final boolean permit;
  boolean released;

  Grant(@Nullable ExploredJob job, boolean permit) {
    this.job = job;
    this.permit = permit;
  }

  @Override
  public void close() {
    throw new Violation("I7", "the engine itself closed " + this);
  }

  @Override
  public String toString() {
    return (permit ? "the permit for " : "the lease of ") + job;
  }
}
