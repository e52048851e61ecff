package dev.twoqueue.gate;

import static dev.twoqueue.gate.FakeHost.GIB;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.needing;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.refuses;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.gate.MemoryGate.Rule;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class MemoryGateTest {
  private static MemoryGate of(long total, long free, long reserved) {
    return MemoryGate.of(
        () ->
            new MemoryBudget(
                total, free, 0, List.of(new MemoryPart("reserve", reserved)), "a simulation"));
  }

  private static WorkingSet need(long bytes) {
    return WorkingSet.exactly("weights", bytes);
  }

  @Test
  void what_others_still_take_holds_a_task_without_a_forecast() throws Exception {
    MemoryBudget budget =
        new MemoryBudget(
            72L << 30, 20L << 30, 0, List.of(new MemoryPart("spikes", 1L << 30)), "a machine");
    MemoryPart fits = new MemoryPart("download", 19L << 30);
    MemoryPart more = new MemoryPart("download", (19L << 30) + 1);
    proceeds(MemoryGate.of(() -> budget.withClaimed(List.of(fits))).look(sweep()));
    holds(MemoryGate.of(() -> budget.withClaimed(List.of(more))).look(sweep()));
  }

  @Test
  void what_fits_to_the_byte_proceeds_with_the_forecast() throws Exception {
    Verdict verdict = of(96, 80, 6).look(needing(need(74), 0));

    assertTrue(proceeds(verdict).startsWith("fits"));
    MemoryForecast forecast = ((Verdict.Proceed) verdict).forecast().orElseThrow();
    assertEquals(0, forecast.headroomBytes());
    assertEquals("a simulation", forecast.budget().source());
  }

  @Test
  void what_does_not_fit_now_is_held_alone_with_the_sum_in_the_reason() throws Exception {
    Verdict.Hold hold =
        holds(of(96 * GIB, 40 * GIB, 6 * GIB).look(needing(need(42 * GIB), 2 * GIB)));

    assertEquals(Verdict.Scope.TASK, hold.scope());
    assertEquals(
        "does not fit now: 42.00 GiB needed, 42.00 GiB free, 2.00 GiB of it after evictions,"
            + " 6.00 GiB reserved: over by 6.00 GiB; would fit once other programs give 6.00 GiB"
            + " back",
        hold.reason());
    assertEquals(-6 * GIB, hold.forecast().orElseThrow().headroomBytes());
  }

  @Test
  void what_an_eviction_gives_back_counts() throws Exception {
    holds(of(96, 40, 6).look(needing(need(70), 35)));
    proceeds(of(96, 40, 6).look(needing(need(70), 36)));
  }

  @Test
  void what_can_never_fit_is_refused_with_the_forecast() throws Exception {
    Verdict.Refuse refuse =
        refuses(of(96 * GIB, 96 * GIB, 6 * GIB).look(needing(need(91 * GIB), 0)));

    assertEquals(
        "can never fit: 91.00 GiB needed, 96.00 GiB in total, 6.00 GiB reserved: over by 1.00 GiB;"
            + " would fit a need of at most 90.00 GiB: a smaller model, context or quantisation",
        refuse.reason());
    assertTrue(refuse.forecast().isPresent());
  }

  @Test
  void an_unknown_need_is_held_alone_and_an_unforecast_one_passes_while_the_reserve_is_free()
      throws Exception {
    Verdict.Hold unknown =
        holds(of(96, 80, 6).look(needing(WorkingSet.unknown("no such model"), 0)));
    assertEquals(Verdict.Scope.TASK, unknown.scope());
    assertTrue(unknown.reason().endsWith("no such model"));

    assertTrue(proceeds(of(96, 6, 6).look(sweep())).contains("nothing forecast"));
    assertEquals(Verdict.Scope.CLASS, holds(of(96, 5, 6).look(sweep())).scope());
  }

  @Test
  void memory_that_cannot_be_read_holds_every_task() throws Exception {
    MemoryGate failing =
        MemoryGate.of(
            () -> {
              throw new IOException("no limit today");
            });
    Verdict.Hold hold = holds(failing.look(needing(need(0), 0)));
    assertEquals(Verdict.Scope.CLASS, hold.scope());
    assertTrue(hold.reason().contains("no limit today"));
    assertTrue(
        holds(MemoryGate.of(() -> null).look(sweep()))
            .reason()
            .contains("budget must not be null"));
  }

  @Test
  void what_is_unknown_is_refused_where_the_host_says_so() throws Exception {
    MemoryGate failing =
        MemoryGate.of(
                () -> {
                  throw new IOException("no limit today");
                })
            .with(Rule.REFUSE_UNKNOWN_MEMORY);
    assertTrue(refuses(failing.look(sweep())).reason().contains("no limit today"));

    MemoryGate strict =
        of(96, 90, 6).with(Rule.REFUSE_UNKNOWN_NEED).with(Rule.REFUSE_WITHOUT_FORECAST);
    assertTrue(
        refuses(strict.look(needing(WorkingSet.unknown("no such model"), 0)))
            .reason()
            .endsWith("no such model"));
    assertTrue(refuses(strict.look(sweep())).reason().contains("memoryBytes"));
    proceeds(strict.look(needing(need(84), 0)));
  }

  private static MemoryGate pressed(MemoryPressure pressure) {
    return MemoryGate.of(
        () ->
            new MemoryBudget(96, 90, 0, List.of(new MemoryPart("reserve", 6)), "a simulation")
                .withPressure(pressure));
  }

  @Test
  void pressure_holds_what_needs_more_than_the_reserve_and_near_the_end_everything()
      throws Exception {
    proceeds(pressed(MemoryPressure.UNKNOWN).look(needing(need(7), 0)));
    proceeds(pressed(MemoryPressure.NORMAL).look(needing(need(7), 0)));
    proceeds(pressed(MemoryPressure.WARNING).look(needing(need(6), 0)));
    assertEquals(
        Verdict.Scope.CLASS,
        holds(pressed(MemoryPressure.WARNING).look(needing(need(7), 0))).scope());
    assertTrue(
        holds(pressed(MemoryPressure.CRITICAL).look(needing(need(0), 0)))
            .reason()
            .contains("memory is short (critical)"));
    holds(pressed(MemoryPressure.WARNING).look(sweep()));
  }

  @Test
  void an_eviction_that_comes_first_is_not_kept_from_ending_the_pressure() throws Exception {
    proceeds(pressed(MemoryPressure.CRITICAL).look(needing(need(7), 1)));
    proceeds(pressed(MemoryPressure.CRITICAL).with(Rule.IGNORE_PRESSURE).look(needing(need(7), 0)));
  }

  @Property(tries = 1000)
  void whatever_the_sizes_only_what_fits_proceeds(
      @ForAll @LongRange(min = 0) long total,
      @ForAll @LongRange(min = 0) long free,
      @ForAll @LongRange(min = 0) long reserved,
      @ForAll @LongRange(min = 0) long needed,
      @ForAll @LongRange(min = 0) long reclaimable)
      throws Exception {
    Verdict verdict = of(total, free, reserved).look(needing(need(needed), reclaimable));

    double left =
        Math.min((double) total, (double) free + reclaimable) - reserved - (double) needed;
    double alone = (double) total - reserved - needed;
    double rounding = 1e4; // doubles of this size are exact to 2048
    if (left > rounding) {
      assertInstanceOf(Verdict.Proceed.class, verdict);
    } else if (alone < -rounding) {
      assertInstanceOf(Verdict.Refuse.class, verdict);
    } else if (left < -rounding) {
      assertTrue(!(verdict instanceof Verdict.Proceed), verdict::toString);
    }
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(NullPointerException.class, () -> MemoryGate.of(null));
    assertThrows(NullPointerException.class, () -> of(1, 1, 0).look(null));
    assertThrows(NullPointerException.class, () -> of(1, 1, 0).with(null));
    assertThrows(IllegalArgumentException.class, () -> of(1, 1, 0).withResidentGrowth(-1));
  }
}
