package dev.twoqueue.gate.memory;

import dev.twoqueue.MemoryPressure;
import java.io.IOException;
import java.util.List;
import oshi.hardware.GlobalMemory;

/** Windows and others, by OSHI, which answers 0 where it could not read. */
final class OshiMemory {
  private static final String NO_PRESSURE = "memory pressure is not told by this system";

  private OshiMemory() {}

  static MemoryState read(GlobalMemory memory, boolean windows) throws IOException {
    long physical = known(memory.getTotal(), "the size of the physical memory");
    long available = known(memory.getAvailable(), "the available memory");
    if (!windows) {
      return new MemoryState(
          "a system whose limits are not looked at",
          physical,
          available,
          List.of(),
          List.of(),
          MemoryPressure.UNKNOWN,
          List.of(NO_PRESSURE, "limits beside the physical memory are not looked at here"));
    }
    return windows(
        physical,
        available,
        known(memory.getVirtualMemory().getVirtualMax(), "the commit limit"),
        known(memory.getVirtualMemory().getVirtualInUse(), "the committed memory"));
  }

  /** An allocation fails on the commit limit, which physical memory and page files make up. */
  static MemoryState windows(long physical, long available, long commitLimit, long committed) {
    return new MemoryState(
        "Windows",
        physical,
        available,
        List.of(
            new MemoryLimit(
                commitLimit, Math.max(0, commitLimit - committed), "the commit limit", false)),
        List.of(),
        MemoryPressure.UNKNOWN,
        List.of(NO_PRESSURE));
  }

  private static long known(long figure, String what) throws IOException {
    if (figure <= 0) {
      throw new IOException(what + " is unknown here");
    }
    return figure;
  }
}
