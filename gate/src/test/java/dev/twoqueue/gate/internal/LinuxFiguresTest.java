package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.gate.CpuQuota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // fields set by JUnit
class LinuxFiguresTest {
  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private LinuxFigures figures() {
    return new LinuxFigures(root, 100, Instant.EPOCH);
  }

  private void self() throws IOException {
    write("proc/7/stat", "7 (java) S 1 7 7 0 -1 4194560 0 0 0 0 5 5 0 0 20 0 1 0 100 0 0\n");
    write("proc/7/cmdline", "java");
  }

  @Test
  void processors_are_those_whose_time_is_told() throws IOException {
    // As LXCFS shows them to a container of five: github.com/lxc/lxcfs/issues/628.
    write("proc/cpuinfo", "processor : 0\n\n".repeat(5));
    write(
        "proc/stat", "cpu  100 20 30 400 50 6 7 8 9 10\n" + "cpu0 1 2\n".repeat(32) + "btime 1\n");
    self();

    assertEquals(OptionalInt.of(32), figures().logicalCores());
    assertEquals(
        OptionalLong.of(1_630_000_000L), figures().table(5, 7).busyCpuNanos(), "163 ticks");
  }

  @Test
  void what_cannot_be_read_is_not_told() throws IOException {
    self();
    for (String wrong :
        new String[] {"", "cpu0 1 2 3\n", "cpu  1 2 3 4 5\n", "cpu  1 x 3 4 5 6 7"}) {
      write("proc/stat", wrong);
      assertEquals(OptionalInt.empty(), figures().logicalCores(), wrong);
      assertEquals(OptionalLong.empty(), figures().table(5, 7).busyCpuNanos(), wrong);
    }
    assertEquals(OptionalDouble.empty(), figures().loadAverage());
    write("proc/loadavg", "0.25 1 2 3/4 5\n");
    assertEquals(OptionalDouble.of(0.25), figures().loadAverage());
  }

  @Test
  void without_control_groups_there_is_no_quota() throws IOException {
    assertEquals(Optional.empty(), figures().cpuQuota());
  }

  @Test
  void v2_the_tightest_quota_of_the_group_and_its_ancestors() throws IOException {
    write("proc/self/cgroup", "0::/pods/one/app\n");
    write("proc/self/mountinfo", "25 20 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    String pods = "sys/fs/cgroup/pods/";
    write(pods + "cpu.max", "400000 100000\n");
    write(pods + "one/cpu.max", "150000 100000\n");
    write(pods + "one/cpu.stat", "usage_usec 7000\nuser_usec 1\n");
    write(pods + "one/app/cpu.max", "max 100000\n");

    CpuQuota quota = figures().cpuQuota().orElseThrow();

    assertEquals(new CpuQuota(1.5, OptionalLong.of(7_000_000), "/pods/one"), quota);
    write("proc/8/cgroup", "0::/pods/one/other\n");
    write("proc/9/cgroup", "0::/pods/one-more\n");
    assertTrue(figures().isUnder(8, quota));
    assertFalse(figures().isUnder(9, quota));
    assertFalse(figures().isUnder(10, quota), "not told");
    Files.delete(root.resolve(pods + "one/cpu.stat"));
    assertEquals(OptionalLong.empty(), figures().cpuQuota().orElseThrow().usedNanos());
    write(pods + "cpu.max", "0 100000\n");
    assertThrows(IOException.class, () -> figures().cpuQuota());
  }

  @Test
  void v1_the_quota_with_the_account_of_the_same_group() throws IOException {
    write("proc/self/cgroup", "3:cpuacct,cpu:/docker/ab\n4:memory:/docker/ab\n");
    write(
        "proc/self/mountinfo",
        "35 31 0:32 /docker/ab /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n");
    String folder = "sys/fs/cgroup/cpu,cpuacct/";
    write(folder + "cpu.cfs_quota_us", "-1\n");
    assertEquals(Optional.empty(), figures().cpuQuota());

    write(folder + "cpu.cfs_quota_us", "50000\n");
    write(folder + "cpu.cfs_period_us", "100000\n");
    write(folder + "cpuacct.usage", "123456789\n");

    assertEquals(
        Optional.of(new CpuQuota(0.5, OptionalLong.of(123_456_789), "/docker/ab")),
        figures().cpuQuota());
  }
}
