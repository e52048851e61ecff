package dev.twoqueue.gate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryPressure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // fields set by JUnit
class LinuxPressureTest {
  private static final long MILLI = 1_000_000;

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void linux_s_pressure_is_that_of_the_time_between_two_looks() throws IOException {
    AtomicLong seconds = new AtomicLong(100);
    LinuxMemory memory = new LinuxMemory(root, () -> seconds.get() * 1_000_000_000L);
    write("proc/meminfo", "MemTotal: 9 kB\nMemAvailable: 5 kB\nDirty: 0 kB\nWriteback: 0 kB\n");
    stalled(30.0, 5_000_000);
    assertEquals(MemoryPressure.CRITICAL, memory.read().pressure(), "of the first the average");

    seconds.set(102); // the kernel's average falls for long after the stall is over
    stalled(24.0, 5_010_000);
    assertEquals(MemoryPressure.NORMAL, memory.read().pressure());

    seconds.set(104);
    stalled(2.0, 5_610_000); // and rises late
    MemoryState stalling = memory.read();
    assertEquals(MemoryPressure.CRITICAL, stalling.pressure());
    assertTrue(
        stalling.notes().toString().contains("30.0 % of the last 2.0 s"), stalling::toString);

    seconds.set(200); // nobody looked for long
    stalled(7.0, 9_000_000);
    assertEquals(MemoryPressure.WARNING, memory.read().pressure());
  }

  private void stalled(double average, long totalMicros) throws IOException {
    write(
        "proc/pressure/memory",
        "some avg10=99.00 avg60=0.00 avg300=0.00 total=99000000\nfull avg10="
            + average
            + " avg60=0.00 avg300=0.00 total="
            + totalMicros
            + "\n");
  }

  @Test
  void looks_that_come_by_the_thousand_do_not_shorten_the_window() {
    FullStalls stalls = new FullStalls();
    for (int i = 0; i < 3000; i++) {
      stalls.since(i * MILLI, i);
    }
    FullStalls.Share share = stalls.since(3000 * MILLI, 3000).orElseThrow();

    assertEquals(2.2, share.seconds(), 0.21);
    assertEquals(0.1, share.percent(), 1e-9, "1 µs a millisecond");
  }

  @Test
  void a_total_that_begins_anew_begins_a_new_window() {
    FullStalls stalls = new FullStalls();
    stalls.since(0, 1_000_000);
    assertEquals(Optional.empty(), stalls.since(400 * MILLI, 1_000_000), "too short");
    assertEquals(0, stalls.since(900 * MILLI, 1_000_000).orElseThrow().percent());

    assertEquals(Optional.empty(), stalls.since(2000 * MILLI, 5));
    assertEquals(Optional.empty(), stalls.since(20_000 * MILLI, 5), "too long ago");
  }
}
