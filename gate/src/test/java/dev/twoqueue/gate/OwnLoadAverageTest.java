package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class OwnLoadAverageTest {
  private static final int CORES = 8;
  private static final double SECOND = 1e9;

  /**
   * The kernel's average of what really ran second by second, against what looks now and then see.
   */
  @Property(tries = 300)
  void is_never_more_than_our_true_share(
      @ForAll @Size(120) List<@IntRange(max = CORES) Integer> running,
      @ForAll @Size(120) List<Boolean> looks) {
    OwnLoadAverage own = new OwnLoadAverage();
    own.at(0, 0, CORES);
    double truth = 0;
    long cpu = 0;
    for (int i = 0; i < running.size(); i++) {
      truth = truth * Math.exp(-1 / 60.0) + running.get(i) * -Math.expm1(-1 / 60.0);
      cpu += Math.round(running.get(i) * SECOND);
      if (looks.get(i)) {
        double told = own.at(Math.round((i + 1) * SECOND), cpu, CORES);
        assertTrue(told <= truth + 1e-9, told + " of " + truth + " at " + i);
      }
    }
  }

  @Test
  void all_cores_all_the_time_is_told_in_full_and_decays() {
    OwnLoadAverage own = new OwnLoadAverage();
    own.at(0, 0, CORES);

    assertEquals(8, own.at((long) 3600e9, (long) (8 * 3600e9), CORES), 0.01);
    assertEquals(8 * Math.exp(-0.5), own.at((long) 3630e9, (long) (8 * 3600e9), CORES), 0.01);
  }

  @Test
  void an_account_that_falls_with_an_ended_process_adds_nothing() {
    OwnLoadAverage own = new OwnLoadAverage();
    own.at(0, (long) 100e9, CORES);

    assertEquals(0, own.at((long) 60e9, 0, CORES));
  }
}
