package dev.twoqueue.gate;

import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryPart;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The memory budget of this machine.
 *
 * <ul>
 *   <li><b>Total</b>: physical memory, or the tightest limit of this process's control groups and
 *       their ancestors where that is less.
 *   <li><b>Free</b>: what the operating system calls available (on Linux MemAvailable), at most
 *       what is left under those limits: limit − (usage − inactive page cache).
 *   <li><b>Reserved</b>: kept free on purpose, by named parts; by default "operating system", 5 %
 *       of the total and at least 1 GiB, and "spikes", 1 GiB for what allocators and prompts take
 *       for a moment beyond any forecast. 5.8 GiB of 96, 2 GiB of 16.
 * </ul>
 *
 * <p>Swap is not counted: a model that swaps is worse than one that waits.
 *
 * <p>Known limits: the control group is this JVM's. Where the model server runs outside of it, use
 * {@link #withoutControlGroups}. On macOS the limit of the GPU (Metal's working set, about three
 * quarters of the memory) is not looked at, and "available" leaves out what the system would give
 * back under pressure. On Windows allocations fail on the commit limit, which may be nearer than
 * what is shown here.
 *
 * <p>Immutable and thread-safe.
 */
public final class HostMemory implements MemorySource {
  private static final long GIB = 1L << 30;

  private final HostFigures figures;
  private final Optional<List<MemoryPart>> reserve;
  private final boolean controlGroups;

  private HostMemory(
      HostFigures figures, Optional<List<MemoryPart>> reserve, boolean controlGroups) {
    this.figures = figures;
    this.reserve = reserve;
    this.controlGroups = controlGroups;
  }

  /**
   * This machine, with the default reserve.
   *
   * @return the source
   */
  public static HostMemory standard() {
    return of(HostFigures.live());
  }

  /**
   * Other figures, with the default reserve.
   *
   * @param figures where they come from
   * @return the source
   */
  public static HostMemory of(HostFigures figures) {
    return new HostMemory(Arguments.notNull(figures, "figures"), Optional.empty(), true);
  }

  /**
   * The same with another reserve.
   *
   * @param parts what is kept free, by name; may be empty
   * @return a copy
   */
  public HostMemory withReserve(Collection<MemoryPart> parts) {
    return new HostMemory(figures, Optional.of(Arguments.copyOf(parts, "parts")), controlGroups);
  }

  /**
   * The same without a look at control groups: for a JVM in a small container beside a model server
   * that is outside of it.
   *
   * @return a copy
   */
  public HostMemory withoutControlGroups() {
    return new HostMemory(figures, reserve, false);
  }

  @Override
  public MemoryBudget budget() throws IOException {
    long total = known(figures.totalMemoryBytes(), "the size of the physical memory");
    long free = known(figures.availableMemoryBytes(), "the available memory");
    String source = "this machine's memory";
    Optional<MemoryLimit> limit = controlGroups ? figures.memoryLimit() : Optional.empty();
    if (limit.isPresent()) {
      total = Math.min(total, limit.get().limitBytes());
      free = Math.min(free, limit.get().availableBytes());
      source += " under the limit of " + limit.get().source();
    }
    List<MemoryPart> reserved = reserve.isPresent() ? reserve.get() : defaultReserve(total);
    return new MemoryBudget(total, Math.min(free, total), 0, reserved, source);
  }

  private static List<MemoryPart> defaultReserve(long total) {
    return List.of(
        new MemoryPart("operating system", Math.max(GIB, total / 20)),
        new MemoryPart("spikes", GIB));
  }

  private static long known(OptionalLong figure, String what) throws IOException {
    if (figure.isEmpty() || figure.getAsLong() < 0) {
      throw new IOException(what + " is unknown here");
    }
    return figure.getAsLong();
  }
}
