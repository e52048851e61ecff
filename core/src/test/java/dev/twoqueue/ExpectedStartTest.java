package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** When queued tasks are likely to start, and what a probe says beside what is resident. */
class ExpectedStartTest {
  private static final List<String> MODELS = List.of("a", "b", "c");

  private final ManualTime time = new ManualTime();
  private final Server server = new Server();

  /** Holds one model; a body that finds another one there loads its own, which takes time. */
  private final class Server implements ResidencyProbe {
    private final FakeModelServer slot = new FakeModelServer();
    private Map<String, Duration> swapTimes = new HashMap<>();
    private List<String> warnings = List.of();
    private boolean notesFail;

    @Override
    public Residency observe() {
      return slot.observe();
    }

    @Override
    public Optional<Evictor> evictor() {
      return slot.evictor();
    }

    @Override
    public Map<String, Duration> swapTimes() {
      if (notesFail) {
        throw new IllegalStateException("no notes");
      }
      return swapTimes;
    }

    @Override
    public List<String> warnings() {
      return warnings;
    }

    /**
     * Runs for as many seconds as its model's place in the alphabet, after a load of ten times
     * that.
     */
    LocalHeavyTask<Instant> task(String model) {
      long seconds = model.charAt(0) - 'a' + 1L;
      return LocalHeavyTask.<Instant>asyncBuilder(
              LocalKind.ORACLE,
              "asks " + model,
              task -> {
                Instant began = time.instant();
                boolean there = slot.resident.stream().anyMatch(it -> it.model().equals(model));
                slot.load(ResidencyKey.of(model));
                return time.after(Duration.ofSeconds(there ? seconds : 11 * seconds), began);
              })
          .model(model)
          .build();
    }

    void measure() {
      for (String model : MODELS) {
        swapTimes.put(model, Duration.ofSeconds(10L * (model.charAt(0) - 'a' + 1)));
      }
    }
  }

  private TwoQueueScheduler scheduler() {
    return time.scheduler().residencyProbe(server).build();
  }

  private static Duration fromNow(TaskHandle<?> handle, ManualTime time) {
    return Duration.between(time.instant(), handle.expectedStart().orElseThrow().at());
  }

