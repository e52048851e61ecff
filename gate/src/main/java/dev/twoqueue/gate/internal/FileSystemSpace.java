package dev.twoqueue.gate.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The free space of the one file system that a path is, or would be, on. */
final class FileSystemSpace {
  private FileSystemSpace() {}

  static OptionalLong usableBytes(Path path) throws IOException {
    @Nullable Path existing = path.toAbsolutePath();
    // Not !exists: a folder that may not be looked into is not a folder that is missing, and its
    // parent may be on another file system.
    while (existing != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      throw new IOException("no ancestor of " + path + " exists");
    }
    long usable = Files.getFileStore(existing).getUsableSpace();
    return usable >= 0 ? OptionalLong.of(usable) : OptionalLong.empty();
  }
}
