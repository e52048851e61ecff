package dev.twoqueue.testkit;

import dev.twoqueue.AsyncTaskBody;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A witness of I1 (serial), I2 (bounded) and I3 (never mixed) that is independent of the scheduler:
 * it counts inside the bodies of the tasks. It counts a task from the first line of its body to the
 * last, without the time that it is suspended in {@link TaskContext#await}; that is never more than
 * the task occupies, so what it reports was really so.
 *
 * <p>Wrap bodies in {@link #local}, {@link #fleet} and their asynchronous variants, or call {@link
 * #enterLocal} and {@link #enterFleet} in them. Safe for use by any number of threads; entering and
 * leaving take no lock.
 */
public final class OccupancyMonitor {
  private static final int MOST_VIOLATIONS = 100;
  private static final int MOST_NAMES = 20;
  private static final long ONE_LOCAL = 1L << 32;

  /**
   * Local-heavy occupants in the upper half, those of the fleet in the lower: one look sees both.
   */
  private final AtomicLong counts = new AtomicLong();

  private final AtomicLong entries = new AtomicLong();
  private final AtomicInteger maxLocal = new AtomicInteger();
  private final AtomicInteger maxFleet = new AtomicInteger();
  private final AtomicBoolean mixed = new AtomicBoolean();
  private final AtomicLong violationCount = new AtomicLong();
  private final Set<Occupancy> occupants = ConcurrentHashMap.newKeySet();
  private final Collection<Violation> violations = new ConcurrentLinkedQueue<>();
  private volatile List<String> fleetAtPeak = List.of();

  /** A witness that has seen nothing yet. */
  public OccupancyMonitor() {}

  /**
   * What was seen against the rule.
   *
   * @param rule which of I1 and I3 was broken, for example {@code I3 never mixed}
   * @param local the local-heavy tasks in their bodies at that moment
   * @param fleet the fleet tasks in their bodies at that moment
   * @param names those tasks, as far as they could still be seen; at most 20
   */
  public record Violation(String rule, int local, int fleet, List<String> names) {

    /** Takes a copy of the names. */
    public Violation {
      names = List.copyOf(names);
    }

    @Override
    public String toString() {
      return rule + ": " + local + " local-heavy with " + fleet + " fleet " + names;
    }
  }

  /**
   * Watches the body of a local-heavy task.
   *
   * @param <T> the type of its result
   * @param body the work
   * @return does the same, and is counted
   */
  public <T extends @Nullable Object> TaskBody<T> local(TaskBody<T> body) {
    return watched(TaskClass.LOCAL_HEAVY, body);
  }

  /**
   * Watches the body of a fleet task.
   *
   * @param <T> the type of its result
   * @param body the work
   * @return does the same, and is counted
   */
  public <T extends @Nullable Object> TaskBody<T> fleet(TaskBody<T> body) {
    return watched(TaskClass.FLEET, body);
  }

  /**
   * Watches the asynchronous body of a local-heavy task.
   *
   * @param <T> the type of its result
   * @param body begins the work
   * @return does the same, and is counted until its stage completes
   */
  public <T extends @Nullable Object> AsyncTaskBody<T> localAsync(AsyncTaskBody<T> body) {
    return watchedAsync(TaskClass.LOCAL_HEAVY, body);
  }

  /**
   * Watches the asynchronous body of a fleet task.
   *
   * @param <T> the type of its result
   * @param body begins the work
   * @return does the same, and is counted until its stage completes
   */
  public <T extends @Nullable Object> AsyncTaskBody<T> fleetAsync(AsyncTaskBody<T> body) {
    return watchedAsync(TaskClass.FLEET, body);
  }

  /**
   * Counts a local-heavy task that is not wrapped.
   *
   * @param name what a violation shows
   * @return to be closed when the body ends
   */
  public Occupancy enterLocal(String name) {
    return new Occupancy(this, TaskClass.LOCAL_HEAVY, Objects.requireNonNull(name, "name"));
  }

  /**
   * Counts a fleet task that is not wrapped.
   *
   * @param name what a violation shows
   * @return to be closed when the body ends
   */
  public Occupancy enterFleet(String name) {
    return new Occupancy(this, TaskClass.FLEET, Objects.requireNonNull(name, "name"));
  }

  /**
   * The most local-heavy tasks that were in their bodies at once.
   *
   * @return more than 1 breaks I1
   */
  public int maxLocal() {
    return maxLocal.get();
  }

  /**
   * The most fleet tasks that were in their bodies at once.
   *
   * @return more than the limit breaks I2
   */
  public int maxFleet() {
    return maxFleet.get();
  }

  /**
   * Tells whether a local-heavy and a fleet task were ever in their bodies at once.
   *
   * @return true breaks I3
   */
  public boolean mixedSeen() {
    return mixed.get();
  }

  /**
   * How often a task was seen to enter its body, or to go on after an {@code await}.
   *
   * @return shows that something was watched at all
   */
  public long entries() {
    return entries.get();
  }

  /**
   * Who is in a body now.
   *
   * @return the tasks' names, in no order
   */
  public List<String> occupants() {
    return occupants.stream().map(Occupancy::name).toList();
  }

  /**
   * What was seen against I1 and I3.
   *
   * @return the first 100, and one or two more where several threads saw the last at once
   */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /**
   * Fails where the rule was broken.
   *
   * @param fleetLimit the highest limit that was in force
   * @throws AssertionError that says what was seen, and with whom
   * @throws IllegalArgumentException when the limit is below 1
   */
  public void assertRuleHeld(int fleetLimit) {
    if (fleetLimit < 1) {
      throw new IllegalArgumentException("fleetLimit must be at least 1, was " + fleetLimit);
    }
    List<String> broken = new ArrayList<>();
    if (violationCount.get() > 0) {
      broken.add(violationCount.get() + " moments against the rule");
      violations.forEach(seen -> broken.add(seen.toString()));
    }
    if (maxFleet() > fleetLimit) {
      broken.add("I2 bounded: " + maxFleet() + " fleet over " + fleetLimit + " " + fleetAtPeak);
    }
    if (!broken.isEmpty()) {
      throw new AssertionError("the rule was broken: " + String.join("\n  ", broken));
    }
  }

  @Override
  public String toString() {
    return String.format(
        "%d entries, at most %d local-heavy and %d fleet at once, %d violations",
        entries(), maxLocal(), maxFleet(), violationCount.get());
  }

  private <T extends @Nullable Object> TaskBody<T> watched(TaskClass kind, TaskBody<T> body) {
    Objects.requireNonNull(body, "body");
    return task -> {
      try (Occupancy here = new Occupancy(this, kind, task.task().name())) {
        return body.run(new WatchedContext(task, here));
      }
    };
  }

  private <T extends @Nullable Object> AsyncTaskBody<T> watchedAsync(
      TaskClass kind, AsyncTaskBody<T> body) {
    Objects.requireNonNull(body, "body");
    return task -> {
      Occupancy here = new Occupancy(this, kind, task.task().name());
      try {
        CompletionStage<T> work = body.start(new WatchedContext(task, here));
        return Objects.requireNonNull(work, "the body's stage")
            .whenComplete((result, failure) -> here.close());
      } catch (Throwable failed) {
        here.close();
        throw failed;
      }
    };
  }

  void entered(Occupancy who) {
    occupants.add(who);
    long now = counts.addAndGet(who.kind() == TaskClass.FLEET ? 1 : ONE_LOCAL);
    entries.incrementAndGet();
    int local = (int) (now >>> 32);
    int fleet = (int) now;
    maxLocal.accumulateAndGet(local, Math::max);
    if (maxFleet.getAndAccumulate(fleet, Math::max) < fleet) {
      fleetAtPeak = names();
    }
    if (local > 1) {
      report("I1 serial", local, fleet);
    }
    if (local > 0 && fleet > 0) {
      mixed.set(true);
      report("I3 never mixed", local, fleet);
    }
  }

  void left(Occupancy who) {
    counts.addAndGet(who.kind() == TaskClass.FLEET ? -1 : -ONE_LOCAL);
    occupants.remove(who);
  }

  private void report(String rule, int local, int fleet) {
    if (violationCount.incrementAndGet() <= MOST_VIOLATIONS) {
      violations.add(new Violation(rule, local, fleet, names()));
    }
  }

  private List<String> names() {
    return occupants.stream()
        .limit(MOST_NAMES)
        .map(who -> who.name() + " (" + who.kind() + ")")
        .sorted()
        .collect(Collectors.toUnmodifiableList());
  }
}