  @Property(tries = 100)
  void whereAllIsMeasuredTasksStartWhenTheyAreExpectedTo(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 2) Integer> jobs,
      @ForAll @IntRange(max = 10) int later) {
    new ExpectedStartTest().tasksStartWhenTheyAreExpectedTo(jobs, later); // in a time of its own
  }

  private void tasksStartWhenTheyAreExpectedTo(List<Integer> jobs, int later) {
    server.measure();
    TwoQueueScheduler scheduler = scheduler();
    for (String model : List.of("a", "a", "b", "b", "c", "c")) {
      scheduler.submit(server.task(model));
      time.seconds(100);
    }
    List<TaskHandle<Instant>> handles = new ArrayList<>();
    for (int job : jobs) {
      handles.add(scheduler.submit(server.task(MODELS.get(job))));
    }
    time.pass(Duration.ofMillis(100L * later));

    Map<Long, ExpectedStart> seen = new HashMap<>();
    scheduler
        .snapshot()
        .localHeavy()
        .next()
        .forEach(task -> seen.put(task.id(), task.expectedStart().orElseThrow()));
    handles.removeIf(handle -> handle.state() != TaskState.QUEUED);
    List<ExpectedStart> expected =
        handles.stream().map(handle -> handle.expectedStart().orElseThrow()).toList();
    time.seconds(2000);
    for (int i = 0; i < handles.size(); i++) {
      assertEquals(expected.get(i), seen.get(handles.get(i).id()));
      assertEquals(Tasks.ended(handles.get(i)), expected.get(i).at());
      assertEquals(0, expected.get(i).unknown());
    }
  }

  @Test
  void whatNothingIsKnownOfIsCounted() {
    TwoQueueScheduler scheduler = scheduler();
    scheduler.submit(server.task("a"));
    TaskHandle<Instant> second = scheduler.submit(server.task("a"));
    TaskHandle<Instant> third = scheduler.submit(server.task("b"));
    TaskHandle<Instant> fourth = scheduler.submit(server.task("b"));
    time.run();
    // The running one; it and the second; these, and the third with its swap.
    assertEquals(1, second.expectedStart().orElseThrow().unknown());
    assertEquals(2, third.expectedStart().orElseThrow().unknown());
    assertEquals(4, fourth.expectedStart().orElseThrow().unknown());
    assertEquals(Duration.ZERO, fromNow(fourth, time));
  }

  @Test
  void aRunThatBeganWithASwapCountsWithoutIt() {
    server.measure();
    TwoQueueScheduler scheduler = scheduler();
    for (String model : List.of("b", "a")) {
      scheduler.submit(server.task(model)); // 20 s for its swap and 2 s; 10 s and 1 s
      time.seconds(30);
    }
    scheduler.submit(server.task("a"));
    scheduler.submit(server.task("b"));
    TaskHandle<Instant> last = scheduler.submit(server.task("b"));
    time.run();
    ExpectedStart seen = last.expectedStart().orElseThrow();
    assertEquals(Duration.ofSeconds(20), seen.swaps());
    assertEquals(Duration.ofSeconds(3), seen.runs());
    assertEquals(0, seen.unknown());
  }

  @Test
  void anOverdueRunIsExpectedToEndNow() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.submit(Tasks.local("short", time, Duration.ofSeconds(5)));
    time.seconds(5);
    scheduler.submit(Tasks.local("long", time, Duration.ofSeconds(50)));
    TaskHandle<String> next = scheduler.submit(Tasks.local("next"));
    time.seconds(2);
    assertEquals(Duration.ofSeconds(3), fromNow(next, time));
    time.seconds(20);
    assertEquals(Duration.ZERO, fromNow(next, time));
    assertEquals(0, next.expectedStart().orElseThrow().unknown());
  }

  @Test
  void aFailureIsNoMeasure() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.submit(
        Tasks.local(
            "fails",
            task -> {
              throw new IllegalStateException("no");
            }));
    time.seconds(1);
    scheduler.submit(Tasks.local("runs", time, Duration.ofMinutes(1)));
    TaskHandle<String> next = scheduler.submit(Tasks.local("next"));
    time.run();
    assertEquals(1, next.expectedStart().orElseThrow().unknown());
  }

  @Test
  void nothingIsExpectedOfWhatIsPausedOrOfTheFleetOrRunsOrEnded() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    TaskHandle<String> runs = scheduler.submit(Tasks.local("runs", time, Duration.ofSeconds(9)));
    TaskHandle<String> queued = scheduler.submit(Tasks.local("queued"));
    TaskHandle<String> call = scheduler.submit(Tasks.fleet("call"));
    time.run();
    assertEquals(Optional.empty(), runs.expectedStart());
    assertEquals(Optional.empty(), call.expectedStart());
    assertTrue(queued.expectedStart().isPresent());
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    assertEquals(Optional.empty(), queued.expectedStart());
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    time.seconds(10);
    assertEquals(Optional.empty(), queued.expectedStart());
  }

  @Test
  void aFleetThatRunsIsAnUnknown() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    scheduler.submit(Tasks.fleet("call", time, Duration.ofMinutes(1)));
    time.run();
    TaskHandle<String> queued = scheduler.submit(Tasks.local("queued"));
    time.run();
    assertEquals(1, queued.expectedStart().orElseThrow().unknown());
  }

  @Test
  void theProbesWarningsAreInTheSnapshotUntilItsNextLook() {
    TwoQueueScheduler scheduler = scheduler();
    server.warnings = List.of("no way past the queue");
    assertEquals(List.of(), scheduler.snapshot().warnings());
    scheduler.submit(server.task("a"));
    time.seconds(100);
    assertEquals(List.of("no way past the queue"), scheduler.snapshot().warnings());
    server.warnings = List.of();
    scheduler.submit(server.task("a"));
    time.seconds(100);
    assertEquals(List.of(), scheduler.snapshot().warnings());
  }

  /** I11: notes that cannot be had take nothing from what was seen. */
  @Test
  void notesThatFailHoldNobody() {
    TwoQueueScheduler scheduler = scheduler();
    server.measure();
    server.warnings = List.of("as it was");
    scheduler.submit(server.task("a"));
    time.seconds(100);
    server.notesFail = true;
    TaskHandle<Instant> task = scheduler.submit(server.task("a"));
    time.seconds(100);
    Tasks.ended(task);
    server.swapTimes = new HashMap<>();
    server.swapTimes.put("a", null);
    server.notesFail = false;
    Tasks.ended(submitted(scheduler));
    assertEquals(List.of("as it was"), scheduler.snapshot().warnings());
  }

  private TaskHandle<Instant> submitted(TwoQueueScheduler scheduler) {
    TaskHandle<Instant> task = scheduler.submit(server.task("a"));
    time.seconds(100);
    return task;
  }
}
