package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest.Stage;
import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import dev.twoqueue.WaitReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Evicting what is in the way of a local-heavy task, and seeing that it has gone. */
class EvictionStepsTest {
  private final Driver driver = new Driver().evicts();

  private String evicted() {
    return driver.only(Effect.Evict.class).resident().model();
  }

  private WaitReason.Cause causeOf(Job job) {
    return driver.view().waitsFor(job).orElseThrow().cause();
  }

  @Test
  void allWorkersAreEvictedOneByOneAndThenLookedFor() {
    Job job = driver.local("job", "llama");
    driver.resident("qwen", "gemma");
    assertEquals("qwen", evicted());
    assertEquals(WaitReason.Cause.EVICTING, causeOf(job));
    driver.evicted(null);
    assertEquals("gemma", evicted());
    driver.evicted(null);
    assertEquals(WaitReason.Cause.EVICTING, causeOf(job));
    driver.resident();
    assertEquals(List.of(new Effect.Start(job, 0, true)), driver.all(Effect.Start.class));
  }

  @Test
  void nothingIsEvictedForAModelThatIsResident() {
    Job job = driver.local("job", "llama");
    driver.resident("llama", "gemma");
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void nothingIsEvictedForATaskWithoutAModel() {
    Job job = driver.local("job");
    driver.resident("llama");
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void withoutAnEvictorTheServerIsLeftToSwap() {
    Driver probing = new Driver().probes();
    Job job = probing.local("job", "llama");
    probing.resident("qwen");
    assertEquals(List.of(new Effect.Start(job, 0, true)), probing.all(Effect.Start.class));
  }

  @Test
  void whatDidNotLeaveHoldsTheTaskAndNamesTheFailure() {
    driver.local("job", "llama");
    driver.resident("qwen");
    driver.evicted("refused by the server");
    driver.resident("qwen");
    String reason = driver.only(Effect.Held.class).hold().reason();
    assertTrue(reason.endsWith("did not leave for llama: refused by the server"), reason);
    assertEquals(List.of(), driver.started());
  }

  @Test
  void whatDidNotLeaveWithoutAFailureNamesNone() {
    driver.local("job", "llama");
    driver.resident("qwen");
    driver.evicted(null);
    driver.resident("qwen");
    String reason = driver.only(Effect.Held.class).hold().reason();
    assertTrue(reason.endsWith("did not leave for llama"), reason);
  }

  @Test
  void anOldFailureIsNotToldOfANewAttempt() {
    driver.local("job", "llama");
    driver.resident("qwen");
    driver.evicted("refused by the server");
    driver.resident("qwen");
    driver.seconds(5);
    driver.resident("qwen");
    driver.evicted(null);
    driver.resident("qwen");
    String reason = driver.only(Effect.Held.class).hold().reason();
    assertTrue(reason.endsWith("did not leave for llama"), reason);
  }

  @Test
  void anEvictionThatNobodyCanConfirmIsNotBelieved() {
    Job job = driver.local("job", "llama");
    driver.resident("qwen");
    driver.evicted(null);
    driver.observed(Residency.unknown("no answer"));
    assertEquals("residency is unknown: no answer", driver.only(Effect.Held.class).hold().reason());
    assertEquals(WaitReason.Cause.HELD, causeOf(job));
  }

  @Test
  void beforeAModelIsEvictedThereIsAnEarlyLookThatKnowsItsBytes() {
    driver.looks();
    Job job = driver.local("job", "llama");
    driver.resident("qwen", "gemma");
    Effect.Look early = driver.only(Effect.Look.class);
    assertEquals(Stage.EARLY, early.stage());
    assertEquals(2 << 20, early.reclaimableBytes());
    driver.verdict(Verdict.proceed());
    assertEquals("qwen", evicted());
    driver.evicted(null);
    driver.evicted(null);
    driver.resident();
    Effect.Look last = driver.only(Effect.Look.class);
    assertEquals(Stage.FINAL, last.stage());
    assertEquals(0, last.reclaimableBytes());
    driver.verdict(Verdict.proceed());
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void aTaskThatGoesDuringTheEvictionLeavesTheNextToIt() {
    Job gone = driver.local("gone", "llama");
    driver.resident("qwen");
    driver.local("next", "gemma");
    driver.cancel(gone);
    assertEquals(List.of(), driver.all(Effect.Observe.class), "the eviction is waited for");
    assertFalse(driver.view().fleetDoorOpen());
  }

  @Test
  void afterTheEvictionForATaskThatWentAnotherAttemptBegins() {
    Job gone = driver.local("gone", "llama");
    driver.resident("qwen");
    Job next = driver.local("next", "gemma");
    driver.cancel(gone);
    driver.evicted(null);
    assertEquals(1, driver.all(Effect.Observe.class).size());
    driver.resident();
    assertEquals(List.of(next), driver.started());
  }

  @Test
  void aPauseDuringTheEvictionWaitsForIt() {
    Job job = driver.local("job", "llama");
    driver.resident("qwen");
    driver.pause(TaskClass.LOCAL_HEAVY);
    assertFalse(driver.view().fleetDoorOpen());
    driver.evicted(null);
    assertTrue(driver.view().fleetDoorOpen());
    driver.resume(TaskClass.LOCAL_HEAVY);
    driver.resident();
    assertEquals(List.of(job), driver.started());
  }

  @Test
  void anEvictionIsAnsweredOnce() {
    driver.local("job", "llama");
    driver.resident("qwen", "gemma");
    Effect.Evict evict = driver.only(Effect.Evict.class);
    driver.engine().evicted(evict.token() + 1, null, 0);
    assertEquals(List.of(), driver.engine().takeEffects());
    driver.evicted(null);
    Effect.Evict second = driver.only(Effect.Evict.class);
    driver.engine().evicted(evict.token(), null, 0);
    assertEquals(List.of(), driver.engine().takeEffects());
    assertEquals("gemma", second.resident().model());
  }
}
