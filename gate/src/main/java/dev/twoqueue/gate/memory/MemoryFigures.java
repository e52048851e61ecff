package dev.twoqueue.gate.memory;

import dev.twoqueue.gate.internal.Arguments;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads what a machine tells of its memory. Called by several threads; may block for a short while.
 */
@FunctionalInterface
public interface MemoryFigures {

  /**
   * The state now.
   *
   * @return the state
   * @throws IOException when a figure that is needed cannot be read; the message names it
   */
  MemoryState read() throws IOException;

  /**
   * This machine's figures.
   *
   * <ul>
   *   <li>Linux: MemAvailable, Dirty and Writeback of {@code /proc/meminfo}, the control groups (v1
   *       and v2), the commit limit where the kernel is told not to overcommit, and pressure stall
   *       information.
   *   <li>macOS: {@code vm_stat} and {@code sysctl}, at most once a second.
   *   <li>Windows: physical memory and the commit limit, by OSHI.
   *   <li>Others: physical memory, by OSHI.
   * </ul>
   *
   * @return one instance for the whole JVM
   */
  static MemoryFigures live() {
    return LiveMemory.shared();
  }

  /**
   * A Linux machine's figures from a copy of its {@code /proc} and {@code /sys}.
   *
   * @param root the folder that stands for {@code /}
   * @return the figures
   */
  static MemoryFigures linux(Path root) {
    return new LinuxMemory(Arguments.notNull(root, "root"));
  }

  /**
   * A Mac's figures from what its commands print.
   *
   * @param output of {@code vm_stat} and of {@code sysctl hw.memsize iogpu.wired_limit_mb
   *     kern.memorystatus_vm_pressure_level}, in any order
   * @return the figures
   */
  static MemoryFigures macOs(String output) {
    Arguments.notNull(output, "output");
    return () -> MacMemory.parse(output);
  }

  /**
   * A Windows machine's figures.
   *
   * @param physicalBytes the physical memory
   * @param availableBytes how much of it is available
   * @param commitLimitBytes physical memory and page files
   * @param committedBytes how much of the commit limit is taken
   * @return the figures
   */
  static MemoryFigures windows(
      long physicalBytes, long availableBytes, long commitLimitBytes, long committedBytes) {
    return () ->
        OshiMemory.windows(physicalBytes, availableBytes, commitLimitBytes, committedBytes);
  }
}
