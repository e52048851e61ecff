package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.OccupancyWatch.Sight;
import dev.twoqueue.OccupancyWatch.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Warnings before memory runs out, that do not flap. */
@NullUnmarked // nulls are passed on purpose
class MemoryWatchTest {
  private static final long GIB = 1L << 30;
  private static final LocalHeavyTask<String> TASK =
      LocalHeavyTask.of(LocalKind.LOAD, "load", task -> "done");

  private long free = 50 * GIB;
  private MemoryPressure pressure = MemoryPressure.NORMAL;
  private int second;

  private final MemoryWatch watch = MemoryWatch.of(this::budget);
  private Watcher watcher = watch.begin(1, TASK);

  private MemoryBudget budget() {
    return new MemoryBudget(
            72 * GIB, free, 0, List.of(new MemoryPart("spikes", 2 * GIB)), "a machine")
        .withPressure(pressure);
  }

  private Sight look() throws Exception {
    return watcher.look(Duration.ofSeconds(++second));
  }

  private String warning() throws Exception {
    return assertInstanceOf(Sight.Warning.class, look()).text();
  }

  private void warnings(int looks) throws Exception {
    for (int i = 0; i < looks; i++) {
      warning();
    }
  }

  private void calm() throws Exception {
    Sight sight = look();
    assertInstanceOf(Sight.Calm.class, sight, sight::toString);
  }

  @Test
  void it_warns_when_the_reserve_is_touched() throws Exception {
    calm();
    free = 2 * GIB - 1;
    // Also at the pace of this fall: two reasons, of which the reserve is told first.
    assertEquals("2.00 GiB free, less than the 2.00 GiB reserved", warning());
  }

  @Test
  void it_warns_when_at_this_pace_nothing_is_free_soon() throws Exception {
    calm();
    free = 45 * GIB;
    calm(); // nine more seconds
    free = 37 * GIB;
    assertEquals("37.00 GiB free, and none in 5 s at this pace", warning());
  }

  @Test
  void it_warns_when_the_system_does() throws Exception {
    pressure = MemoryPressure.WARNING;
    assertEquals("the system says that memory is short (warning), 50.00 GiB free", warning());
  }

  @Test
  void a_warning_stands_until_it_has_been_well_for_ten_seconds() throws Exception {
    free = GIB;
    warning();
    free = 3 * GIB - 1;
    for (int i = 0; i < 30; i++) {
      warning(); // above the threshold, and not by half of it more
    }
    free = 3 * GIB;
    warnings(10);
    calm();
  }

  @Test
  void ten_seconds_well_begin_anew_after_each_danger() throws Exception {
    free = GIB;
    warning();
    for (int i = 0; i < 3; i++) {
      free = 50 * GIB;
      warnings(9);
      pressure = MemoryPressure.WARNING;
      warning();
      pressure = MemoryPressure.NORMAL;
    }
    warnings(10);
    calm();
  }

  @Test
  void ten_seconds_well_begin_anew_after_each_dip_below_half_of_the_reserve_more()
      throws Exception {
    free = GIB;
    warning();
    for (int i = 0; i < 3; i++) {
      free = 3 * GIB;
      warnings(6);
      free = 3 * GIB - 1;
      warning();
    }
  }

  @Test
  void it_stops_only_where_it_was_told_to_and_at_two_looks_in_a_row() throws Exception {
    free = 0;
    for (int i = 0; i < 5; i++) {
      warning(); // never, by default
    }
    watcher = watch.stoppingBelow(GIB).begin(2, TASK);
    warning();
    free = GIB;
    warning(); // one low reading was an accident
    free = GIB - 1;
    warning();
    Sight sight = look();
    assertEquals(
        "memory runs out: 1.00 GiB free, less than the 2.00 GiB reserved",
        assertInstanceOf(Sight.Stop.class, sight).reason());
  }

  @Test
  void a_system_that_is_about_to_end_processes_stops_it_too() throws Exception {
    watcher = watch.stoppingBelow(0).begin(2, TASK);
    pressure = MemoryPressure.CRITICAL;
    warning();
    assertInstanceOf(Sight.Stop.class, look());
  }

  @Test
  void memory_that_cannot_be_read_is_no_calm() {
    Watcher failing =
        MemoryWatch.of(
                () -> {
                  throw new IOException("no figures");
                })
            .begin(1, TASK);
    assertThrows(IOException.class, () -> failing.look(Duration.ofSeconds(1)));
    assertThrows(
        NullPointerException.class,
        () -> MemoryWatch.of(() -> null).begin(1, TASK).look(Duration.ofSeconds(1)));
    assertThrows(NullPointerException.class, () -> MemoryWatch.of(null));
    assertThrows(IllegalArgumentException.class, () -> watch.stoppingBelow(-1));
  }

  /** However it swings below one and a half times the reserve, there is one warning. */
  @Property(tries = 300)
  void a_signal_that_oscillates_around_the_threshold_warns_once(
      @ForAll @Size(min = 5, max = 100) List<@LongRange(min = 0, max = 3 * GIB - 1) Long> signal)
      throws Exception {
    int raised = raised(signal);
    boolean touched = signal.stream().anyMatch(value -> value < 2 * GIB);
    assertTrue(raised <= 1, () -> raised + " warnings");
    assertTrue(raised == 1 || !touched);
  }

  /** And however it swings at all, with calm stretches between: ten seconds at the least. */
  @Property(tries = 300)
  void whatever_the_signal_it_does_not_flap(
      @ForAll @Size(min = 5, max = 30) List<@IntRange(min = 0, max = 100) Integer> stretches)
      throws Exception {
    List<Long> signal = new ArrayList<>();
    for (int stretch : stretches) {
      long value = stretch * GIB / 8;
      signal.addAll(Collections.nCopies(1 + stretch % 16, value));
    }
    int raised = raised(signal);
    assertTrue(raised <= 1 + signal.size() / 11, () -> raised + " warnings");
  }

  private int raised(List<Long> signal) throws Exception {
    int raised = 0;
    boolean stands = false;
    for (long value : signal) {
      free = value;
      boolean warns = look() instanceof Sight.Warning;
      raised += warns && !stands ? 1 : 0;
      stands = warns;
    }
    return raised;
  }
}
