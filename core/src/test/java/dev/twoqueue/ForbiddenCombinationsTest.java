package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The five combinations that must never be (I1 to I3), on real threads and counted in the bodies.
 * Each test brings the combination about as far as the scheduler lets it: what occupies stays until
 * everything that the scheduler has let start has counted itself.
 */
@Timeout(30)
class ForbiddenCombinationsTest {
  private final Occupants occupants = new Occupants(TwoQueueScheduler.DEFAULT_FLEET_LIMIT);
  private final TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
  private final List<Latched> bodies = new ArrayList<>();
  private final List<TaskHandle<String>> handles = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    bodies.forEach(Latched::release);
    scheduler.shutdown();
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
  }

  @Test
  void localHeavyWithTheFleetActive() {
    TaskHandle<String> sweep = local(LocalKind.TEST_SWEEP, "sweep");
    TaskHandle<String> agent = fleet("agent");
    assertKeptApart(sweep, agent);
    TaskHandle<String> nextSweep = local(LocalKind.TEST_SWEEP, "next sweep");
    TaskHandle<String> nextAgent = fleet("next agent");
    assertKeptApart(sweep, nextSweep);
    assertEquals(TaskState.QUEUED, nextAgent.state());
    assertAllEnd();
  }

  @Test
  void anOracleStartingWhileTheFleetIsActive() {
    TaskHandle<String> agent = fleet("agent");
    TaskHandle<String> oracle = local(LocalKind.ORACLE, "oracle");
    assertKeptApart(agent, oracle);
    assertFalse(scheduler.snapshot().fleetDoorOpen(), "the door closes for the oracle");
    assertAllEnd();
  }

  @Test
  void anOracleWithAPull() {
    TaskHandle<String> pull = local(LocalKind.PULL, "pull");
    TaskHandle<String> oracle = local(LocalKind.ORACLE, "oracle");
    assertKeptApart(pull, oracle);
    assertAllEnd();
  }

  @Test
  void twoOraclesAtOnce() {
    TaskHandle<String> one = local(LocalKind.ORACLE, "one");
    TaskHandle<String> other = local(LocalKind.ORACLE, "other");
    assertKeptApart(one, other);
    assertAllEnd();
  }

  @Test
  void moreThanFiveFleetTasksWithoutAnOverride() {
    for (int i = 0; i < 8; i++) {
      fleet("agent " + i);
    }
    letStart();
    assertEquals(List.of(), occupants.broken());
    assertEquals(5, occupants.begun(), "five run, the rest waits");
    assertEquals(5, scheduler.snapshot().fleet().running().size());
    assertAllEnd();
    assertEquals(5, occupants.mostFleet());
  }

  private TaskHandle<String> local(LocalKind kind, String name) {
    return kept(scheduler.submit(LocalHeavyTask.of(kind, name, occupants.local(body()))));
  }

  private TaskHandle<String> fleet(String name) {
    return kept(scheduler.submit(FleetTask.of(name, occupants.fleet(body()))));
  }

  private TaskHandle<String> kept(TaskHandle<String> handle) {
    handles.add(handle);
    return handle;
  }

  private Latched body() {
    Latched body = Latched.polite();
    bodies.add(body);
    return body;
  }

  private void assertKeptApart(TaskHandle<?> first, TaskHandle<?> second) {
    letStart();
    assertEquals(List.of(), occupants.broken());
    assertEquals(TaskState.RUNNING, first.state());
    assertEquals(1, occupants.begun(), "only the first occupies, not " + second.task());
  }

  /** A scheduler without plug-ins decides within submit: what it lets start is on its way now. */
  private void letStart() {
    Eventually.holds(
        "the bodies of all running tasks have begun",
        () -> {
          long running = handles.stream().filter(h -> h.state() == TaskState.RUNNING).count();
          return occupants.begun() == running;
        });
  }

  private void assertAllEnd() {
    bodies.forEach(Latched::release);
    for (TaskHandle<String> handle : handles) {
      assertEquals("released", Tasks.result(handle));
    }
    assertEquals(List.of(), occupants.broken());
    assertEquals(handles.size(), occupants.begun());
  }
}
