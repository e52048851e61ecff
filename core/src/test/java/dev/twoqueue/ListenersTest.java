package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What listeners are told, and what they cannot do (I11). */
@Timeout(40)
class ListenersTest {
  private final ManualTime time = new ManualTime();
  private final List<SchedulerEvent> events = Collections.synchronizedList(new ArrayList<>());

  private Stream<String> told(long id) {
    return events.stream()
        .filter(e -> e instanceof SchedulerEvent.OfTask of && of.id() == id)
        .map(e -> e.getClass().getSimpleName());
  }

  @Test
  void theLifeOfATaskInOrder() {
    FakeModelServer server = new FakeModelServer().holding("B");
    int[] looks = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .residencyProbe(server)
            .gate(
                request ->
                    looks[0]++ == 0
                        ? Verdict.hold("busy", Duration.ofSeconds(5))
                        : Verdict.proceed())
            .listener(events::add)
            .build();
    TaskHandle<String> oracle =
        scheduler.submit(
            LocalHeavyTask.<String>asyncBuilder(
                    LocalKind.ORACLE,
                    "oracle",
                    task -> task.awaitAsync(scheduler.submit(Tasks.fleet("agent"))))
                .model("A")
                .build());
    time.seconds(10);
    assertEquals("agent", Tasks.ended(oracle));
    assertEquals(
        List.of(
            "Submitted",
            "Looked",
            "Held",
            "Looked",
            "Evicted",
            "Looked",
            "Started",
            "Suspended",
            "Looked",
            "Started",
            "SlotFreed",
            "Ended"),
        told(oracle.id()).toList());
    SchedulerEvent.Started first = started(0);
    assertEquals(Duration.ofSeconds(5), first.waited());
    assertTrue(first.swap() && !first.resumed());
    assertTrue(started(2).resumed());
    SchedulerEvent.Evicted evicted =
        events.stream()
            .filter(SchedulerEvent.Evicted.class::isInstance)
            .map(SchedulerEvent.Evicted.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals("B", evicted.model());
    assertEquals(Optional.empty(), evicted.failure());
  }

  private SchedulerEvent.Started started(int index) {
    return events.stream()
        .filter(SchedulerEvent.Started.class::isInstance)
        .map(SchedulerEvent.Started.class::cast)
        .toList()
        .get(index);
  }

  @Test
  void whatIsNotOfOneTask() {
    TwoQueueScheduler scheduler = time.scheduler().listener(events::add).build();
    scheduler.pause(TaskClass.FLEET);
    scheduler.pause(TaskClass.FLEET);
    scheduler.resume(TaskClass.FLEET);
    scheduler.overrideFleetLimit(8, "a batch window");
    scheduler.fleetLimit(3);
    scheduler.shutdown();
    time.run();
    assertEquals(
        List.of(
            new SchedulerEvent.Paused(time.instant(), TaskClass.FLEET, true),
            new SchedulerEvent.Paused(time.instant(), TaskClass.FLEET, false),
            new SchedulerEvent.FleetLimit(time.instant(), 8, Optional.of("a batch window")),
            new SchedulerEvent.FleetLimit(time.instant(), 3, Optional.empty()),
            new SchedulerEvent.Shutdown(time.instant(), false)),
        events);
  }

  @Test
  void aRunningTaskThatIsCancelledIsToldAndOneThatIsQueuedJustEnds() {
    TwoQueueScheduler scheduler = time.scheduler().listener(events::add).build();
    TaskHandle<String> running =
        scheduler.submit(Tasks.local("running", time, Duration.ofSeconds(1)));
    TaskHandle<String> queued = scheduler.submit(Tasks.local("queued"));
    time.run();
    assertTrue(queued.cancel("no") && running.cancel("no"));
    time.seconds(1);
    assertEquals(List.of("Submitted", "Ended"), told(queued.id()).toList());
    assertEquals(
        List.of("Submitted", "Started", "Told", "SlotFreed", "Ended"), told(running.id()).toList());
  }

  @Test
  void aListenerThatThrowsKeepsNobodyFromBeingTold() {
    TwoQueueScheduler scheduler =
        time.scheduler()
            .listener(
                event -> {
                  throw new IllegalStateException("broken");
                })
            .listener(events::add)
            .build();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.run();
    assertEquals("agent", Tasks.ended(agent));
    assertEquals(List.of("Submitted", "Started", "SlotFreed", "Ended"), told(agent.id()).toList());
  }

  @Test
  void aListenerThatHangsStopsNothingAndLaterLearnsWhatItLost() throws InterruptedException {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch lostTold = new CountDownLatch(1);
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .eventBuffer(10)
            .listener(
                event -> {
                  Eventually.holds("it goes on", () -> hangs.getCount() == 0);
                  events.add(event);
                  if (event instanceof SchedulerEvent.Lost) {
                    lostTold.countDown();
                  }
                })
            .build();
    for (int i = 0; i < 25; i++) {
      assertEquals("agent", Tasks.result(scheduler.submit(Tasks.fleet("agent"))));
    }
    scheduler.close();
    hangs.countDown();
    assertTrue(lostTold.await(10, TimeUnit.SECONDS));
    SchedulerEvent.Lost lost = (SchedulerEvent.Lost) events.get(events.size() - 1);
    assertTrue(events.size() <= 12, "one in hand, ten in the buffer, and the last");
    // Four events a task and one of the shutdown.
    assertEquals(25 * 4 + 1, events.size() - 1 + lost.events());
  }
}
