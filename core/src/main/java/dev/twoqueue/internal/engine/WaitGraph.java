package dev.twoqueue.internal.engine;

import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom, and whether that can end (I10). A plain join keeps the waiting task's slot,
 * an await gives it up; so a chain of waits is dead when it comes back to its beginning, or when it
 * reaches a task that needs a slot which cannot come free before the chain moves.
 */
final class WaitGraph {
  /** A chain of waits that would never end. */
  record Dead(List<String> chain, String why) {
    TaskDeadlockException exception() {
      return new TaskDeadlockException(chain, why);
    }
  }

  private final HouseRule rule;

  WaitGraph(HouseRule rule) {
    this.rule = rule;
  }

  /** Whether a task may block on another one while it occupies. */
  @Nullable Dead join(Job waiter, Job target) {
    return follow(waiter, waiter, target, new ArrayList<>(List.of(name(waiter))));
  }

  /** Whether a task may give its slot up until another one has ended. */
  @Nullable Dead await(Job waiter, Job target) {
    Dead dead = follow(waiter, null, target, new ArrayList<>(List.of(name(waiter))));
    if (dead != null) {
      return dead;
    }
    // Whoever occupies and waits for the waiter, waits for the target from now on.
    for (Job occupant : occupantsWaitingFor(waiter)) {
      List<String> chain = new ArrayList<>(List.of(name(waiter)));
      dead = follow(waiter, occupant, target, chain);
      if (dead != null) {
        return dead;
      }
      // And the waiter itself needs its slot back.
      dead = needsSlot(waiter, occupant, chain);
      if (dead != null) {
        return dead;
      }
    }
    return null;
  }

  /**
   * The first dead wait among the tasks that occupy, for the case that the limit was lowered.
   *
   * @return the waiting task, null when all can go on
   */
  @Nullable Job firstDeadJoin() {
    for (Job occupant : rule.fleet()) {
      if (occupant.joins != null && join(occupant, occupant.joins) != null) {
        return occupant;
      }
    }
    return null;
  }

  private @Nullable Dead follow(
      Job origin, @Nullable Job occupant, Job target, List<String> chain) {
    Set<Job> seen = new HashSet<>();
    Job at = target;
    while (true) {
      chain.add(name(at));
      if (at.ended) {
        return null;
      }
      if (at == origin || !seen.add(at)) {
        return new Dead(chain, "the chain comes back to where it began");
      }
      Job next = at.awaits != null ? at.awaits : at.joins;
      if (next == null) {
        boolean going = at.stage == Job.Stage.RUNNING;
        return going || occupant == null ? null : needsSlot(at, occupant, chain);
      }
      if (at.awaits != null && occupant != null) {
        Dead dead = needsSlot(at, occupant, chain);
        if (dead != null) {
          return dead;
        }
      }
      at = next;
    }
  }

  /** Whether a task that does not occupy can get a slot while the given one keeps its own. */
  private @Nullable Dead needsSlot(Job needy, Job occupant, List<String> chain) {
    if (needy.taskClass == TaskClass.LOCAL_HEAVY || occupant.taskClass == TaskClass.LOCAL_HEAVY) {
      return new Dead(chain, name(needy) + " cannot start while " + name(occupant) + " occupies");
    }
    // Those that go on end, and where a lower limit has left more than it allows, that frees none.
    long waiting =
        rule.fleet().toList().stream()
            .filter(other -> other == occupant || (other.joins != null && !other.joins.ended))
            .count();
    if (waiting >= rule.fleetLimit()) {
      return new Dead(
          chain,
          "all "
              + rule.fleetLimit()
              + " fleet permits are held by tasks that wait for others to start");
    }
    return null;
  }

  private List<Job> occupantsWaitingFor(Job job) {
    List<Job> found = new ArrayList<>();
    Set<Job> seen = new HashSet<>();
    Deque<Job> open = new ArrayDeque<>(List.of(job));
    while (!open.isEmpty()) {
      Job at = open.removeFirst();
      if (at.ended) {
        continue; // whoever waited for it goes on, though its body may not have ended
      }
      for (List<Job> edge : List.of(at.joinedBy, at.awaitedBy)) {
        for (Job waiter : edge) {
          if (seen.add(waiter)) {
            open.add(waiter);
            if (waiter != job && rule.occupies(waiter)) {
              found.add(waiter);
            }
          }
        }
      }
    }
    return found;
  }

  /** The fleet job, waiting for a slot, that an occupant's plain join depends on. */
  static @Nullable Job queuedFleetJobBehind(Job occupant, HouseRule rule) {
    for (Job at : joinedBehind(occupant)) {
      boolean waitsForSlot =
          at.stage == Job.Stage.QUEUED
              || at.stage == Job.Stage.RESUMING
              || at.stage == Job.Stage.UNWINDING;
      if (waitsForSlot) {
        return at.taskClass == TaskClass.FLEET && !rule.occupies(at) ? at : null;
      }
    }
    return null;
  }

  /** The jobs that an occupant's plain join depends on, nearest first. */
  static Set<Job> joinedBehind(Job occupant) {
    Set<Job> behind = new LinkedHashSet<>();
    Job at = occupant.joins;
    while (at != null && !at.ended && behind.add(at)) {
      at = at.awaits != null ? at.awaits : at.joins;
    }
    return behind;
  }

  private static String name(Job job) {
    return job.toString();
  }
}
