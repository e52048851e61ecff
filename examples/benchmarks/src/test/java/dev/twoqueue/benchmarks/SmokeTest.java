package dev.twoqueue.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.benchmarks.NoOpFleetTask.Contender;
import dev.twoqueue.internal.engine.ChooseNextLocal;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark once, so that a change of what they measure does not break them unseen. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SmokeTest {

  @ParameterizedTest
  @EnumSource
  void everyContenderRunsABatch(Contender contender) throws RunnerException {
    if (contender.runsHere()) {
      assertEquals(3, once(NoOpFleetTask.class, "contender", contender.name()).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStructureTakesEveryOperation(ChooseNextLocal.Structure structure)
      throws RunnerException {
    assertEquals(10, once(ChooseNextLocal.class, "structure", structure.name()).size());
  }

  @Test
  void theEngineGoesOn() throws RunnerException {
    assertEquals(1, once(EngineEvent.class, "models", "30").size());
  }

  @Test
  void memoryIsLookedAt() throws RunnerException {
    assertEquals(1, once(MemoryLook.class, "mebibytes", "1").size());
  }

  @Test
  void aHeldHeadArmsNoMoreTimersThanItLooks() {
    assertEquals(4, new HeldStudy().run(Plan.Effort.SMOKE).targets().size());
  }

  @Test
  void everyPreflightLooks() throws Exception {
    assertEquals(2, once(Preflight.class, "", "").size());
    assertEquals(2, PreflightStudy.oneASecond(1, 2, Duration.ofMillis(1)).looks());
  }

  @Test
  void everyHandoverHandsOver() throws Exception {
    Study.Findings findings = new SwitchStudy().run(Plan.Effort.SMOKE);
    assertTrue(findings.targets().stream().allMatch(target -> target.measured() > 0));
  }

  @Test
  void everyBacklogIsDrainedAndDropped() throws Exception {
    assertFalse(new MillionStudy().run(Plan.Effort.SMOKE).tables().isEmpty());
  }

  /** In this JVM, one invocation of each method. */
  private static Collection<RunResult> once(Class<?> benchmarks, String parameter, String value)
      throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + benchmarks.getName() + "\\.")
        .mode(org.openjdk.jmh.annotations.Mode.SingleShotTime)
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    if (!parameter.isEmpty()) {
      options.param(parameter, value);
    }
    if (benchmarks == NoOpFleetTask.class) {
      options.param("underWay", "1024");
    } else if (!parameter.isEmpty()) {
      options.param("queued", "1000");
    }
    if (benchmarks == ChooseNextLocal.class) {
      options.param("models", "30");
    }
    return new Runner(options.build()).run();
  }
}
