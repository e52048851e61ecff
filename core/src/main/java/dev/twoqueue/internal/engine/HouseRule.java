package dev.twoqueue.internal.engine;

import dev.twoqueue.TaskClass;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rule of the house: local-heavy tasks occupy one at a time (I1), fleet tasks up to a limit
 * (I2), and never both classes at once (I3). Everything else in the engine decides who is next;
 * nothing occupies except through {@link #enter}.
 */
final class HouseRule {
  private @Nullable Job local;
  private final Set<Job> fleet = new LinkedHashSet<>();
  private int fleetLimit;

  HouseRule(int fleetLimit) {
    this.fleetLimit = fleetLimit;
  }

  boolean mayEnter(TaskClass taskClass) {
    return taskClass == TaskClass.LOCAL_HEAVY
        ? local == null && fleet.isEmpty()
        : local == null && fleet.size() < fleetLimit;
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
    boolean did = job == local ? (local = null) == null : fleet.remove(job);
    if (!did) {
      throw new IllegalStateException(job + " does not occupy, only " + this);
    }
  }

  @Nullable Job local() {
    return local;
  }

  Set<Job> fleet() {
    return fleet;
  }

  boolean occupies(Job job) {
    return job == local || fleet.contains(job);
  }

  boolean fleetFull() {
    return fleet.size() >= fleetLimit;
  }

  int fleetLimit() {
    return fleetLimit;
  }

  void fleetLimit(int limit) {
    fleetLimit = limit;
  }

  @Override
  public String toString() {
    return "local " + local + ", fleet " + fleet + " of " + fleetLimit;
  }
}
