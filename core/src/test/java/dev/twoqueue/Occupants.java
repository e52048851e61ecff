package dev.twoqueue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts inside the bodies what occupies, knowing nothing of the scheduler. Both counts live in one
 * word, so that every body sees them as of one moment.
 */
final class Occupants {
  private static final long LOCAL = 1L << 32;

  private final int fleetLimit;
  private final AtomicLong inside = new AtomicLong();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger mostFleet = new AtomicInteger();
  private final List<String> broken = new CopyOnWriteArrayList<>();

  Occupants(int fleetLimit) {
    this.fleetLimit = fleetLimit;
  }

  <T> TaskBody<T> local(TaskBody<T> body) {
    return counted(LOCAL, body);
  }

  <T> TaskBody<T> fleet(TaskBody<T> body) {
    return counted(1, body);
  }

  private <T> TaskBody<T> counted(long weight, TaskBody<T> body) {
    return task -> {
      check(inside.addAndGet(weight), task);
      begun.incrementAndGet();
      try {
        return body.run(task);
      } finally {
        inside.addAndGet(-weight);
      }
    };
  }

  /** What a body does while it may have given its slot up; it has it back when that returns. */
  <T extends @Nullable Object> T suspended(TaskContext task, Supplier<T> wait) {
    long weight = task.task().taskClass() == TaskClass.LOCAL_HEAVY ? LOCAL : 1;
    inside.addAndGet(-weight);
    try {
      return wait.get();
    } finally {
      check(inside.addAndGet(weight), task);
    }
  }

  private void check(long now, TaskContext task) {
    int local = (int) (now / LOCAL);
    int fleet = (int) (now % LOCAL);
    mostFleet.accumulateAndGet(fleet, Math::max);
    if (local > 1) {
      broken.add("I1: " + local + " local-heavy tasks at once, seen by " + task.task());
    }
    if (fleet > fleetLimit) {
      broken.add("I2: " + fleet + " fleet tasks at once, seen by " + task.task());
    }
    if (local > 0 && fleet > 0) {
      broken.add("I3: " + local + " local-heavy beside " + fleet + " fleet, by " + task.task());
    }
  }

  /** What the bodies saw that the rule forbids. */
  List<String> broken() {
    return List.copyOf(broken);
  }

  /** How many bodies have begun so far. */
  int begun() {
    return begun.get();
  }

  int mostFleet() {
    return mostFleet.get();
  }

  boolean empty() {
    return inside.get() == 0;
  }
}
