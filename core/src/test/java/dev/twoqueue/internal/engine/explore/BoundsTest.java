package dev.twoqueue.internal.engine.explore;

import static dev.twoqueue.internal.engine.explore.Answer.DONE;
import static dev.twoqueue.internal.engine.explore.Answer.EMPTY;
import static dev.twoqueue.internal.engine.explore.Answer.GRANT;
import static dev.twoqueue.internal.engine.explore.Answer.M1;
import static dev.twoqueue.internal.engine.explore.Answer.M2;
import static dev.twoqueue.internal.engine.explore.Answer.PROCEED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * I6: a search for a counterexample to the bounds of docs/architecture.md in long random runs. The
 * explorer holds the same formulas against every state of small timed worlds.
 */
class BoundsTest {
  private static final int RUNS =
      "full".equals(System.getProperty("twoqueue.explore")) ? 5_000 : 60;

  private static List<WorldSpec> worlds(int cap) {
    return List.of(
        timed("plain", cap).local(null, 10).local("m1", 10).fleet(20),
        timed("looks", cap)
            .local(null, 10)
            .local("m1", 10)
            .fleet(20)
            .looks(PROCEED)
            .answers(Ask.LOOK_FLEET, PROCEED)
            .holdSeconds(3),
        timed("evict", cap)
            .local("m1", 10)
            .local("m2", 10)
            .local(null, 3)
            .fleet(10)
            .answers(Ask.OBSERVE, EMPTY, M1, M2)
            .answers(Ask.EVICT, DONE)
            .looks(PROCEED),
        timed("permits", cap).local("m1", 10).local("m2", 5).fleet(20).answers(Ask.PERMIT, GRANT),
        timed("drain", cap)
            .local("m1", 20)
            .local("m2", 3)
            .local("m3", 2)
            .answers(Ask.OBSERVE, EMPTY, M1, M2));
  }

  private static WorldSpec timed(String name, int cap) {
    return new WorldSpec(name).budgetSeconds(5, 5).timed(3, 1).cap(cap).truthful();
  }

  /** The last without a cap. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, Integer.MAX_VALUE})
  void noRandomRunExceedsTheBounds(int cap) {
    for (WorldSpec spec : worlds(cap)) {
      long fleet = 0;
      long local = 0;
      double share = 0;
      for (long seed = 0; seed < RUNS; seed++) {
        Simulation run = simulated(spec, seed);
        fleet = Math.max(fleet, run.waits().mostFleet());
        local = Math.max(local, run.waits().mostLocal());
        share = Math.max(share, run.worstShare());
      }
      Bounds bounds = new Bounds(spec);
      System.out.printf(
          Locale.ROOT,
          "I6 %-8s cap %10d, seeds 0 to %d: fleet %4.0f s of %3d, local %4.0f s of %3d, starts"
              + " before a task %3.0f %% of the bound%n",
          spec,
          cap,
          RUNS - 1,
          fleet / 1e9,
          bounds.fleetHead() / WorldSpec.SECOND,
          local / 1e9,
          bounds.localHead() / WorldSpec.SECOND,
          share * 100);
      boolean hasFleet = spec.kinds.stream().anyMatch(kind -> kind.taskClass() == TaskClass.FLEET);
      assertTrue(local > 0, "nobody waited, so nothing was tried");
      if (hasFleet) { // a bound that no run comes near would hold with a broken engine too
        assertTrue(fleet > 0.6 * bounds.fleetHead(), "the fleet's bound is not tight");
        assertTrue(local > 0.6 * bounds.localHead(), "the local-heavy bound is not tight");
      }
      assertEquals(cap < Integer.MAX_VALUE, share > 0, "whether the cap was tried");
    }
  }

  private static Simulation simulated(WorldSpec spec, long seed) {
    Simulation run = new Simulation(spec, seed);
    try {
      run.run();
    } catch (Violation broken) {
      throw new AssertionError(spec + ", seed " + seed + ": " + broken.getMessage(), broken);
    }
    return run;
  }
}
