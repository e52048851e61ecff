package dev.twoqueue.internal.engine.explore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * I10 by brute force: lets the tasks of a world end as far as they can while nobody waits for
 * anything more, and says which of them can. Knows classes and the fleet's limit, but no chains.
 */
final class WaitSpec {
  private final Collection<ExploredJob> jobs;
  private final int limit;
  private final Set<ExploredJob> over = new HashSet<>();
  private final Set<ExploredJob> occupying = new HashSet<>();

  /** A wait that is tried: the target counts as what the waiter joins or awaits. */
  private final @Nullable ExploredJob waiter;

  private final @Nullable ExploredJob target;
  private final boolean keepsSlot;

  private WaitSpec(
      Collection<ExploredJob> jobs,
      int limit,
      @Nullable ExploredJob waiter,
      @Nullable ExploredJob target,
      boolean keepsSlot) {
    this.jobs = jobs;
    this.limit = limit;
    this.waiter = waiter;
    this.target = target;
    this.keepsSlot = keepsSlot;
    for (ExploredJob job : jobs) {
      if (!job.isLive()) {
        over.add(job);
      } else if (job.occupies && !(job == waiter && !keepsSlot)) {
        occupying.add(job);
      }
    }
  }

  /** The tasks that can end as things are. */
  static Set<ExploredJob> thatCanEnd(Collection<ExploredJob> jobs, int limit) {
    return new WaitSpec(jobs, limit, null, null, false).run();
  }

  /** Whether all who could end before can still end once one task waits for another. */
  static boolean harmsNobody(
      Witness witness, ExploredJob waiter, ExploredJob target, boolean keepsSlot) {
    return new WaitSpec(witness.jobs, witness.limit, waiter, target, keepsSlot)
        .run()
        .containsAll(thatCanEnd(witness.jobs, witness.limit));
  }

  private Set<ExploredJob> run() {
    while (endAll(job -> occupying.contains(job) && !isBlocked(job)) || endAll(this::getsASlot)) {
      // Each round ends at least one more.
    }
    return over;
  }

  private boolean endAll(Predicate<ExploredJob> can) {
    List<ExploredJob> ending = new ArrayList<>();
    for (ExploredJob job : jobs) {
      if (!over.contains(job) && can.test(job)) {
        ending.add(job);
      }
    }
    ending.forEach(occupying::remove);
    return over.addAll(ending);
  }

  private boolean getsASlot(ExploredJob job) {
    if (occupying.contains(job) || isBlocked(job)) {
      return false;
    }
    boolean besideFleet = !job.isLocal() && occupying.stream().noneMatch(ExploredJob::isLocal);
    return occupying.isEmpty() || (besideFleet && occupying.size() < limit);
  }

  private boolean isBlocked(ExploredJob job) {
    if (job == waiter) {
      return target != null && !hasEnded(target);
    }
    ExploredJob joined = job.joining;
    ExploredJob awaited = job.suspended && !job.unwinds() ? job.awaiting : null;
    return (joined != null && !hasEnded(joined)) || (awaited != null && !hasEnded(awaited));
  }

  private boolean hasEnded(ExploredJob job) {
    return job.finished || over.contains(job);
  }

  @Override
  public String toString() {
    return waiter + (keepsSlot ? " joins " : " awaits ") + target;
  }
}
