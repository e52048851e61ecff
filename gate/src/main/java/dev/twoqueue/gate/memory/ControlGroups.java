package dev.twoqueue.gate.memory;

import dev.twoqueue.gate.internal.GroupFolders;
import dev.twoqueue.gate.internal.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tightest memory limit of this process's control group and all its ancestors, for cgroup v2
 * ({@code memory.max} and {@code memory.high}) and v1 ({@code memory.limit_in_bytes}, upwards as
 * long as {@code memory.use_hierarchy} says so).
 *
 * <p>Left under a limit is limit − (usage − inactive_file): page cache that is not in use is given
 * back before anything is refused. The tightest limit and the least that is left may come from
 * different groups.
 *
 * <p>A container of v1 sees only its own group. That of its ancestors which is tightest it still
 * tells, as {@code hierarchical_memory_limit}; what the others below that limit use it does not, so
 * this group's own use is all that is taken off.
 */
final class ControlGroups {
  /** What v1 writes for "no limit": the largest signed 64-bit number, rounded to a page. */
  private static final long V1_UNLIMITED = Long.MAX_VALUE - (1L << 20);

  private final Path root;
  private final GroupFolders folders;

  /**
   * A reader.
   *
   * @param root the root of the file system: {@code /}, or a recorded one
   */
  ControlGroups(Path root) {
    this.root = root;
    this.folders = new GroupFolders(root, "memory");
  }

  /** The limit that holds; empty where there is none. */
  Optional<MemoryLimit> memoryLimit() throws IOException {
    try {
      Optional<GroupFolders.Chain> chain = folders.find();
      return chain.isEmpty() ? Optional.empty() : tightest(chain.get());
    } catch (IOException e) {
      folders.forget();
      throw e;
    }
  }

  private Optional<MemoryLimit> tightest(GroupFolders.Chain chain) throws IOException {
    long limit = Long.MAX_VALUE;
    long available = Long.MAX_VALUE;
    Path source = chain.mountPoint();
    for (Path group : chain.folders()) {
      OptionalLong here = chain.v2() ? limitV2(group) : limitV1(group);
      if (here.isPresent()) {
        if (here.getAsLong() < limit) {
          limit = here.getAsLong();
          source = group;
        }
        available = Math.min(available, left(here.getAsLong(), group, chain.v2()));
      }
      if (!chain.v2() && !group.equals(chain.mountPoint()) && !countsForParent(group)) {
        return limit(limit, available, "the control group /" + root.relativize(source));
      }
    }
    OptionalLong above = chain.v2() ? OptionalLong.empty() : hierarchicalV1(chain.mountPoint());
    return above.isPresent() && above.getAsLong() < limit
        ? limit(
            above.getAsLong(),
            Math.min(available, left(above.getAsLong(), chain.mountPoint(), false)),
            "a control group above /"
                + root.relativize(chain.mountPoint())
                + ", of which it is not told what others use")
        : limit(limit, available, "the control group /" + root.relativize(source));
  }

  private static Optional<MemoryLimit> limit(long limit, long available, String source) {
    return limit == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(new MemoryLimit(limit, Math.min(limit, available), source, true));
  }

  private static OptionalLong limitV2(Path group) throws IOException {
    long least =
        Math.min(
            number(group.resolve("memory.max")).orElse(Long.MAX_VALUE),
            number(group.resolve("memory.high")).orElse(Long.MAX_VALUE));
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }

  private static OptionalLong limitV1(Path group) throws IOException {
    return limited(number(group.resolve("memory.limit_in_bytes")));
  }

  /** The tightest limit up to the root of the hierarchy, be it mounted here or not. */
  private static OptionalLong hierarchicalV1(Path group) throws IOException {
    Path file = group.resolve("memory.stat");
    Optional<String> text = SmallFile.read(file);
    return text.isEmpty()
        ? OptionalLong.empty()
        : limited(SmallFile.number(text.get(), "hierarchical_memory_limit ", file));
  }

  private static OptionalLong limited(OptionalLong limit) {
    return limit.isPresent() && limit.getAsLong() < V1_UNLIMITED ? limit : OptionalLong.empty();
  }

  /** Whether the parent's limit holds for this group too. */
  private static boolean countsForParent(Path group) throws IOException {
    Path parent = group.resolveSibling("memory.use_hierarchy");
    return number(parent).orElse(0) == 1;
  }

  private static long left(long limit, Path group, boolean v2) throws IOException {
    long usage = required(group.resolve(v2 ? "memory.current" : "memory.usage_in_bytes"));
    long cache = inactiveFile(group, v2 ? "inactive_file" : "total_inactive_file");
    return Math.max(0, limit - Math.max(0, usage - cache));
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
