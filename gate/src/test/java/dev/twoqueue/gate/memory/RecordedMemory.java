package dev.twoqueue.gate.memory;

import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Linux's memory from files that were recorded, on the clock of the recording. */
public final class RecordedMemory {
  private RecordedMemory() {}

  /**
   * The figures.
   *
   * @param root the folder that stands for {@code /}
   * @param nanoTime the time of the recording
   */
  public static MemoryFigures linux(Path root, LongSupplier nanoTime) {
    return new LinuxMemory(root, nanoTime);
  }
}
