package dev.twoqueue.internal;

import dev.twoqueue.ScheduledTask;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What listeners are told of an effect. */
final class Telling {
  private Telling() {}

  static Optional<SchedulerEvent> of(Effect effect, Instant at) {
    if (effect instanceof Effect.Start e) {
      return Optional.of(
          new SchedulerEvent.Started(
              at, id(e.job()), task(e.job()), nanos(e.waitedNanos()), false, e.swap()));
    }
    if (effect instanceof Effect.Resume e) {
      return Optional.of(
          new SchedulerEvent.Started(
              at, id(e.job()), task(e.job()), nanos(e.waitedNanos()), true, e.swap()));
    }
    if (effect instanceof Effect.Finish e) {
      return Optional.of(new SchedulerEvent.Ended(at, id(e.job()), task(e.job()), e.outcome()));
    }
    if (effect instanceof Effect.Tell e) {
      return Optional.of(new SchedulerEvent.Told(at, id(e.job()), task(e.job()), e.reason()));
    }
    if (effect instanceof Effect.Held e) {
      return Optional.of(
          new SchedulerEvent.Held(
              at,
              id(e.job()),
              task(e.job()),
              e.hold().reason(),
              e.hold().scope(),
              e.hold().lookAgainAfter()));
    }
    if (effect instanceof Effect.Suspended e) {
      return Optional.of(
          new SchedulerEvent.Suspended(at, id(e.job()), task(e.job()), id(e.awaited())));
    }
    if (effect instanceof Effect.Freed e) {
      return Optional.of(
          new SchedulerEvent.SlotFreed(
              at, id(e.job()), task(e.job()), nanos(e.ranNanos()), e.overrun()));
    }
    if (effect instanceof Effect.Door e) {
      return Optional.of(new SchedulerEvent.Door(at, e.open(), e.reason()));
    }
    if (effect instanceof Effect.Paused e) {
      return Optional.of(new SchedulerEvent.Paused(at, e.taskClass(), e.paused()));
    }
    return Optional.empty();
  }

  private static long id(Job job) {
    return job.id();
  }

  private static ScheduledTask<?> task(Job job) {
    return ((Entry<?>) job).task();
  }

  private static Duration nanos(long nanos) {
    return Duration.ofNanos(nanos);
  }
}
