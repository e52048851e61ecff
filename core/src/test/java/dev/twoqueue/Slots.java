package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** Whether a scheduler that has nothing to do still has every slot: not one less, not one more. */
final class Slots {
  /** How many tasks {@link #assertAllThere} submits beyond the fleet's limit. */
  static final int EXTRA_TASKS = 2 + 2;

  private Slots() {}

  static void assertAllThere(TwoQueueScheduler scheduler, int fleetLimit)
      throws InterruptedException {
    SchedulerSnapshot before = scheduler.snapshot();
    assertEquals(List.of(), before.fleet().running());
    assertEquals(List.of(), before.localHeavy().running());
    assertEquals(0, before.fleet().queued() + before.localHeavy().queued());

    List<Latched> agents = new ArrayList<>();
    List<TaskHandle<String>> handles = new ArrayList<>();
    for (int i = 0; i < fleetLimit + 2; i++) {
      Latched body = Latched.polite();
      agents.add(body);
      handles.add(scheduler.submit(Tasks.fleet("agent", body)));
    }
    for (Latched body : agents.subList(0, fleetLimit)) {
      body.awaitBegun();
    }
    SchedulerSnapshot full = scheduler.snapshot();
    assertEquals(fleetLimit, full.fleet().running().size());
    assertEquals(2, full.fleet().queued());
    agents.forEach(Latched::release);
    handles.forEach(Tasks::result);

    Latched first = Latched.polite();
    Latched second = Latched.polite();
    TaskHandle<String> one = scheduler.submit(Tasks.local("one", first));
    TaskHandle<String> other = scheduler.submit(Tasks.local("other", second));
    first.awaitBegun();
    SchedulerSnapshot serial = scheduler.snapshot();
    assertEquals(1, serial.localHeavy().running().size());
    assertEquals(1, serial.localHeavy().queued());
    first.release();
    second.release();
    Tasks.result(one);
    Tasks.result(other);
  }
}
