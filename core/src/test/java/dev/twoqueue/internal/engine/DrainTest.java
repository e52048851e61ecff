package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.WaitingModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which local-heavy task is next, and what swaps are counted (I5). */
class DrainTest {
  private final Driver driver = new Driver();

  private Job withOptions(String name, String model, String context) {
    ResidencyKey key = new ResidencyKey(model, Map.of("num_ctx", context));
    return driver.submit(driver.job(TaskClass.LOCAL_HEAVY, name, key, null, null));
  }

  /** Ends what runs until nothing does, and names all in the order of their starts. */
  private String order(Job first, String... resident) {
    List<String> names = new ArrayList<>(List.of(first.name()));
    Job running = first;
    while (true) {
      driver.end(running);
      if (!driver.all(Effect.Observe.class).isEmpty()) {
        driver.resident(resident);
      }
      if (driver.started().isEmpty()) {
        return String.join(" ", names);
      }
      running = driver.started().get(0);
      names.add(running.name());
    }
  }

  @Test
  void withoutAProbeTheLastModelGoesOn() {
    Job first = driver.local("a1", "a");
    driver.local("b1", "b");
    driver.local("a2", "a");
    driver.local("b2", "b");
    driver.local("pull");
    driver.local("a3", "a");
    assertEquals("a1 a2 a3 b1 b2 pull", order(first));
    assertEquals(2, driver.view().swaps());
    assertEquals(5, driver.view().fifoSwaps());
  }

  @Test
  void aTaskThatFailedIsNoHint() {
    Job first = driver.local("a1", "a");
    driver.local("b1", "b");
    driver.local("a2", "a");
    driver.end(first, new Outcome.Failed<>(new IllegalStateException("out of memory")));
    assertEquals("b1", driver.started().get(0).name());
  }

  @Test
  void aTaskWithoutAModelChangesNoHint() {
    Job first = driver.local("a1", "a");
    Job pull = driver.local("pull");
    driver.end(first);
    driver.local("b1", "b");
    driver.local("a2", "a");
    driver.end(pull);
    assertEquals("a2", driver.started().get(0).name());
    assertEquals(1, driver.view().swaps());
  }

  @Test
  void whatIsResidentAsObservedGoesFirst() {
    driver.probes();
    Job pull = driver.local("pull");
    driver.resident();
    driver.local("a1", "a");
    driver.local("b1", "b");
    driver.local("a2", "a");
    driver.local("b2", "b");
    assertEquals("pull b1 b2 a1 a2", order(pull, "b"));
    assertEquals(2, driver.view().swaps(), "the server holds b all the time");
    assertEquals(4, driver.view().fifoSwaps());
  }

  @Test
  void ofTwoResidentModelsTheOlderTaskGoesFirst() {
    driver.probes();
    Job pull = driver.local("pull");
    driver.resident();
    driver.local("other", "other");
    driver.local("a1", "a");
    driver.local("b1", "b");
    driver.local("a2", "a");
    assertEquals("pull a1 b1 a2 other", orderWithBothResident(pull));
    assertEquals(1, driver.view().swaps());
  }

  private String orderWithBothResident(Job pull) {
    return order(pull, "b", "a");
  }

  @Test
  void theAlwaysResidentModelIsNoWorker() {
    driver.probes();
    Job pull = driver.local("pull");
    driver.resident();
    driver.local("a1", "a");
    Job embedding = driver.local("e1", "e");
    driver.end(pull);
    driver.observed(Residency.of(List.of(ResidentModel.alwaysResident("e", 1))));
    assertEquals("a1", driver.started().get(0).name());
    assertEquals(Job.Stage.QUEUED, embedding.stage());
  }

  @Test
  void otherOptionsOfTheSameModelAreAnotherLine() {
    Job first = withOptions("small1", "a", "4096");
    withOptions("large1", "a", "65536");
    withOptions("small2", "a", "4096");
    assertEquals("small1 small2 large1", order(first));
    assertEquals(2, driver.view().swaps());
  }

  @Test
  void whereTheProbeSeesNoOptionsTheLastTaskHintsAtThem() {
    driver.probes();
    Job first = withOptions("large1", "a", "65536");
    driver.resident();
    withOptions("small1", "a", "4096");
    withOptions("large2", "a", "65536");
    assertEquals("large1 large2 small1", order(first, "a"));
    assertEquals(2, driver.view().swaps());
  }

  @Test
  void whereTheProbeSeesOtherOptionsTheModelIsNotServed() {
    driver.probes();
    Job pull = driver.local("pull");
    driver.resident();
    Job small = withOptions("small", "a", "4096");
    Job large = withOptions("large", "a", "65536");
    driver.end(pull);
    driver.observed(Residency.of(List.of(seen("a", "65536"))));
    assertEquals(List.of(large), driver.started());
    driver.end(large);
    driver.observed(Residency.of(List.of(seen("a", "65536"))));
    assertEquals(List.of(new Effect.Start(small, 0, true)), driver.all(Effect.Start.class));
  }

