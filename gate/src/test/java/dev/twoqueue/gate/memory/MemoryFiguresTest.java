package dev.twoqueue.gate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of machines that this one is not, in the form in which their systems tell them. */
@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class MemoryFiguresTest {
  private static final long GIB = 1L << 30;
  private static final long PAGE = 16_384;

  /** The form of vm_stat and sysctl; the figures are made up, of a Mac with 96 GiB. */
  private static final String MAC =
      """
      Mach Virtual Memory Statistics: (page size of 16384 bytes)
      Pages free:                              4500000.
      Pages active:                             600000.
      Pages inactive:                           500000.
      Pages speculative:                         50000.
      Pages throttled:                               0.
      Pages wired down:                         250000.
      Pages purgeable:                           20000.
      "Translation faults":                  900000000.
      Pages copy-on-write:                    10000000.
      File-backed pages:                        400000.
      Anonymous pages:                          750000.
      Pages stored in compressor:               300000.
      Pages occupied by compressor:             100000.
      hw.memsize: 103079215104
      iogpu.wired_limit_mb: 0
      kern.memorystatus_vm_pressure_level: 1
      """;

  private static final String MEM_INFO =
      """
      MemTotal:       100000 kB
      MemFree:         20000 kB
      MemAvailable:    60000 kB
      Dirty:             300 kB
      Writeback:         200 kB
      CommitLimit:     80000 kB
      Committed_AS:    70000 kB
      """;

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private MemoryState linux() throws IOException {
    return MemoryFigures.linux(root).read();
  }

  @Test
  void a_mac_s_available_memory_is_counted_as_ollama_counts_it() throws IOException {
    MemoryState mac = MemoryFigures.macOs(MAC).read();

    long used = 600_000 + 500_000 + 50_000 + 250_000 + 100_000 - 20_000 - 400_000;
    assertEquals(96 * GIB, mac.physicalBytes());
    assertEquals(96 * GIB - used * PAGE, mac.availableBytes());
    assertEquals(MemoryPressure.NORMAL, mac.pressure());
  }

  @Test
  void metal_s_limit_is_three_quarters_of_96_gib_unless_it_is_set() throws IOException {
    MemoryLimit metal = MemoryFigures.macOs(MAC).read().limits().get(0);
    assertEquals(72 * GIB, metal.limitBytes());
    assertEquals(72 * GIB - 250_000 * PAGE, metal.availableBytes(), "wired memory is the GPU's");
    assertTrue(metal.source().contains("default"), metal.source());

    MemoryLimit set =
        MemoryFigures.macOs(MAC.replace("wired_limit_mb: 0", "wired_limit_mb: 81920"))
            .read()
            .limits()
            .get(0);
    assertEquals(80 * GIB, set.limitBytes());
    assertTrue(set.source().contains("iogpu.wired_limit_mb"), set.source());
  }

  @Test
  void metal_s_default_is_the_lowest_that_was_measured_or_a_lower_share() {
    assertEquals(10_923L << 20, MetalDefault.bytes(16 * GIB));
    assertEquals(49_152L << 20, MetalDefault.bytes(64 * GIB), "not 53084");
    assertEquals(24 * GIB, MetalDefault.bytes(36 * GIB));
    assertEquals(144 * GIB, MetalDefault.bytes(192 * GIB));
  }

  @Test
  void a_mac_s_pressure_is_told_or_said_not_to_be() throws IOException {
    assertEquals(
        MemoryPressure.CRITICAL,
        MemoryFigures.macOs(MAC.replace("pressure_level: 1", "pressure_level: 4"))
            .read()
            .pressure());
    MemoryState silent =
        MemoryFigures.macOs(MAC.replace("kern.memorystatus_vm_pressure_level: 1\n", "")).read();
    assertEquals(MemoryPressure.UNKNOWN, silent.pressure());
    assertTrue(silent.notes().toString().contains("not told"), silent.notes()::toString);
  }

  @Test
  void a_mac_that_tells_less_or_nonsense_fails_and_names_what() {
    for (String[] damage :
        new String[][] {
          {"page size of 16384", "page size of many", "size of a page"},
          {"Pages wired down", "Pages wired", "Pages wired down"},
          {"hw.memsize: 103079215104", "hw.memsize: -1", "hw.memsize"},
          {"pressure_level: 1", "pressure_level: 3", "pressure level"},
          {"hw.memsize: 103079215104\n", "", "hw.memsize"},
          {"hw.memsize: 103079215104", "hw.memsize: 00", "hw.memsize is 0"},
          {"Pages active:                             600000", "Pages active: 6000000000", "more"},
          {"File-backed pages:                        400000", "File-backed pages: 3000000", "use"}
        }) {
      IOException failure =
          assertThrows(
              IOException.class,
              () -> MemoryFigures.macOs(MAC.replace(damage[0], damage[1])).read());
      assertTrue(
          failure.getMessage().contains(damage[2]), () -> damage[1] + ": " + failure.getMessage());
    }
  }

  @Test
  void what_would_happen_on_a_mac_can_be_asked_anywhere() {
    MemoryState mac = MemoryState.appleSilicon(96 * GIB, 14 * GIB, 4 * GIB);
    assertEquals(82 * GIB, mac.availableBytes());
    assertEquals(68 * GIB, mac.limits().get(0).availableBytes());
    assertEquals(
        0, MemoryState.appleSilicon(16 * GIB, 20 * GIB, 12 * GIB).limits().get(0).availableBytes());
    assertThrows(
        IllegalArgumentException.class, () -> MemoryState.appleSilicon(0, 0, 0), "physicalBytes");
  }

  @Test
  void linux_tells_available_memory_what_is_not_yet_written_and_pressure() throws IOException {
    write("proc/meminfo", MEM_INFO);
    write(
        "proc/pressure/memory",
        """
        some avg10=9.00 avg60=0.00 avg300=0.00 total=1
        full avg10=7.50 avg60=0.00 avg300=0.00 total=1
        """);

    MemoryState state = linux();
    assertEquals(100_000L << 10, state.physicalBytes());
    assertEquals(60_000L << 10, state.availableBytes());
    assertEquals(List.of(new MemoryPart("pages not yet on disk", 500L << 10)), state.pending());
    assertEquals(MemoryPressure.WARNING, state.pressure());
    assertTrue(state.notes().toString().contains("7.5 %"), state.notes()::toString);
    assertEquals(List.of(), state.limits(), "the kernel may promise more than there is");
  }

  @Test
  void linux_has_a_commit_limit_where_it_is_told_not_to_overcommit() throws IOException {
    write("proc/meminfo", MEM_INFO);
    write("proc/sys/vm/overcommit_memory", "2\n");
    assertEquals(
        List.of(
            new MemoryLimit(
                80_000L << 10,
                10_000L << 10,
                "the commit limit (vm.overcommit_memory is 2)",
                false)),
        linux().limits());
    write("proc/sys/vm/overcommit_memory", "0\n");
    assertEquals(List.of(), linux().limits());
  }

  @Test
  void a_container_s_limit_goes_with_the_host_s_figures() throws IOException {
    write("proc/meminfo", MEM_INFO);
    write("proc/self/cgroup", "0::/\n");
    write("proc/self/mountinfo", "25 20 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    write("sys/fs/cgroup/memory.max", "2000000\n");
    write("sys/fs/cgroup/memory.current", "600000\n");
    write("sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 100000\n");

    assertEquals(
        List.of(new MemoryLimit(2_000_000, 1_500_000, "the control group /sys/fs/cgroup", true)),
        linux().limits());
  }

  @Test
  void linux_that_tells_less_or_nonsense_fails_but_for_pressure_which_is_said_to_be_unknown()
      throws IOException {
    assertThrows(IOException.class, this::linux, "no meminfo");
    write("proc/meminfo", MEM_INFO.replace("MemAvailable", "MemUnavailable"));
    assertTrue(assertThrows(IOException.class, this::linux).getMessage().contains("MemAvailable"));
    write("proc/meminfo", MEM_INFO.replace("60000", "plenty"));
    assertThrows(IOException.class, this::linux);

    write("proc/meminfo", MEM_INFO);
    for (String nonsense : List.of("", "full avg10=lots avg60=0\n", "full avg10=1")) {
      write("proc/pressure/memory", nonsense);
      assertEquals(MemoryPressure.UNKNOWN, linux().pressure());
      assertTrue(linux().notes().toString().contains("not told"), linux().notes()::toString);
    }
  }

  /** Whatever a text says: a typed error, or figures that are possible. */
  @Property(tries = 500)
  void a_text_with_a_character_changed_is_an_error_or_possible(
      @ForAll @IntRange(min = 0, max = 2000) int at, @ForAll @CharRange(from = 0, to = 127) char by)
      throws IOException {
    StringBuilder mac = new StringBuilder(MAC);
    mac.setCharAt(at % MAC.length(), by);
    assertPossible(MemoryFigures.macOs(mac.toString()));

    StringBuilder linux = new StringBuilder(MEM_INFO);
    linux.setCharAt(at % MEM_INFO.length(), by);
    Path folder = Files.createTempDirectory("machine");
    try {
      Path file = Files.createDirectories(folder.resolve("proc")).resolve("meminfo");
      Files.writeString(file, linux.toString());
      assertPossible(MemoryFigures.linux(folder));
      Files.delete(file);
    } finally {
      Files.deleteIfExists(folder.resolve("proc"));
      Files.deleteIfExists(folder);
    }
  }

  private static void assertPossible(MemoryFigures figures) {
    try {
      MemoryState state = figures.read();
      assertTrue(state.availableBytes() <= state.physicalBytes(), state::toString);
    } catch (IOException typed) {
      assertTrue(typed.getMessage().length() > 5, typed::toString);
    }
  }

  @Test
  void windows_fails_on_its_commit_limit() throws IOException {
    MemoryState windows = MemoryFigures.windows(64 * GIB, 40 * GIB, 70 * GIB, 68 * GIB).read();
    assertEquals(
        List.of(new MemoryLimit(70 * GIB, 2 * GIB, "the commit limit", false)), windows.limits());
    assertEquals(MemoryPressure.UNKNOWN, windows.pressure());
  }

  @Test
  void this_machine_tells_sane_figures() throws IOException {
    MemoryState live = MemoryFigures.live().read();
    assertTrue(live.physicalBytes() >= Runtime.getRuntime().totalMemory(), live::toString);
    assertTrue(live.availableBytes() > 0 && live.availableBytes() <= live.physicalBytes());
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(-1, 0, "x", false));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(1, -1, "x", false));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(1, 1, " ", false));
    assertThrows(NullPointerException.class, () -> MemoryFigures.macOs(null));
    assertThrows(NullPointerException.class, () -> MemoryFigures.linux(null));
  }
}
