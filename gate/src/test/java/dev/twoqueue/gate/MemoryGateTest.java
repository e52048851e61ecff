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
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class MemoryGateTest {
  private final FakeHost host = new FakeHost();
  private final MemoryGate gate = MemoryGate.of(HostMemory.of(host));

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
            + " 6.00 GiB reserved: over by 6.00 GiB",
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
        "can never fit: 91.00 GiB needed, 96.00 GiB in total, 6.00 GiB reserved: over by 1.00 GiB",
        refuse.reason());
    assertTrue(refuse.forecast().isPresent());
  }

  @Test
  void an_unknown_need_is_held_alone_and_an_unforecast_one_passes_while_the_reserve_is_free()
      throws Exception {
    Verdict.Hold unknown = holds(gate.look(needing(WorkingSet.unknown("no such model"), 0)));
    assertEquals(Verdict.Scope.TASK, unknown.scope());
    assertTrue(unknown.reason().endsWith("no such model"));

    assertTrue(proceeds(of(96, 6, 6).look(sweep())).contains("nothing forecast"));
    assertEquals(Verdict.Scope.CLASS, holds(of(96, 5, 6).look(sweep())).scope());
  }

  @Test
  void figures_that_are_missing_or_fail_hold_every_task() throws Exception {
    host.available = OptionalLong.empty();
    assertTrue(holds(gate.look(sweep())).reason().contains("available memory is unknown"));

    host.available = OptionalLong.of(GIB);
    host.limitFails = true;
    assertEquals(Verdict.Scope.CLASS, holds(gate.look(needing(need(0), 0))).scope());

    assertTrue(
        holds(MemoryGate.of(() -> null).look(sweep()))
            .reason()
            .contains("budget must not be null"));
  }

  @Test
  void the_host_s_budget_is_named_by_part() throws Exception {
    MemoryBudget budget = HostMemory.of(host).budget();

    assertEquals(96 * GIB, budget.totalBytes());
    assertEquals(80 * GIB, budget.freeBytes());
    assertEquals(
        List.of(new MemoryPart("operating system", 96 * GIB / 20), new MemoryPart("spikes", GIB)),
        budget.reserved());

    host.total = OptionalLong.of(8 * GIB);
    assertEquals(
        2 * GIB, HostMemory.of(host).budget().reservedBytes(), "at least 1 GiB for the system");
  }

  @Test
  void a_control_group_s_limit_is_the_total_and_bounds_what_is_free() throws Exception {
    host.limit = Optional.of(new MemoryLimit(16 * GIB, 3 * GIB, "the control group /pod"));

    MemoryBudget budget = HostMemory.of(host).budget();

    assertEquals(16 * GIB, budget.totalBytes());
    assertEquals(3 * GIB, budget.freeBytes());
    assertTrue(budget.source().contains("/pod"));
    assertEquals(96 * GIB, HostMemory.of(host).withoutControlGroups().budget().totalBytes());
  }

  @Test
  void the_reserve_is_the_host_s_to_choose() throws Exception {
    MemoryPart desktop = new MemoryPart("desktop", 12 * GIB);

    assertEquals(
        List.of(desktop), HostMemory.of(host).withReserve(List.of(desktop)).budget().reserved());
    assertEquals(0, HostMemory.of(host).withReserve(List.of()).budget().reservedBytes());
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
    assertThrows(NullPointerException.class, () -> HostMemory.of(null));
    assertThrows(NullPointerException.class, () -> HostMemory.of(host).withReserve(null));
    assertThrows(NullPointerException.class, () -> gate.look(null));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(-1, 0, "x"));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(1, -1, "x"));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(1, 1, " "));
  }
}
