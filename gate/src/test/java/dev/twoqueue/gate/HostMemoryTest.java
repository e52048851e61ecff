package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.gate.memory.MemoryLimit;
import dev.twoqueue.gate.memory.MemoryState;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** A budget from what a machine tells and from named terms. */
@NullUnmarked // nulls are passed on purpose
class HostMemoryTest {
  private static final long GIB = 1L << 30;

  private static MemoryState linux(long physical, long available, MemoryLimit... limits) {
    return new MemoryState(
        "Linux",
        physical,
        available,
        List.of(limits),
        List.of(new MemoryPart("pages not yet on disk", GIB)),
        MemoryPressure.NORMAL,
        List.of("a note"));
  }

  private static MemoryBudget budget(MemoryState state) throws Exception {
    return HostMemory.of(() -> state).budget();
  }

  @Test
  void the_system_s_need_is_no_part_of_the_total_and_the_margins_are_named() throws Exception {
    MemoryBudget budget = budget(linux(100 * GIB, 80 * GIB));

    assertEquals(95 * GIB, budget.totalBytes());
    assertEquals(80 * GIB, budget.freeBytes());
    assertEquals(
        List.of(
            new MemoryPart("spikes", GIB),
            new MemoryPart("fragmentation", 95 * GIB / 100),
            new MemoryPart("kernel allocations", 95 * GIB / 400)),
        budget.reserved());
    assertEquals(List.of(new MemoryPart("pages not yet on disk", GIB)), budget.claimed());
    assertEquals(MemoryPressure.NORMAL, budget.pressure());
    assertEquals(
        List.of(
            "physical memory: 100.00 GiB, 80.00 GiB left, 5.00 GiB kept for the operating system",
            "a note"),
        budget.notes());
  }

  @Test
  void an_idle_machine_has_no_more_free_than_in_total() throws Exception {
    MemoryBudget budget = budget(linux(16 * GIB, 16 * GIB));
    assertEquals(15 * GIB, budget.totalBytes(), "at least 1 GiB for the system");
    assertEquals(15 * GIB, budget.freeBytes());
    assertEquals(0, budget(linux(GIB / 2, 0)).totalBytes());
  }

  @Test
  void the_tightest_limit_holds_for_the_total_and_for_what_is_free_each_by_itself()
      throws Exception {
    MemoryState state =
        linux(
            100 * GIB,
            50 * GIB,
            new MemoryLimit(16 * GIB, 12 * GIB, "the control group /pod", true),
            new MemoryLimit(120 * GIB, 3 * GIB, "the commit limit", false));

    MemoryBudget budget = budget(state);
    assertEquals(16 * GIB, budget.totalBytes(), "a limit takes no share for the system");
    assertEquals(3 * GIB, budget.freeBytes());
    assertTrue(
        budget.notes().contains("the control group /pod: 16.00 GiB, 12.00 GiB left"),
        budget.notes()::toString);

    MemoryBudget outside = HostMemory.of(() -> state).withoutControlGroups().budget();
    assertEquals(95 * GIB, outside.totalBytes());
    assertEquals(3 * GIB, outside.freeBytes(), "the commit limit holds for all");
  }

  @Test
  void terms_and_claims_are_the_host_s_to_choose() throws Exception {
    HostMemory memory =
        HostMemory.of(() -> linux(100 * GIB, 80 * GIB))
            .withOperatingSystem(new MemoryTerm("macOS and its applications", 0.1, 0))
            .withMargins(List.of(MemoryTerm.of("desktop", 12 * GIB)))
            .withClaims(() -> List.of(new MemoryPart("the nightly build", 4 * GIB)));

    assertEquals(90 * GIB, memory.budget().totalBytes());
    assertEquals(List.of(new MemoryPart("desktop", 12 * GIB)), memory.budget().reserved());
    assertEquals(5 * GIB, memory.budget().claimedBytes());
    assertEquals(0, memory.withMargins(List.of()).budget().reservedBytes());
  }

  @Test
  void claims_that_fail_fail_the_budget() {
    assertThrows(
        IllegalStateException.class,
        () ->
            HostMemory.of(() -> linux(100 * GIB, 80 * GIB))
                .withClaims(
                    () -> {
                      throw new IllegalStateException("who knows");
                    })
                .budget());
    assertThrows(
        NullPointerException.class,
        () -> HostMemory.of(() -> linux(GIB, 0)).withClaims(() -> null).budget());
    assertThrows(NullPointerException.class, () -> HostMemory.of(() -> null).budget());
  }

  @Test
  void wrong_arguments_are_named() {
    HostMemory memory = HostMemory.of(() -> linux(GIB, 0));
    assertThrows(NullPointerException.class, () -> HostMemory.of(null));
    assertThrows(NullPointerException.class, () -> memory.withMargins(null));
    assertThrows(NullPointerException.class, () -> memory.withOperatingSystem(null));
    assertThrows(NullPointerException.class, () -> memory.withClaims(null));
    assertThrows(IllegalArgumentException.class, () -> MemoryTerm.of(" ", 1));
    assertThrows(IllegalArgumentException.class, () -> MemoryTerm.of("a", -1));
    assertThrows(IllegalArgumentException.class, () -> new MemoryTerm("a", 1.5, 0));
    assertThrows(IllegalArgumentException.class, () -> new MemoryTerm("a", Double.NaN, 0));
  }
}
