package dev.twoqueue.internal.engine.explore;

import static dev.twoqueue.internal.engine.explore.Answer.*;

import dev.twoqueue.TaskClass;
import java.util.List;

/** The worlds that are explored. */
final class Worlds {
  private Worlds() {}

  static WorldSpec named(String name) {
    return all().stream().filter(spec -> spec.name.equals(name)).findFirst().orElseThrow();
  }

  static List<WorldSpec> all() {
    return List.of(
        new WorldSpec("plain").local("m1", 2).local("m2", 1).fleet(3).upTo(2, Op.CANCEL),
        new WorldSpec("looks")
            .local("m1", 1)
            .local(null, 1)
            .fleet(2)
            .looks(PROCEED, HOLD, HOLD_CLASS, REFUSE)
            .leases()
            .upTo(1, Op.CANCEL),
        new WorldSpec("drain")
            .local("m1", 2)
            .local("m2", 1)
            .fleet(1)
            .answers(Ask.OBSERVE, EMPTY, M1, M2, UNKNOWN)
            .upTo(1, Op.CANCEL),
        new WorldSpec("evict")
            .local("m1", 1)
            .local("m2", 1)
            .fleet(1)
            .answers(Ask.OBSERVE, EMPTY, M1, M2, BOTH, UNKNOWN)
            .answers(Ask.EVICT, DONE, FAILED)
            .upTo(1, Op.CANCEL),
        new WorldSpec("permits")
            .local("m1", 1)
            .fleet(3)
            .answers(Ask.PERMIT, GRANT, DENY)
            .upTo(1, Op.CANCEL)
            .upTo(1, Op.LIMIT)
            .fleetLimit(2, 1),
        new WorldSpec("fleetGates")
            .local("m1", 1)
            .fleet(3)
            .answers(Ask.LOOK_FLEET, PROCEED, HOLD, REFUSE)
            .upTo(1, Op.CANCEL)
            .upTo(1, Op.PAUSE_FLEET),
        new WorldSpec("waits")
            .local("m1", 1)
            .local("m2", 1)
            .fleet(2)
            .upTo(2, Op.AWAIT)
            .upTo(2, Op.JOIN)
            .upTo(1, Op.CANCEL)
            .upTo(1, Op.LIMIT)
            .fleetLimit(2, 1),
        new WorldSpec("deadlines")
            .kind(TaskClass.LOCAL_HEAVY, "m1", 3, 2, 2)
            .kind(TaskClass.FLEET, null, 2, 3, 2)
            .upTo(1, Op.HALF)
            .upTo(1, Op.LATE)
            .upTo(1, Op.SHUTDOWN)
            .upTo(1, Op.SHUTDOWN_NOW));
  }
}
