package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how often the listeners were told of each task's end (I7). */
final class Ends implements SchedulerListener {
  private final AtomicIntegerArray byId;
  private final AtomicLong all = new AtomicLong();

  Ends(int mostTasks) {
    byId = new AtomicIntegerArray(mostTasks + 1);
  }

  @Override
  public void onEvent(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Ended ended) {
      byId.incrementAndGet((int) ended.id());
      all.incrementAndGet();
    }
  }

  /** Tasks 1 to the last one have ended once each, and nothing else has. */
  void assertOneEach(int last) {
    Eventually.holds(
        () -> all.get() + " of " + last + " ends were told",
        Duration.ofSeconds(30),
        () -> all.get() >= last);
    for (int id = 1; id <= last; id++) {
      assertEquals(1, byId.get(id), "ends of task " + id);
    }
    assertEquals(last, all.get());
  }
}
