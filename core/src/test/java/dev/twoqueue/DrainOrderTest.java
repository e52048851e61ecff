package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The order in which local-heavy tasks start (I5). A task's name says what it needs: {@code A1} is
 * the first task on model A, {@code -1} needs no model.
 */
class DrainOrderTest {
  private final ManualTime time = new ManualTime();
  private final FakeModelServer server = new FakeModelServer();
  private final List<String> ran = new ArrayList<>();

  @Test
  void whatTheResidentModelServesRunsFirst() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server.holding("A")).build();
    queue(scheduler, "B1 A1 B2 A2");
    assertEquals("A1 A2 B1 B2", order());
    assertEquals(1, scheduler.snapshot().swaps());
    assertEquals(3, scheduler.snapshot().swapsSaved(), "in order of submission it were four");
  }

  @Test
  void threeInterleavedModelsCostThreeSwaps() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server).build();
    queue(scheduler, "A1 B1 C1 A2 B2 C2 A3 B3 C3");
    assertEquals("A1 A2 A3 B1 B2 B3 C1 C2 C3", order());
    assertEquals(3, scheduler.snapshot().swaps());
    assertEquals(6, scheduler.snapshot().swapsSaved());
  }

  @Test
  void threeInterleavedModelsCostThreeSwapsWithoutAProbeToo() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    queue(scheduler, "A1 B1 C1 A2 B2 C2 A3 B3 C3");
    assertEquals("A1 A2 A3 B1 B2 B3 C1 C2 C3", order());
    assertEquals(3, scheduler.snapshot().swaps());
  }

  @Test
  void tasksWithoutAModelSortWithThoseOfOtherModelsAndChangeNoResidency() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server.holding("A")).build();
    queue(scheduler, "-1 B1 A1 -2 B2 A2");
    assertEquals("A1 A2 -1 B1 B2 -2", order());
    assertEquals(1, scheduler.snapshot().swaps());
  }

  @Test
  void positionsAreTheOrderOfTheStarts() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server.holding("A")).build();
    queue(scheduler, "A1");
    assertEquals("A1", order());
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    List<TaskHandle<String>> handles = submit(scheduler, "-1 B1 A2 -2 C1 B2 A3 -3 C2");
    String[] byPosition = new String[handles.size()];
    handles.forEach(h -> byPosition[h.position().orElseThrow()] = h.task().name());
    List<String> listed =
        scheduler.snapshot().localHeavy().next().stream().map(view -> view.task().name()).toList();
    ran.clear();
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    assertEquals("A2 A3 -1 B1 B2 -2 C1 C2 -3", order());
    assertEquals(String.join(" ", ran), String.join(" ", byPosition));
    assertEquals(ran, listed);
  }

  @Test
  void residencyCountsAsObservedAtThatMomentNotAsAssumed() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server.holding("A")).build();
    scheduler.submit(
        Tasks.oracle(
            "A0",
            "A",
            task -> {
              server.holding("C"); // somebody else loaded it meanwhile
              return "A0";
            }));
    queue(scheduler, "A1 B1 C1");
    assertEquals("C1 A1 B1", order());
  }

  @Test
  void withoutAProbeTheModelOfTheLastTaskThatEndedWellIsTheHint() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    queue(scheduler, "B0");
    queue(scheduler, "A1 B1");
    assertEquals("B0 B1 A1", order());
  }

  @Test
  void aTaskThatFailedGivesNoHint() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    queue(scheduler, "A0");
    TaskHandle<String> failing =
        scheduler.submit(
            Tasks.oracle(
                "B0",
                "B",
                task -> {
                  throw new IllegalStateException("the load failed");
                }));
    time.run();
    assertEquals(TaskState.FAILED, failing.state());
    queue(scheduler, "B1 A1");
    assertEquals("A0 A1 B1", order());
  }

  @Test
  void theHintIsForTheOrderAndNeverForSafety() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server.holding("A")).build();
    queue(scheduler, "A0");
    server.down = true;
    List<TaskHandle<String>> handles = queue(scheduler, "B1 A1");
    assertEquals("A0", order(), "nothing that needs a model starts while residency is unknown");
    for (TaskHandle<String> handle : handles) {
      assertEquals(WaitReason.Cause.HELD, handle.waitsFor().orElseThrow().cause());
    }
    server.down = false;
    time.seconds(5);
    assertEquals("A0 A1 B1", order());
  }

  @Test
  void runnerOptionsGroupApartWhereTheProbeDoesNotSeeThem() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server).build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    for (String name : List.of("4k-1", "8k-1", "4k-2", "8k-2")) {
      scheduler.submit(withContext(name, name.substring(0, 1)));
    }
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    assertEquals("4k-1 4k-2 8k-1 8k-2", order());
    assertEquals(2, scheduler.snapshot().swaps());
  }

  @Test
  void runnerOptionsThatTheProbeSeesDecideWhatIsServed() {
    server.resident.add(
        new ResidentModel(
            "A", Map.of("num_ctx", "8"), 1L, ResidentModel.Role.WORKER, Optional.empty()));
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(() -> server.observe()).build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    for (String name : List.of("4k-1", "8k-1", "4k-2", "8k-2")) {
      scheduler.submit(
          LocalHeavyTask.builder(LocalKind.ORACLE, name, task -> ran.add(name))
              .model("A")
              .runnerOption("num_ctx", name.substring(0, 1))
              .build());
    }
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    time.run();
    assertEquals("8k-1 8k-2", String.join(" ", ran.subList(0, 2)));
  }

  private LocalHeavyTask<String> withContext(String name, String context) {
    ResidencyKey key = new ResidencyKey("A", Map.of("num_ctx", context));
    return LocalHeavyTask.builder(
            LocalKind.ORACLE,
            name,
            task -> {
              server.load(key);
              ran.add(name);
              return name;
            })
        .model("A")
        .runnerOption("num_ctx", context)
        .build();
  }

  @Test
  void theCapLetsAnotherModelInAndOnlyWhileOneWaits() {
    TwoQueueScheduler scheduler =
        time.scheduler().residencyProbe(server.holding("A")).consecutiveStartsCap(2).build();
    queue(scheduler, "A1 A2 A3 A4 A5 B1");
    assertEquals("A1 A2 B1 A3 A4 A5", order());
  }

  @Test
  void theCapLetsATaskWithoutAModelIn() {
    TwoQueueScheduler scheduler =
        time.scheduler().residencyProbe(server.holding("A")).consecutiveStartsCap(1).build();
    queue(scheduler, "A1 A2 A3 -1 -2");
    assertEquals("A1 -1 A2 -2 A3", order());
  }

  @Test
  void withoutACapTheLongestWaitIsVisible() {
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server.holding("A")).build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    submit(scheduler, "B1");
    time.seconds(40);
    submit(scheduler, "B2 A1");
    time.seconds(2);
    assertEquals(
        Map.of("B", Duration.ofSeconds(42), "A", Duration.ofSeconds(2)),
        scheduler.snapshot().longestWaits());
  }

  @Test
  void anAlwaysResidentModelIsNeverTheWorkerModel() {
    server.holding("B").resident.add(ResidentModel.alwaysResident("A", 1L << 28));
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(server).build();
    queue(scheduler, "A1 B1");
    assertEquals("B1 A1", order());
  }

  @Test
  void theProbesSpellingMakesTwoNamesOneModel() {
    ResidencyProbe normalising =
        new ResidencyProbe() {
          @Override
          public Residency observe() {
            return server.observe();
          }

          @Override
          public ResidencyKey normalise(ResidencyKey key) {
            return ResidencyKey.of(key.model().replace("A:latest", "A"));
          }
        };
    server.holding("A");
    TwoQueueScheduler scheduler = time.scheduler().residencyProbe(normalising).build();
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    submit(scheduler, "B1");
    scheduler.submit(Tasks.oracle("A1", "A:latest", task -> ran.add("A1")));
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    assertEquals("A1 B1", order());
  }

  private String order() {
    time.run();
    assertTrue(ran.size() < 100);
    return String.join(" ", ran);
  }

  /** Submits all before the first may start. */
  private List<TaskHandle<String>> queue(TwoQueueScheduler scheduler, String names) {
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    List<TaskHandle<String>> handles = submit(scheduler, names);
    scheduler.resume(TaskClass.LOCAL_HEAVY);
    time.run();
    return handles;
  }

  private List<TaskHandle<String>> submit(TwoQueueScheduler scheduler, String names) {
    return Stream.of(names.split(" ")).map(name -> scheduler.submit(named(name))).toList();
  }

  private LocalHeavyTask<String> named(String name) {
    String model = name.substring(0, 1);
    if (model.equals("-")) {
      return Tasks.local(
          name,
          task -> {
            ran.add(name);
            return name;
          });
    }
    return Tasks.oracle(
        name,
        model,
        task -> {
          server.load(ResidencyKey.of(model));
          ran.add(name);
          return name;
        });
  }
}
