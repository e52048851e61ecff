package dev.twoqueue.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Progress;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskContext;
import dev.twoqueue.TaskHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OccupancyMonitorTest {
  private final OccupancyMonitor monitor = new OccupancyMonitor();

  /** A scheduler's side of a body, without a scheduler. */
  private record Context(ScheduledTask<?> task, Runnable whileSuspended) implements TaskContext {
    @Override
    public long id() {
      return 7;
    }

    @Override
    public CancellationToken cancellation() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void progress(Progress progress) {}

    @Override
    @SuppressWarnings("NullAway") // The witness passes the result on, whatever it is.
    public <T extends @Nullable Object> T await(TaskHandle<T> handle) {
      whileSuspended.run();
      return null;
    }

    @Override
    @SuppressWarnings("NullAway") // As above.
    public <T extends @Nullable Object> CompletionStage<T> awaitAsync(TaskHandle<T> handle) {
      return CompletableFuture.supplyAsync(
          () -> {
            whileSuspended.run();
            return null;
          });
    }
  }

  private static Context context(String name, Runnable whileSuspended) {
    return new Context(LocalHeavyTask.of(LocalKind.OTHER, name, task -> ""), whileSuspended);
  }

  private String complaint(int fleetLimit) {
    return String.valueOf(
        assertThrows(AssertionError.class, () -> monitor.assertRuleHeld(fleetLimit)).getMessage());
  }

  @Test
  void what_the_rule_allows_is_no_violation() {
    monitor.enterLocal("a").close();
    try (Occupancy one = monitor.enterFleet("b");
        Occupancy two = monitor.enterFleet("c")) {
      assertEquals(List.of("b", "c"), monitor.occupants().stream().sorted().toList());
      one.stepOut();
      two.stepOut();
    }
    assertEquals(1, monitor.maxLocal());
    assertEquals(2, monitor.maxFleet());
    assertEquals(3, monitor.entries());
    assertFalse(monitor.mixedSeen());
    monitor.assertRuleHeld(2);
  }

  @Test
  void two_local_ones_break_I1_and_are_named() {
    monitor.enterLocal("oracle");
    monitor.enterLocal("pull");
    assertEquals(2, monitor.maxLocal());
    String broken = complaint(5);
    assertTrue(broken.contains("I1 serial: 2 local-heavy with 0 fleet"), broken);
    assertTrue(broken.contains("oracle (LOCAL_HEAVY), pull (LOCAL_HEAVY)"), broken);
    assertFalse(monitor.mixedSeen());
  }

  @Test
  void more_than_the_limit_breaks_I2() {
    for (String name : List.of("a", "b", "c")) {
      monitor.enterFleet(name);
    }
    monitor.assertRuleHeld(3);
    String broken = complaint(2);
    assertTrue(broken.contains("I2 bounded: 3 fleet over 2"), broken);
    assertTrue(broken.contains("c (FLEET)"), broken);
  }

  @Test
  void a_mix_breaks_I3_whoever_came_first() {
    Occupancy local = monitor.enterLocal("local");
    Occupancy fleet = monitor.enterFleet("fleet");
    local.close();
    assertTrue(monitor.mixedSeen());
    monitor.enterLocal("again");
    fleet.close();
    assertEquals(2, monitor.violations().size());
    assertThrows(AssertionError.class, () -> monitor.assertRuleHeld(5));
  }

  @Test
  void violations_are_bounded_and_all_are_counted() {
    monitor.enterLocal("stays");
    for (int i = 0; i < 1000; i++) {
      monitor.enterFleet("visits").close();
    }
    assertEquals(100, monitor.violations().size());
    String broken = complaint(5);
    assertTrue(broken.contains("1000 moments"), broken);
  }

  @Test
  void a_suspended_body_is_not_counted_and_is_again_afterwards() throws Exception {
    List<List<String>> seen = new ArrayList<>();
    Runnable look = () -> seen.add(monitor.occupants());
    TaskBody<String> body =
        monitor.local(
            task -> {
              look.run();
              task.await(nobody());
              look.run();
              return "done";
            });
    assertEquals("done", body.run(context("outer", look)));
    look.run();
    assertEquals(List.of(List.of("outer"), List.of(), List.of("outer"), List.of()), seen);
  }

  @Test
  void an_asynchronous_body_is_not_counted_while_it_awaits() throws Exception {
    List<List<String>> seen = new ArrayList<>();
    Runnable look = () -> seen.add(monitor.occupants());
    var end =
        monitor
            .localAsync(task -> task.awaitAsync(nobody()).thenRun(look))
            .start(context("outer", look));
    end.toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertEquals(List.of(List.of(), List.of("outer")), seen);
    assertEquals(List.of(), monitor.occupants());
  }

  @Test
  void a_stay_that_has_ended_does_not_begin_again() {
    Occupancy stay = monitor.enterLocal("a");
    stay.stepOut();
    stay.stepIn();
    stay.close();
    stay.stepIn();
    assertEquals(List.of(), monitor.occupants());
    assertEquals(2, monitor.entries());
  }

  @Test
  void a_body_that_fails_or_whose_await_fails_leaves() {
    Runnable fails =
        () -> {
          throw new IllegalStateException("refused its slot back");
        };
    TaskBody<String> body = monitor.fleet(task -> "" + task.await(nobody()));
    assertThrows(IllegalStateException.class, () -> body.run(context("outer", fails)));
    assertEquals(List.of(), monitor.occupants());
    assertEquals(2, monitor.entries(), "counted again between the await and the end");
  }

  @Test
  void an_asynchronous_body_is_counted_until_its_stage_completes() throws Exception {
    CompletableFuture<String> work = new CompletableFuture<>();
    var stage = monitor.fleetAsync(task -> work).start(context("async", () -> {}));
    assertEquals(List.of("async"), monitor.occupants());
    List<List<String>> seenAtEnd = new ArrayList<>();
    var ended = stage.thenRun(() -> seenAtEnd.add(monitor.occupants())).toCompletableFuture();
    work.complete("done");
    ended.get(20, TimeUnit.SECONDS);
    assertEquals(List.of(List.of()), seenAtEnd, "it had left when its stage completed");
  }

  @Test
  @SuppressWarnings("NullAway") // What a careless host may do.
  void an_asynchronous_body_that_does_not_begin_leaves() {
    assertThrows(
        NullPointerException.class,
        () -> monitor.localAsync(task -> null).start(context("null", () -> {})));
    assertThrows(
        IllegalStateException.class,
        () ->
            monitor
                .localAsync(
                    task -> {
                      throw new IllegalStateException();
                    })
                .start(context("throws", () -> {})));
    assertEquals(List.of(), monitor.occupants());
  }

  @Test
  void wrapped_bodies_can_be_submitted() {
    assertEquals("x", FleetTask.of("x", monitor.fleet(task -> 1)).name());
    assertEquals(
        "y",
        LocalHeavyTask.asyncBuilder(
                LocalKind.OTHER, "y", monitor.localAsync(task -> new CompletableFuture<>()))
            .build()
            .name());
  }

  /** Eight threads, 200,000 entries: counts add up, and what really was there at once is seen. */
  @Test
  void counts_hold_under_contention() throws Exception {
    int threads = 8;
    int each = 25_000;
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        ends.add(
            executor.submit(
                () -> {
                  try (Occupancy all = monitor.enterFleet("all")) {
                    together.await(20, TimeUnit.SECONDS);
                    all.stepOut();
                  }
                  for (int i = 0; i < each; i++) {
                    monitor.enterFleet("one").close();
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
    assertEquals(threads, monitor.maxFleet());
    assertEquals(threads * (each + 1L), monitor.entries());
    assertEquals(List.of(), monitor.occupants());
    monitor.assertRuleHeld(threads);
    monitor.enterLocal("after").close();
    assertFalse(monitor.mixedSeen(), "no count was lost");
  }

  @Test
  @SuppressWarnings("NullAway") // What a careless host may do.
  void wrong_arguments_are_named() {
    assertThrows(IllegalArgumentException.class, () -> monitor.assertRuleHeld(0));
    for (Runnable wrong :
        List.<Runnable>of(
            () -> monitor.enterLocal(null),
            () -> monitor.enterFleet(null),
            () -> monitor.local(null),
            () -> monitor.fleetAsync(null))) {
      assertThrows(NullPointerException.class, wrong::run);
    }
    assertEquals(0, monitor.entries());
  }

  @SuppressWarnings("NullAway") // The context of this test does not look at it.
  private static TaskHandle<String> nobody() {
    return null;
  }
}
