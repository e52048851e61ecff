package dev.twoqueue.gate;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.OccupancyWatch;
import dev.twoqueue.gate.internal.Arguments;

/**
 * Warns while a local-heavy task occupies and memory runs out, before the kernel acts: once a
 * second it reads the same budget as the gate.
 *
 * <ul>
 *   <li>It warns when less is free than the budget keeps {@linkplain
 *       dev.twoqueue.MemoryBudget#reserved reserved}, when at the pace of the last second nothing
 *       would be free in five, or when the system says that memory is short.
 *   <li>The warning is taken back when one and a half times the reserve has been free, with no
 *       pressure, for ten seconds: a figure that swings around the threshold warns once.
 *   <li>Where {@link #stoppingBelow} says so, the task is cancelled when less than that is free, or
 *       the system is about to end processes, at two looks in a row.
 * </ul>
 *
 * <p>Immutable, and thread-safe if its source is.
 */
public final class MemoryWatch implements OccupancyWatch {
  private final MemorySource source;
  private final LowMemory.Limits limits;

  private MemoryWatch(MemorySource source, LowMemory.Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  /**
   * A watch on this machine's memory that only warns.
   *
   * @return the watch
   */
  public static MemoryWatch standard() {
    return of(HostMemory.standard());
  }

  /**
   * A watch on another budget that only warns.
   *
   * @param source asked at every look; best the gate's own
   * @return the watch
   */
  public static MemoryWatch of(MemorySource source) {
    return new MemoryWatch(Arguments.notNull(source, "source"), LowMemory.Limits.WARN_ONLY);
  }

  /**
   * The same, but the task is cancelled before the system ends processes.
   *
   * @param freeBytes with less free than this, in bytes, 0 or more
   * @return a copy
   * @throws IllegalArgumentException when negative
   */
  public MemoryWatch stoppingBelow(long freeBytes) {
    return new MemoryWatch(
        source, new LowMemory.Limits(true, Arguments.notNegative(freeBytes, "freeBytes")));
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Watcher begin(long id, LocalHeavyTask<?> task) {
    LowMemory low = new LowMemory(limits);
    return occupied -> low.next(occupied, Arguments.notNull(source.budget(), "budget"));
  }
}
