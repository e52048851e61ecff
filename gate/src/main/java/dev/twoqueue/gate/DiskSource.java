package dev.twoqueue.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Where a {@link DiskGate} gets its figure from: this machine, or one that is simulated. */
@FunctionalInterface
public interface DiskSource {

  /**
   * The space that may still be taken on the file system of a path. Called by several threads; may
   * block for a short while.
   *
   * @param path need not exist
   * @return bytes; empty when unknown, which holds the task
   * @throws IOException when the file system cannot be asked, which holds the task
   */
  OptionalLong usableBytes(Path path) throws IOException;

  /**
   * The same with what else is known of the file system.
   *
   * @param path need not exist
   * @return by default only the space
   * @throws IOException when the file system cannot be asked, which holds the task
   */
  default DiskState state(Path path) throws IOException {
    return DiskState.of(usableBytes(path));
  }
}
