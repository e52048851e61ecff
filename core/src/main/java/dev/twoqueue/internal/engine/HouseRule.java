package dev.twoqueue.internal.engine;

import dev.twoqueue.TaskClass;
import org.jspecify.annotations.Nullable;

/**
 * The rule of the house: local-heavy tasks occupy one at a time (I1), fleet tasks up to a limit
 * (I2), and never both classes at once (I3). Everything else in the engine decides who is next;
 * nothing occupies except through {@link #enter}.
 */
final class HouseRule {
  private @Nullable Job local;
  private final JobDeque fleet = new JobDeque();
  private int fleetLimit;

  HouseRule(int fleetLimit) {
    this.fleetLimit = fleetLimit;
  }

  /** I1, and with the next one I3: while a local-heavy task occupies, nothing else starts. */
  boolean localFree() {
    return local == null;
  }

  /** I3: while a fleet task occupies, no local-heavy task starts. */
  boolean fleetEmpty() {
    return fleet.isEmpty();
  }

  /** I2. */
  boolean fleetBelowLimit() {
    return fleet.size() < fleetLimit;
  }

  boolean mayEnter(TaskClass taskClass) {
    return localFree() && (taskClass == TaskClass.LOCAL_HEAVY ? fleetEmpty() : fleetBelowLimit());
  }

  void enter(Job job) {
    if (!mayEnter(job.taskClass)) {
      throw new IllegalStateException("the rule forbids " + job + " beside " + this);
    }
    if (job.taskClass == TaskClass.LOCAL_HEAVY) {
      local = job;
    } else {
      fleet.add(job);
    }
  }

  void leave(Job job) {
    if (!occupies(job)) {
      throw new IllegalStateException(job + " does not occupy, only " + this);
    }
    if (job == local) {
      local = null;
    } else {
      fleet.remove(job);
    }
  }

  @Nullable Job local() {
    return local;
  }

  JobDeque fleet() {
    return fleet;
  }

  boolean occupies(Job job) {
    return job == local || fleet.contains(job);
  }

  int fleetLimit() {
    return fleetLimit;
  }

  void fleetLimit(int limit) {
    fleetLimit = limit;
  }

  @Override
  public String toString() {
    return "local " + local + ", " + fleet.size() + " of " + fleetLimit + " fleet tasks";
  }
}
