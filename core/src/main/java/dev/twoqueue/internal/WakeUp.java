package dev.twoqueue.internal;

import dev.twoqueue.SchedulerClock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one timer that is armed for the engine's next wake. Any thread may ask for a time; the last
 * time that was set wins, and no thread waits for a clock of the host's that hangs.
 */
final class WakeUp {
  private static final long NEVER = Long.MAX_VALUE;

  /** Keeps a clock that stands still from being asked without a pause. */
  private static final long SHORTEST = 100_000;

  private final SchedulerClock clock;
  private final Runnable action;
  private final ReentrantLock arming = new ReentrantLock();
  private volatile long wanted = NEVER;
  private volatile long armed = NEVER;
  private SchedulerClock.@Nullable Timer timer;

  WakeUp(SchedulerClock clock, Runnable action) {
    this.clock = clock;
    this.action = action;
  }

  /** Says when; under the scheduler's lock, so that the order of calls is that of decisions. */
  void want(long at) {
    if (wanted != at) {
      wanted = at;
    }
  }

  /** Arms what is wanted; outside the scheduler's lock. */
  void arm() {
    // Whoever holds the lock looks again after leaving it, so nobody needs to wait for it.
    while (wanted != armed && arming.tryLock()) {
      try {
        armNow(wanted);
      } finally {
        arming.unlock();
      }
    }
  }

  private void armNow(long at) {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    armed = at;
    if (at != NEVER) {
      long delay = Math.max(SHORTEST, at - clock.nanos());
      timer = clock.schedule(Duration.ofNanos(delay), this::fired);
    }
  }

  private void fired() {
    armed = NEVER;
    action.run();
  }
}
