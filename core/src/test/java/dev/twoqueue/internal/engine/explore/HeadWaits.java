package dev.twoqueue.internal.engine.explore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long the heads of the two queues have waited, against what {@link Bounds} allows. */
final class HeadWaits {
  private final WorldSpec spec;
  private @Nullable ExploredJob fleetHead;
  private long fleetSince;
  private long localSince;
  private int localStarts;

  /** The longest that was seen. */
  private long mostFleet;

  private long mostLocal;

  HeadWaits(WorldSpec spec) {
    this.spec = spec;
  }

  long mostFleet() {
    return mostFleet;
  }

  long mostLocal() {
    return mostLocal;
  }

  void check(List<ExploredJob> jobs, long now) {
    ExploredJob head = null;
    boolean localWaits = false;
    int started = 0;
    for (ExploredJob job : jobs) {
      boolean waits = !job.started && !job.finished;
      if (!job.isLocal()) {
        head = head == null && waits ? job : head;
      } else {
        localWaits |= waits;
        started += job.started ? 1 : 0;
      }
    }
    if (fleetSince != 0) {
      mostFleet = within("fleet", Math.max(mostFleet, now - fleetSince));
    }
    if (localSince != 0) {
      mostLocal = within("local-heavy", Math.max(mostLocal, now - localSince));
    }
    if (head != fleetHead) {
      fleetSince = head == null ? 0 : now;
      fleetHead = head;
    }
    if (!localWaits) {
      localSince = 0;
    } else if (localSince == 0 || started != localStarts) {
      localSince = now;
    }
    localStarts = started;
  }

  private long within(String who, long waited) {
    Bounds bounds = new Bounds(spec);
    long bound = who.equals("fleet") ? bounds.fleetHead() : bounds.localHead();
    Violation.unless(
        waited <= bound,
        "I6",
        "the head of the ",
        who,
        " queue waits ",
        waited / 1e9,
        " s, the bound is ",
        bound / 1e9,
        " s");
    return waited;
  }
}
