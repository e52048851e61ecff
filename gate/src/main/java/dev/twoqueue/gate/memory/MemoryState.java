package dev.twoqueue.gate.memory;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.gate.internal.Arguments;
import java.util.List;

/**
 * What a machine tells of its memory at one moment: this one's, or one that was recorded or made
 * up.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a size is negative, there is no
 * physical memory, or the machine is blank.
 *
 * @param machine what kind of machine it is, for people
 * @param physicalBytes the physical memory
 * @param availableBytes what could be taken now without swapping, as the system estimates it
 * @param limits what holds beside the physical memory
 * @param pending what is counted as available and is not so yet: pages to be written to disk
 * @param pressure how hard it is to find free memory
 * @param notes what the system does not tell, for people
 */
public record MemoryState(
    String machine,
    long physicalBytes,
    long availableBytes,
    List<MemoryLimit> limits,
    List<MemoryPart> pending,
    MemoryPressure pressure,
    List<String> notes) {
  public MemoryState {
    Arguments.notBlank(machine, "machine");
    Arguments.positive(physicalBytes, "physicalBytes");
    Arguments.notNegative(availableBytes, "availableBytes");
    limits = Arguments.copyOf(limits, "limits");
    pending = Arguments.copyOf(pending, "pending");
    Arguments.notNull(pressure, "pressure");
    notes = Arguments.copyOf(notes, "notes");
  }

  /**
   * A Mac with Apple silicon, as macOS would count it: to ask on any machine what would happen on
   * one.
   *
   * @param physicalBytes its unified memory
   * @param usedBytes what is in use, models included
   * @param wiredBytes how much of that is wired: the kernel's, and models that are resident
   * @return its state, with Metal's limit as it is by default for that size
   */
  public static MemoryState appleSilicon(long physicalBytes, long usedBytes, long wiredBytes) {
    return MacMemory.state(
        Arguments.positive(physicalBytes, "physicalBytes"),
        Math.max(0, physicalBytes - Arguments.notNegative(usedBytes, "usedBytes")),
        Arguments.notNegative(wiredBytes, "wiredBytes"),
        0,
        MemoryPressure.NORMAL);
  }
}
