package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Gates that watch the fleet, and permits from outside, in manual time. */
class FleetGatesTest {
  private final ManualTime time = new ManualTime();

  @Test
  void aHoldClosesTheDoorUntilTheNextLookAndLetsLocalTasksIn() {
    boolean[] foreignPull = {true};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .fleetGate(
                request ->
                    foreignPull[0]
                        ? Verdict.hold("a foreign pull runs", Duration.ofSeconds(10))
                        : Verdict.proceed())
            .build();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.run();
    assertEquals("a foreign pull runs", agent.waitsFor().orElseThrow().text());
    assertEquals("sweep", Tasks.ended(sweep));
    foreignPull[0] = false;
    time.seconds(9);
    assertEquals(TaskState.QUEUED, agent.state());
    time.seconds(1);
    assertEquals("agent", Tasks.ended(agent));
  }

  @Test
  void aVerdictStandsForItsOwnTime() {
    int[] looks = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .fleetGate(
                request -> {
                  looks[0]++;
                  return Verdict.proceed().withLookAgainAfter(Duration.ofSeconds(3));
                })
            .fleetLimit(1)
            .build();
    List<TaskHandle<String>> agents = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      agents.add(scheduler.submit(Tasks.fleet("agent " + i, time, Duration.ofSeconds(1))));
    }
    time.seconds(6);
    agents.forEach(agent -> assertEquals(TaskState.SUCCEEDED, agent.state()));
    assertEquals(2, looks[0], "one at the turn's begin, one after 3 s");
  }

  @Test
  void aRefusalIsForTheTaskThatWasLookedAtAndForNoOther() {
    List<Runnable> gateThreads = new ArrayList<>();
    boolean[] slow = {false};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .callbackExecutor(work -> (slow[0] ? gateThreads : new Handing()).add(work))
            .fleetGate(
                request ->
                    request.task().name().equals("forbidden")
                        ? Verdict.refuse("its provider is blocked")
                        : Verdict.proceed())
            .build();
    slow[0] = true;
    TaskHandle<String> forbidden = scheduler.submit(Tasks.fleet("forbidden"));
    TaskHandle<String> innocent = scheduler.submit(Tasks.fleet("innocent"));
    assertTrue(forbidden.cancel("while it is looked at"));
    while (!gateThreads.isEmpty()) {
      gateThreads.remove(0).run();
      time.run();
    }
    assertEquals("innocent", Tasks.ended(innocent));
  }

  /** Hands work to the manual time. */
  private final class Handing extends ArrayList<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean add(Runnable work) {
      time.execute(work);
      return true;
    }
  }

  @Test
  void aRefusalEndsTheTaskAndTheNextIsLookedAt() {
    TwoQueueScheduler scheduler =
        time.scheduler()
            .fleetGate(
                request ->
                    request.task().name().equals("forbidden")
                        ? Verdict.refuse("its provider is blocked")
                        : Verdict.proceed())
            .build();
    TaskHandle<String> forbidden = scheduler.submit(Tasks.fleet("forbidden"));
    TaskHandle<String> next = scheduler.submit(Tasks.fleet("next"));
    time.run();
    assertInstanceOf(Outcome.Refused.class, forbidden.outcome().orElseThrow());
    assertEquals("next", Tasks.ended(next));
  }

  @Test
  void aStartWaitsForItsPermitFromOutsideAndGivesItBack() {
    List<CompletableFuture<Lease>> asked = new ArrayList<>();
    int[] closed = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .outsidePermits(
                (taskClass, name) -> {
                  CompletableFuture<Lease> permit = new CompletableFuture<>();
                  asked.add(permit);
                  return permit;
                })
            .build();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent", time, Duration.ofSeconds(5)));
    time.run();
    assertEquals(WaitReason.Cause.OUTSIDE_PERMIT, agent.waitsFor().orElseThrow().cause());
    assertEquals(TaskState.STARTING, agent.state());
    asked.get(0).complete(() -> closed[0]++);
    time.run();
    assertEquals(TaskState.RUNNING, agent.state());
    assertEquals(0, closed[0]);
    time.seconds(5);
    assertEquals(1, closed[0], "given back when the task has ended");
  }

  @Test
  void aPermitThatIsNotWantedAnyMoreIsWithdrawnAndGivenBackAllTheSame() {
    CompletableFuture<Lease> permit = new CompletableFuture<>();
    CompletableFuture<Lease> uncancellable =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterrupt) {
            return false;
          }
        };
    List<CompletableFuture<Lease>> sources = new ArrayList<>(List.of(permit, uncancellable));
    int[] closed = {0};
    TwoQueueScheduler scheduler =
        time.scheduler().outsidePermits((taskClass, name) -> sources.remove(0)).build();
    TaskHandle<String> first = scheduler.submit(Tasks.local("first"));
    time.run();
    assertTrue(first.cancel("not wanted"));
    time.run();
    assertTrue(permit.isCancelled());
    TaskHandle<String> second = scheduler.submit(Tasks.local("second"));
    time.run();
    assertTrue(second.cancel("not wanted"));
    time.run();
    uncancellable.complete(() -> closed[0]++);
    time.run();
    assertEquals(1, closed[0], "a grant counts only if it is still wanted");
    assertTrue(scheduler.snapshot().localHeavy().running().isEmpty());
  }
}
