package dev.twoqueue.gate.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The tightest memory limit of this process's control group and all its ancestors, for cgroup v2
 * ({@code memory.max} and {@code memory.high}) and v1 ({@code memory.limit_in_bytes}, upwards as
 * long as {@code memory.use_hierarchy} says so).
 *
 * <p>Left under a limit is limit − (usage − inactive_file): page cache that is not in use is given
 * back before anything is refused. The tightest limit and the least that is left may come from
 * different groups.
 */
final class ControlGroups {
  /** What v1 writes for "no limit": the largest signed 64-bit number, rounded to a page. */
  private static final long V1_UNLIMITED = Long.MAX_VALUE - (1L << 20);

  private record Mount(Path point, String root, boolean v2) {}

  /** Where this process is, as its file says, and the folders that hold for it. */
  private record Membership(String groups, boolean v2, Path mountPoint, List<Path> chain) {
    static Membership none(String groups) {
      return new Membership(groups, true, Path.of(""), List.of());
    }
  }

  private final Path root;

  /** The mounts are many and seldom change; the process may be moved at any time. */
  private volatile @Nullable Membership latest;

  /**
   * A reader.
   *
   * @param root the root of the file system: {@code /}, or a recorded one
   */
  ControlGroups(Path root) {
    this.root = root;
  }

  /** The limit that holds; empty where there is none. */
  Optional<MemoryLimit> memoryLimit() throws IOException {
    Optional<String> groups = SmallFile.read(root.resolve("proc/self/cgroup"));
    if (groups.isEmpty()) {
      return Optional.empty(); // no Linux, or one without control groups
    }
    @Nullable Membership known = latest;
    if (known == null || !known.groups.equals(groups.get())) {
      known = membership(groups.get());
      latest = known;
    }
    try {
      return tightest(known);
    } catch (IOException e) {
      latest = null; // a group may be gone, or mounted elsewhere
      throw e;
    }
  }

  private Membership membership(String groups) throws IOException {
    Path mounts = root.resolve("proc/self/mountinfo");
    List<String> lines = groups.lines().toList();
    Optional<String> v1 = groupPath(lines, "memory");
    Optional<String> path = v1.isPresent() ? v1 : groupPath(lines, "");
    if (path.isEmpty() || !Files.exists(mounts)) {
      return Membership.none(groups);
    }
    Optional<Mount> mount = memoryMount(Files.readAllLines(mounts), v1.isEmpty());
    return mount.isEmpty()
        ? Membership.none(groups)
        : new Membership(groups, mount.get().v2, mount.get().point, chain(mount.get(), path.get()));
  }

  /** From {@code id:controllers:path}; version 2 has no controllers in its one line. */
  private static Optional<String> groupPath(List<String> lines, String controller) {
    return lines.stream()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3)
        .filter(parts -> Arrays.asList(parts[1].split(",", -1)).contains(controller))
        .map(parts -> parts[2])
        .findFirst();
  }

  /** From {@code id parent dev root point options … - type source super-options}. */
  private Optional<Mount> memoryMount(List<String> lines, boolean v2) throws IOException {
    for (String line : lines) {
      int separator = line.indexOf(" - ");
      String[] left = line.split(" ", -1);
      if (separator < 0 || left.length < 5) {
        throw new IOException("not a line of mountinfo: " + line);
      }
      String[] right = line.substring(separator + 3).split(" ", -1);
      boolean wanted =
          v2
              ? right[0].equals("cgroup2")
              : right[0].equals("cgroup")
                  && Arrays.asList(right[right.length - 1].split(",", -1)).contains("memory");
      if (wanted) {
        return Optional.of(new Mount(root.resolve(left[4].substring(1)), left[3], v2));
      }
    }
    return Optional.empty();
  }

  /** The group's folder and its ancestors' that are mounted here, the group's own first. */
  private static List<Path> chain(Mount mount, String group) throws IOException {
    // Seen from a container the path may lie outside of what is mounted: "/.." or the host's path.
    boolean below = mount.root.equals("/") || (group + "/").startsWith(mount.root + "/");
    String relative =
        !below || group.contains("..")
            ? ""
            : group.substring(mount.root.equals("/") ? 0 : mount.root.length());
    Path folder = mount.point;
    List<Path> chain = new ArrayList<>();
    chain.add(folder);
    for (String part : relative.split("/", -1)) {
      folder = part.isEmpty() ? folder : folder.resolve(part);
      if (!part.isEmpty() && Files.isDirectory(folder)) {
        chain.add(0, folder);
      }
    }
    if (!Files.isDirectory(mount.point)) {
      throw new IOException("control groups are mounted at " + mount.point + ", which is missing");
    }
    return chain;
  }

  private Optional<MemoryLimit> tightest(Membership member) throws IOException {
    long limit = Long.MAX_VALUE;
    long available = Long.MAX_VALUE;
    Path source = member.mountPoint;
    for (Path group : member.chain) {
      OptionalLong here = member.v2 ? limitV2(group) : limitV1(group);
      if (here.isPresent()) {
        if (here.getAsLong() < limit) {
          limit = here.getAsLong();
          source = group;
        }
        available = Math.min(available, Math.max(0, here.getAsLong() - inUse(group, member.v2)));
      }
      if (!member.v2 && !group.equals(member.mountPoint) && !countsForParent(group)) {
        break;
      }
    }
    return limit == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(
            new MemoryLimit(
                limit,
                Math.min(limit, available),
                "the control group /" + root.relativize(source),
                true));
  }

  private static OptionalLong limitV2(Path group) throws IOException {
    long least =
        Math.min(
            number(group.resolve("memory.max")).orElse(Long.MAX_VALUE),
            number(group.resolve("memory.high")).orElse(Long.MAX_VALUE));
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }

  private static OptionalLong limitV1(Path group) throws IOException {
    OptionalLong limit = number(group.resolve("memory.limit_in_bytes"));
    return limit.isPresent() && limit.getAsLong() < V1_UNLIMITED ? limit : OptionalLong.empty();
  }

  /** Whether the parent's limit holds for this group too. */
  private static boolean countsForParent(Path group) throws IOException {
    Path parent = group.resolveSibling("memory.use_hierarchy");
    return number(parent).orElse(0) == 1;
  }

  private static long inUse(Path group, boolean v2) throws IOException {
    long usage = required(group.resolve(v2 ? "memory.current" : "memory.usage_in_bytes"));
    long cache = inactiveFile(group, v2 ? "inactive_file" : "total_inactive_file");
    return Math.max(0, usage - cache);
  }

  private static long inactiveFile(Path group, String key) throws IOException {
    Path file = group.resolve("memory.stat");
    return SmallFile.number(SmallFile.required(file), key + " ", file)
        .orElseThrow(() -> new IOException("no " + key + " in " + file));
  }

  private static long required(Path file) throws IOException {
    return number(file).orElseThrow(() -> new IOException("no figure in " + file));
  }

  /** Empty where the file is missing (as at the root) or says "max". */
  private static OptionalLong number(Path file) throws IOException {
    Optional<String> text = SmallFile.read(file).map(String::strip);
    return text.isEmpty() || text.get().equals("max")
        ? OptionalLong.empty()
        : OptionalLong.of(SmallFile.parse(text.get(), file));
  }
}
