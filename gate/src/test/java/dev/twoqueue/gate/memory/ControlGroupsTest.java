package dev.twoqueue.gate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class ControlGroupsTest {
  private static final String V1_UNLIMITED = "9223372036854771712";
  private static final String V2_MOUNT =
      "25 20 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
  private static final String V1_MOUNTS =
      """
      31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
      33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
      """;

  @TempDir Path root;

  private Optional<MemoryLimit> limit() throws IOException {
    return new ControlGroups(root).memoryLimit();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void v2(String group, String max, String high, long current, long inactiveFile)
      throws IOException {
    String folder = "sys/fs/cgroup" + group + "/";
    write(folder + "memory.max", max + "\n");
    write(folder + "memory.high", high + "\n");
    write(folder + "memory.current", current + "\n");
    write(folder + "memory.stat", "anon 1\ninactive_file " + inactiveFile + "\nactive_file 9\n");
  }

  private void v1(String group, String limit, long usage, long inactiveFile, int hierarchy)
      throws IOException {
    String folder = "sys/fs/cgroup/memory" + group + "/";
    write(folder + "memory.limit_in_bytes", limit + "\n");
    write(folder + "memory.usage_in_bytes", usage + "\n");
    write(folder + "memory.use_hierarchy", hierarchy + "\n");
    write(folder + "memory.stat", "inactive_file 1\ntotal_inactive_file " + inactiveFile + "\n");
  }

  private static Optional<MemoryLimit> limit(long limit, long available, String group) {
    return Optional.of(
        new MemoryLimit(limit, available, "the control group /sys/fs/cgroup" + group, true));
  }

  @Test
  void v2_takes_the_tightest_of_the_group_and_all_its_ancestors() throws IOException {
    write("proc/self/cgroup", "0::/user.slice/app.scope\n");
    write("proc/self/mountinfo", V2_MOUNT);
    write("sys/fs/cgroup/memory.stat", "anon 1\n"); // the root has no limit files
    v2("/user.slice", "9000", "max", 8000, 500); // least left: 9000 − 7500
    v2("/user.slice/app.scope", "4000", "3000", 1000, 400); // tightest: high

    assertEquals(limit(3000, 1500, "/user.slice/app.scope"), limit());
  }

  @Test
  void v2_without_a_limit_has_none() throws IOException {
    write("proc/self/cgroup", "0::/app\n");
    write("proc/self/mountinfo", V2_MOUNT);
    v2("/app", "max", "max", 1000, 400);

    assertEquals(Optional.empty(), limit());
  }

  @Test
  void v2_over_its_limit_has_nothing_left() throws IOException {
    write("proc/self/cgroup", "0::/app\n");
    write("proc/self/mountinfo", V2_MOUNT);
    v2("/app", "1000", "max", 1500, 100);

    assertEquals(limit(1000, 0, "/app"), limit());
  }

  @Test
  void v2_in_a_container_with_a_name_space_of_its_own() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("proc/self/mountinfo", V2_MOUNT);
    v2("", "2000", "max", 600, 100);

    assertEquals(limit(2000, 1500, ""), limit());
  }

  @Test
  void a_path_outside_of_what_is_mounted_means_the_mounted_root() throws IOException {
    write("proc/self/cgroup", "0::/../../other\n");
    write("proc/self/mountinfo", V2_MOUNT);
    write("sys/fs/memory.max", "1\n");
    write("sys/fs/memory.current", "1\n");
    write("sys/fs/memory.stat", "inactive_file 0\n");
    v2("", "2000", "max", 600, 100);

    assertEquals(limit(2000, 1500, ""), limit());
  }

  @Test
  void v1_in_a_container_that_sees_the_host_s_path() throws IOException {
    write("proc/self/cgroup", "9:name=systemd:/docker/ab\n4:cpu,memory:/docker/ab/job\n");
    write(
        "proc/self/mountinfo",
        "35 31 0:32 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup rw,cpu,memory\n");
    v1("", "5000", 1000, 200, 1);
    v1("/job", "4000", 3500, 100, 1);

    assertEquals(limit(4000, 600, "/memory/job"), limit());
  }

  @Test
  void v1_in_a_container_is_limited_by_a_group_that_it_does_not_see() throws IOException {
    write("proc/self/cgroup", "4:memory:/pods/app\n");
    write(
        "proc/self/mountinfo",
        "35 31 0:32 /pods/app /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    v1("", V1_UNLIMITED, 1000, 0, 1);
    write(
        "sys/fs/cgroup/memory/memory.stat",
        "hierarchical_memory_limit 5000\ntotal_inactive_file 200\n");

    MemoryLimit limit = limit().orElseThrow();

    assertEquals(5000, limit.limitBytes());
    assertEquals(4200, limit.availableBytes());
    assertEquals(
        "a control group above /sys/fs/cgroup/memory, of which it is not told what others use",
        limit.source());
  }

  @Test
  void what_is_mounted_over_another_hierarchy_hides_it() throws IOException {
    write("proc/self/cgroup", "0::/pods/app\n");
    write(
        "proc/self/mountinfo",
        """
        25 20 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
        64 25 0:22 /pods /sys/fs/cgroup rw - cgroup2 cgroup2 rw
        99 20 0:22 /.. /elsewhere rw - cgroup2 cgroup2 rw
        """);
    v2("/app", "2000", "max", 600, 100);

    assertEquals(limit(2000, 1500, "/app"), limit());
  }

  @Test
  void v1_limits_of_ancestors_hold_only_with_a_hierarchy() throws IOException {
    write("proc/self/cgroup", "4:memory:/a/b\n0::/\n");
    write("proc/self/mountinfo", V1_MOUNTS);
    v1("", V1_UNLIMITED, 100, 0, 1);
    v1("/a", "1000", 900, 0, 0);
    v1("/a/b", "4000", 1000, 500, 0);
    assertEquals(limit(4000, 3500, "/memory/a/b"), limit());

    v1("/a", "1000", 900, 0, 1);
    assertEquals(limit(1000, 100, "/memory/a"), limit());
  }

  @Test
  void v1_unlimited_has_none() throws IOException {
    write("proc/self/cgroup", "4:memory:/a\n0::/\n");
    write("proc/self/mountinfo", V1_MOUNTS);
    v1("", V1_UNLIMITED, 100, 0, 1);
    v1("/a", V1_UNLIMITED, 100, 0, 1);

    assertEquals(Optional.empty(), limit());
  }

  @Test
  void a_system_without_control_groups_has_none() throws IOException {
    assertEquals(Optional.empty(), limit());

    write("proc/self/cgroup", "");
    write("proc/self/mountinfo", "20 1 8:1 / / rw - ext4 /dev/sda rw\n");
    assertEquals(Optional.empty(), limit());
  }

  @Test
  void a_process_that_is_moved_is_found_in_its_new_group() throws IOException {
    write("proc/self/cgroup", "0::/a\n");
    write("proc/self/mountinfo", V2_MOUNT);
    v2("/a", "1000", "max", 100, 0);
    v2("/b", "2000", "max", 100, 0);
    ControlGroups reader = new ControlGroups(root);
    assertEquals(limit(1000, 900, "/a"), reader.memoryLimit());

    v2("/a", "1000", "max", 300, 0);
    assertEquals(limit(1000, 700, "/a"), reader.memoryLimit(), "figures are read at each look");
    write("proc/self/cgroup", "0::/b\n");
    assertEquals(limit(2000, 1900, "/b"), reader.memoryLimit());
  }

  @Test
  void after_a_failure_it_looks_where_the_groups_are_mounted_now() throws IOException {
    write("proc/self/cgroup", "0::/a\n");
    write("proc/self/mountinfo", V2_MOUNT);
    v2("/a", "1000", "max", 100, 0);
    ControlGroups reader = new ControlGroups(root);
    assertEquals(limit(1000, 900, "/a"), reader.memoryLimit());

    write("proc/self/mountinfo", V2_MOUNT.replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified"));
    v2("/unified/a", "3000", "max", 100, 0);
    Files.delete(root.resolve("sys/fs/cgroup/a/memory.current"));
    assertThrows(IOException.class, reader::memoryLimit);
    assertEquals(limit(3000, 2900, "/unified/a"), reader.memoryLimit());
  }

  @Test
  void a_limit_that_cannot_be_read_fails_and_is_never_ignored() throws IOException {
    write("proc/self/cgroup", "0::/app\n");
    write("proc/self/mountinfo", V2_MOUNT);
    assertThrows(IOException.class, this::limit, "what is mounted is missing");

    v2("/app", "plenty", "max", 1, 0);
    assertThrows(IOException.class, this::limit);

    v2("/app", "1000", "max", 1, 0);
    write("sys/fs/cgroup/app/memory.stat", "anon 1\n");
    assertThrows(IOException.class, this::limit);

    v2("/app", "1000", "max", 1, 0);
    Files.delete(root.resolve("sys/fs/cgroup/app/memory.current"));
    assertThrows(IOException.class, this::limit);

    write("proc/self/mountinfo", "garbage\n");
    assertThrows(IOException.class, this::limit);
  }
}
