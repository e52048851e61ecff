package dev.twoqueue.internal;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.SchedulerClock;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.WaitingModel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The guarded variants of what a host can plug in: nothing of the host's throws into the shell. */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  /** The most that a reading may be behind a later one without being a step of the clock. */
  private static final long OVERTAKEN = Duration.ofMillis(100).toNanos();

  private Guard() {}

  /** Runs an action of the host's; an exception is logged. */
  static void run(String what, Runnable action) {
    try {
      action.run();
    } catch (Throwable thrown) {
      LOG.warn("{} threw", what, thrown);
    }
  }

  /** Hands an action to an executor of the host's; false when that threw. */
  static boolean execute(Executor executor, String what, Runnable action) {
    try {
      executor.execute(action);
      return true;
    } catch (Throwable thrown) {
      LOG.error("{} was not run: the executor threw", what, thrown);
      return false;
    }
  }

  /** The name that a plug-in gives itself; the fallback where it throws or has none. */
  static String name(Supplier<String> asked, String fallback) {
    try {
      String name = asked.get();
      return name == null || name.isBlank() ? fallback : name;
    } catch (Throwable thrown) {
      return fallback;
    }
  }

  /** A policy that throws or returns null is replaced by the default for that question. */
  static TurnPolicy policy(TurnPolicy guarded) {
    if (guarded == TurnPolicy.DEFAULT) {
      return guarded; // a log of inputs names it instead of its answers
    }
    return (TaskClass turn, Duration elapsed, int started) -> {
      try {
        Duration remaining = guarded.remaining(turn, elapsed, started);
        if (remaining != null) {
          return remaining;
        }
        LOG.warn("turn policy {} returned null, the default is used", guarded);
      } catch (Throwable thrown) {
        LOG.warn("turn policy {} threw, the default is used", guarded, thrown);
      }
      return TurnPolicy.DEFAULT.remaining(turn, elapsed, started);
    };
  }

  /** A policy that throws, or chooses what is not there, is replaced by the default for once. */
  static DrainPolicy policy(DrainPolicy guarded) {
    if (guarded == DrainPolicy.DEFAULT) {
      return guarded; // the engine knows it, and has a quicker way to the same choice
    }
    return waiting -> {
      try {
        WaitingModel chosen = guarded.choose(waiting);
        if (waiting.contains(chosen)) {
          return chosen;
        }
        LOG.warn(
            "drain policy {} chose {}, which does not wait; the default is used", guarded, chosen);
      } catch (Throwable thrown) {
        LOG.warn("drain policy {} threw, the default is used", guarded, thrown);
      }
      return DrainPolicy.DEFAULT.choose(waiting);
    };
  }

  /**
   * A clock that throws is replaced by the last time that it told; one that steps back is taken to
   * have stood still, and goes on from there.
   */
  static SchedulerClock clock(SchedulerClock guarded) {
    return new SchedulerClock() {
      private final ReentrantLock comparing = new ReentrantLock();
      private volatile long lastNanos;
      private volatile long steppedBack;
      private boolean told;
      private volatile Instant lastInstant = Instant.EPOCH;

      @Override
      public long nanos() {
        long madeUp = steppedBack;
        long raw;
        try {
          raw = guarded.nanos(); // under no lock: a clock that hangs hangs its caller alone
        } catch (Throwable thrown) {
          LOG.warn("the clock threw, its last time is used", thrown);
          return lastNanos;
        }
        return compare(raw, madeUp);
      }

      private long compare(long raw, long madeUp) {
        comparing.lock();
        try {
          long now = raw + madeUp;
          long back = lastNanos - now;
          if (!told || back <= 0) {
            told = true;
            lastNanos = now;
          } else if (back > OVERTAKEN && madeUp == steppedBack) {
            LOG.warn("the clock stepped back by {}, that is made up for", Duration.ofNanos(back));
            steppedBack = madeUp + back;
          }
          // Less is two readers who overtook each other, or too little to delay anything.
          return lastNanos;
        } finally {
          comparing.unlock();
        }
      }

      @Override
      public Instant instant() {
        try {
          Instant now = guarded.instant();
          if (now != null) {
            lastInstant = now;
          }
        } catch (Throwable thrown) {
          LOG.warn("the clock threw, its last time is used", thrown);
        }
        return lastInstant;
      }

      @Override
      public Timer schedule(Duration delay, Runnable action) {
        try {
          Timer timer = guarded.schedule(delay, action);
          if (timer != null) {
            return () -> Guard.run("cancelling a timer", timer::cancel);
          }
          LOG.error("the clock's timer returned null: deadlines and next looks may come late");
        } catch (Throwable thrown) {
          LOG.error("the clock's timer threw: deadlines and next looks may come late", thrown);
        }
        return () -> {};
      }
    };
  }
}