  private static ResidentModel seen(String model, String context) {
    return new ResidentModel(
        model, Map.of("num_ctx", context), 1, ResidentModel.Role.WORKER, Optional.<Instant>empty());
  }

  @Test
  void theCapLetsAnotherModelIn() {
    driver.cap(2);
    Job first = driver.local("a1", "a");
    driver.local("b1", "b");
    driver.local("b2", "b");
    driver.local("b3", "b");
    driver.local("a2", "a");
    driver.local("a3", "a");
    driver.local("a4", "a");
    assertEquals("a1 a2 b1 b2 a3 a4 b3", order(first));
  }

  @Test
  void theCapCountsOnlyWhileAnotherModelWaits() {
    driver.cap(1);
    Job first = driver.local("a1", "a");
    driver.local("a2", "a");
    driver.local("a3", "a");
    assertEquals("a1 a2 a3", order(first));
  }

  @Test
  void aTaskWithoutAModelEndsARow() {
    driver.cap(2);
    Job first = driver.local("a1", "a");
    Job pull = driver.local("pull");
    driver.end(first);
    driver.local("a2", "a");
    driver.local("b1", "b");
    driver.local("a3", "a");
    driver.local("a4", "a");
    assertEquals("pull a2 a3 b1 a4", order(pull));
  }

  @Test
  void aPolicyChoosesAmongTheModelsThatWait() {
    List<WaitingModel> shown = new ArrayList<>();
    driver.drain(
        waiting -> {
          shown.addAll(waiting);
          return waiting.stream().max(Comparator.comparing(WaitingModel::oldest)).orElseThrow();
        });
    Job first = driver.local("a1", "a");
    shown.clear();
    driver.local("a2", "a");
    driver.seconds(2);
    driver.local("a3", "a");
    Job pull = driver.local("pull");
    driver.seconds(3);
    driver.end(first);
    assertEquals(List.of(pull), driver.started());
    assertEquals(
        List.of(
            new WaitingModel(
                Optional.of(ResidencyKey.of("a")), true, 2, 2, Duration.ofSeconds(5), 1),
            new WaitingModel(Optional.empty(), false, 1, 4, Duration.ofSeconds(3), 0)),
        shown.stream().sorted(Comparator.comparing(WaitingModel::oldest)).toList());
  }

  @Test
  void aPolicyIsNotShownTheCappedModel() {
    List<Integer> counts = new ArrayList<>();
    DrainPolicy watching =
        waiting -> {
          counts.add(waiting.size());
          return DrainPolicy.DEFAULT.choose(waiting);
        };
    driver.cap(1).drain(watching);
    Job first = driver.local("a1", "a");
    driver.local("a2", "a");
    driver.local("b1", "b");
    counts.clear();
    assertEquals("a1 b1 a2", order(first));
    assertEquals(List.of(1, 1), counts);
  }

  @Test
  void goingOnAfterAnAwaitIsNoSecondSubmission() {
    Job outer = driver.local("outer", "a");
    Job inner = driver.local("inner", "b");
    driver.await(outer, inner);
    driver.end(inner);
    assertTrue(driver.only(Effect.Resume.class).swap());
    assertEquals(3, driver.view().swaps());
    assertEquals(2, driver.view().fifoSwaps());
  }

  @Test
  void aResumedTaskIsOlderThanWhatWaits() {
    Job outer = driver.local("outer");
    Job inner = driver.local("inner");
    driver.await(outer, inner);
    Job later = driver.local("later");
    driver.end(inner);
    assertEquals(List.of(outer), driver.resumed());
    driver.end(outer);
    assertEquals(List.of(later), driver.started());
  }

  @Test
  void beforeAnythingHasEndedTheOldestGoesFirst() {
    driver.pause(TaskClass.LOCAL_HEAVY);
    Job a1 = driver.local("a1", "a");
    driver.local("pull");
    driver.resume(TaskClass.LOCAL_HEAVY);
    assertEquals(List.of(a1), driver.started(), "no model is the hint for tasks without one");
  }

  @Test
  void aTaskWithoutAModelIsNoSwapInTheOrderOfSubmission() {
    Job first = driver.local("a1", "a");
    driver.local("pull");
    driver.local("a2", "a");
    assertEquals("a1 a2 pull", order(first));
    assertEquals(1, driver.view().fifoSwaps());
  }

  @Test
  void aPolicyIsNotAskedAboutNobody() {
    driver.drain(waiting -> waiting.get(0));
    assertEquals(List.of(), driver.view().inOrder(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void whoAwaitsLeavesItsModelResident() {
    Job outer = driver.local("outer", "a");
    driver.local("b1", "b");
    Job a2 = driver.local("a2", "a");
    Job agent = driver.fleet("agent");
    driver.pause(TaskClass.FLEET);
    driver.await(outer, agent);
    assertEquals(List.of(a2), driver.started());
  }
}
