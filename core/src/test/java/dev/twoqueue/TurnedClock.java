package dev.twoqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test turns by hand while other threads use it. */
final class TurnedClock implements SchedulerClock {
  private record Alarm(long at, long number) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final ConcurrentSkipListMap<Alarm, Runnable> alarms = new ConcurrentSkipListMap<>();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos.get());
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    Alarm alarm = new Alarm(nanos.get() + delay.toNanos(), numbers.incrementAndGet());
    alarms.put(alarm, action);
    return () -> alarms.remove(alarm);
  }

  /** Turns the time on and rings what is due, on the calling thread. */
  void pass(Duration duration) {
    long now = nanos.addAndGet(duration.toNanos());
    List<Alarm> due = new ArrayList<>(alarms.headMap(new Alarm(now, Long.MAX_VALUE)).keySet());
    for (Alarm alarm : due) {
      Runnable action = alarms.remove(alarm);
      if (action != null) {
        action.run();
      }
    }
  }
}
