package dev.twoqueue.gate;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which directories were seen to exist: one that does not any more had its disk taken away, and the
 * figures of its parent's file system say nothing of it. Thread-safe.
 */
final class SeenPaths {
  private static final int MOST = 1000;

  private final Map<Path, String> seen = new ConcurrentHashMap<>();

  /** Why nothing can be written there, whatever is free. */
  Optional<String> wrong(Path path, DiskState state) {
    String on = on(state);
    if (state.exists()) {
      if (seen.size() >= MOST) {
        seen.clear();
      }
      seen.put(path, on);
    } else if (!on.equals(seen.getOrDefault(path, on))) { // not just a folder that was removed
      return Optional.of(
          path + " has vanished: it was on " + seen.get(path) + "; is that still mounted?");
    }
    if (state.readOnly()) {
      return Optional.of("the file system of " + path + " is read-only (" + on + ")");
    }
    return state.usableBytes().orElse(-1) < 0
        ? Optional.of(Gates.CANNOT_TELL + "free disk space at " + path + " is unknown")
        : Optional.empty();
  }

  private static String on(DiskState state) {
    return state.name().isEmpty() ? "another file system" : state.name() + ", " + state.type();
  }
}
