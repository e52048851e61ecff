package dev.twoqueue.internal;

import dev.twoqueue.SchedulerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The system's time, and a timer whose one daemon thread ends when nothing is armed. Every question
 * to a gate has a timeout that is nearly never reached, and to wake the timer's thread for each
 * would cost more than the question. So it first comes after a second at most, and is left to come
 * when what it was to come for has been cancelled: it serves what is armed meanwhile.
 */
final class SystemClock implements SchedulerClock {
  private static final long SOON = Duration.ofSeconds(1).toNanos();

  private final ScheduledThreadPoolExecutor thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();

  /** When the thread comes next, if there is a future for it. */
  private long comesAt;

  private @Nullable Future<?> coming;

  SystemClock() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread timer = new Thread(task, "two-queue-timer");
              timer.setDaemon(true);
              return timer;
            });
    thread.setRemoveOnCancelPolicy(true);
    thread.setKeepAliveTime(OwnThreads.KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    long now = System.nanoTime();
    Alarm alarm = new Alarm(now + Math.max(0, TimeUnit.NANOSECONDS.convert(delay)), action);
    lock.lock();
    try {
      alarms.add(alarm);
      comeFor(alarms.peek(), now + SOON);
    } finally {
      lock.unlock();
    }
    return alarm;
  }

  /** Sees that the thread comes in time, and not later than a given time. */
  private void comeFor(@Nullable Alarm first, long latest) {
    if (first == null || (coming != null && comesAt - first.at <= 0)) {
      return;
    }
    if (coming != null) {
      coming.cancel(false);
    }
    comesAt = first.at - latest < 0 ? first.at : latest;
    long delay = Math.max(0, comesAt - System.nanoTime());
    coming = thread.schedule(this::come, delay, TimeUnit.NANOSECONDS);
  }

  private void come() {
    List<Alarm> due = new ArrayList<>();
    lock.lock();
    try {
      long now = System.nanoTime();
      coming = null;
      for (Alarm first = alarms.peek(); first != null && first.at - now <= 0; ) {
        due.add(alarms.remove());
        first = alarms.peek();
      }
      Alarm first = alarms.peek();
      if (first != null) {
        comeFor(first, first.at);
      }
    } finally {
      lock.unlock();
    }
    due.forEach(alarm -> Guard.run("a timer", alarm.action));
  }

  private void cancel(Alarm alarm) {
    lock.lock();
    try {
      boolean wasLast = alarms.remove(alarm) && alarms.isEmpty();
      if (wasLast && coming != null && comesAt - System.nanoTime() > SOON) {
        coming.cancel(false); // its thread would be there all the time with nothing to do
        coming = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Alarm implements Timer, Comparable<Alarm> {
    private final long at;
    private final Runnable action;

    Alarm(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    @Override
    public void cancel() {
      SystemClock.this.cancel(this);
    }

    @Override
    public int compareTo(Alarm other) {
      return Long.signum(at - other.at);
    }
  }
}
