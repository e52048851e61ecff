package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.DiskState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one file system that a path is, or would be, on. What does not change while it is mounted is
 * kept: finding a file system reads the whole table of mounts.
 */
final class FileSystems {
  private static final int MOST_KEPT = 100;

  /** A file system that failed is mounted anew as read-only, under the same number. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(5);

  /**
   * Mount options of ext, XFS, Btrfs and their like that make a user's or project's quota count.
   */
  private static final Pattern QUOTA =
      Pattern.compile("(?:.*,)?(?:usr|grp|prj|u|g|p)?(?:j?quota|qnoenforce)(?:[=,].*)?");

  /** What was found under a device number. */
  private record Mounted(Object device, FileStore store, boolean quotas, long foundNanos) {}

  private final Path mounts;
  private final Map<Path, Mounted> known = new ConcurrentHashMap<>();

  /**
   * File systems of this host.
   *
   * @param mounts the table of mounts, with their options; need not exist
   */
  FileSystems(Path mounts) {
    this.mounts = mounts;
  }

  DiskState state(Path path) throws IOException {
    @Nullable Path existing = path.toAbsolutePath();
    // Not !exists: a folder that may not be looked into is not a folder that is missing, and its
    // parent may be on another file system.
    while (existing != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      throw new IOException("no ancestor of " + path + " exists");
    }
    Mounted mounted = mounted(existing);
    long usable = mounted.store.getUsableSpace();
    return new DiskState(
        existing.equals(path.toAbsolutePath()),
        usable >= 0 ? OptionalLong.of(usable) : OptionalLong.empty(),
        name(mounted.store),
        mounted.store.type(),
        mounted.store.isReadOnly(),
        mounted.quotas);
  }

  private Mounted mounted(Path existing) throws IOException {
    Object device = device(existing);
    @Nullable Mounted before = known.get(existing);
    long now = System.nanoTime();
    if (before != null
        && before.device.equals(device)
        && now - before.foundNanos < KEPT_FOR.toNanos()) {
      return before;
    }
    FileStore store = Files.getFileStore(existing);
    Mounted found = new Mounted(device, store, quotas(store), now);
    if (known.size() >= MOST_KEPT) {
      known.clear();
    }
    known.put(existing, found);
    return found;
  }

  /** Another one under the same path is another mount; a new object where there is no number. */
  private static Object device(Path existing) throws IOException {
    try {
      return Files.getAttribute(existing, "unix:dev");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return new Object();
    }
  }

  /**
   * On Windows a store's name is its label, which may be empty or the same on every drive, and what
   * it prints is the label with the drive: {@code Data (D:)}.
   */
  static String name(FileStore store) {
    return store.supportsFileAttributeView("unix") ? store.name() : store.toString().strip();
  }

  private boolean quotas(FileStore store) throws IOException {
    if (!Files.isReadable(mounts)) {
      return false;
    }
    for (String line : Files.readAllLines(mounts, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(" ", -1); // device, folder, type, options
      if (fields.length > 3 && fields[0].equals(store.name()) && fields[2].equals(store.type())) {
        return QUOTA.matcher(fields[3].replace("noquota", "")).matches();
      }
    }
    return false;
  }
}
