package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.TaskClass;
import dev.twoqueue.internal.engine.Job;
import org.jspecify.annotations.Nullable;

/** A task of a world, with what can be seen of it from outside the engine. */
final class ExploredJob extends Job {
  final Kind kind;

  /** Its number in the world's list, by which moves name it. */
  final int number;

  boolean started;
  boolean occupies;
  boolean suspended;
  boolean finished;
  boolean bodyEnded;
  boolean tellSeen;

  /** It is to fail its await, and only wants its slot back for that. */
  boolean failsAwait;

  /** Held until then, for a reason of its own; 0 when it was seen to be back in its queue. */
  long notBefore;

  /** Its deadlines, while they run; 0 for none. */
  long startBy;

  long runUntil;

  /** For worlds that bound the time of a body. */
  long occupiesSince;

  /** Where the cap bounds it: how many waited when it came, and how many started before it. */
  int older;

  int overtaken;

  /** The token of the last final look at it. */
  long finalLook;

  @Nullable ExploredJob awaiting;
  @Nullable ExploredJob joining;

  ExploredJob(int number, Kind kind) {
    super(
        number + 1,
        kind.taskClass(),
        kind.key(),
        "task" + (number + 1),
        kind.startWithin(),
        kind.runTimeout());
    this.kind = kind;
    this.number = number;
  }

  boolean isLocal() {
    return kind.taskClass() == TaskClass.LOCAL_HEAVY;
  }

  /** Whether anything of it is still to come. */
  boolean isLive() {
    return started ? !bodyEnded : !finished;
  }

  boolean isBlocked() {
    return joining != null;
  }

  /** Whether it waits in a queue for its start, or to go on after its await. */
  boolean wantsToStart() {
    ExploredJob target = awaiting;
    boolean back = suspended && !unwinds() && target != null && target.finished;
    return isLive() && !bodyEnded && (!started || back);
  }

  /** Whether it wants its slot back only to unwind, which needs no look. */
  boolean unwinds() {
    return suspended && (tellSeen || failsAwait);
  }
}
