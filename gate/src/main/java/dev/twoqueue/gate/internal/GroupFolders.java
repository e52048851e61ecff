package dev.twoqueue.gate.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folders of this process's control group and of all its ancestors that are mounted here, for
 * one controller, in version 2 or 1. Thread-safe.
 */
public final class GroupFolders {

  /**
   * Where the process is.
   *
   * @param v2 whether in the one hierarchy of version 2
   * @param mountPoint where the hierarchy is mounted
   * @param folders the group's own first, the mount point's last
   */
  public record Chain(boolean v2, Path mountPoint, List<Path> folders) {}

  private record Mount(Path point, String root, boolean v2) {}

  private record Found(String groups, Optional<Chain> chain) {}

  private final Path root;
  private final String controller;

  /** The mounts are many and seldom change; the process may be moved at any time. */
  private volatile @Nullable Found latest;

  /**
   * A reader.
   *
   * @param root the root of the file system: {@code /}, or a recorded one
   * @param controller by its name in version 1: {@code memory}, {@code cpu}, {@code cpuacct}
   */
  public GroupFolders(Path root, String controller) {
    this.root = root;
    this.controller = controller;
  }

  /**
   * Finds them.
   *
   * @return empty where there are no control groups, or none with this controller
   * @throws IOException when they are there and cannot be read
   */
  public Optional<Chain> find() throws IOException {
    Optional<String> groups = SmallFile.read(root.resolve("proc/self/cgroup"));
    if (groups.isEmpty()) {
      return Optional.empty(); // no Linux, or one without control groups
    }
    @Nullable Found known = latest;
    if (known == null || !known.groups.equals(groups.get())) {
      known = new Found(groups.get(), chain(groups.get()));
      latest = known;
    }
    return known.chain;
  }

  /** Looks anew at the mounts: a group may be gone, or mounted elsewhere. */
  public void forget() {
    latest = null;
  }

  /**
   * The path of a group, as {@code /proc/<pid>/cgroup} tells it.
   *
   * @param groups the text of that file
   * @param controller empty for version 2, whose one line names none
   * @return empty where it tells none
   */
  static Optional<String> path(String groups, String controller) {
    return groups
        .lines()
        .map(line -> line.split(":", 3)) // id:controllers:path
        .filter(parts -> parts.length == 3)
        .filter(parts -> Arrays.asList(parts[1].split(",", -1)).contains(controller))
        .map(parts -> parts[2])
        .findFirst();
  }

  private Optional<Chain> chain(String groups) throws IOException {
    Path mounts = root.resolve("proc/self/mountinfo");
    Optional<String> v1 = path(groups, controller);
    Optional<String> path = v1.isPresent() ? v1 : path(groups, "");
    if (path.isEmpty() || !Files.exists(mounts)) {
      return Optional.empty();
    }
    Optional<Mount> mount = mount(Files.readAllLines(mounts), v1.isEmpty());
    return mount.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Chain(mount.get().v2, mount.get().point, folders(mount.get(), path.get())));
  }

  /** From {@code id parent dev root point options … - type source super-options}. */
  private Optional<Mount> mount(List<String> lines, boolean v2) throws IOException {
    @Nullable Mount found = null;
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
                  && Arrays.asList(right[right.length - 1].split(",", -1)).contains(controller);
      Path point = root.resolve(left[4].substring(1));
      // What is mounted over the same place later hides the earlier one.
      if (wanted && (found == null || found.point.equals(point))) {
        found = new Mount(point, left[3], v2);
      }
    }
    return Optional.ofNullable(found);
  }

  private static List<Path> folders(Mount mount, String group) throws IOException {
    // Seen from a container the path may lie outside of what is mounted: "/.." or the host's path.
    boolean below = mount.root.equals("/") || (group + "/").startsWith(mount.root + "/");
    String relative =
        !below || group.contains("..")
            ? ""
            : group.substring(mount.root.equals("/") ? 0 : mount.root.length());
    Path folder = mount.point;
    List<Path> folders = new ArrayList<>();
    folders.add(folder);
    for (String part : relative.split("/", -1)) {
      folder = part.isEmpty() ? folder : folder.resolve(part);
      if (!part.isEmpty() && Files.isDirectory(folder)) {
        folders.add(0, folder);
      }
    }
    if (!Files.isDirectory(mount.point)) {
      throw new IOException("control groups are mounted at " + mount.point + ", which is missing");
    }
    return folders;
  }
}
