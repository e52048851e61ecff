package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The processes of the host and the CPU time that all of them used, read at the same moment, so
 * that one can be set against the other.
 *
 * <p>Who is below whom is worked out once, when the table is made, so that a look at it costs
 * little. Immutable and thread-safe.
 */
public final class ProcessTable {
  private static final int NONE = -1;

  private final long takenAtNanos;
  private final OptionalLong busyCpuNanos;
  private final long selfPid;
  private final List<HostProcess> processes;
  private final Map<Long, Integer> byPid;
  private final int[] parents;

  /**
   * A table.
   *
   * @param takenAtNanos when, on the clock of {@link HostFigures#nanoTime}
   * @param busyCpuNanos the time that all processors together spent neither idle, nor waiting for
   *     I/O, nor taken away by a hypervisor, in nanoseconds since some fixed moment; empty when
   *     unknown
   * @param selfPid the id of this JVM's process
   * @param processes the processes, kernel threads left out
   * @throws IllegalArgumentException when the busy time is negative, or when the list does not hold
   *     this process: such a list is not the host's
   */
  public ProcessTable(
      long takenAtNanos, OptionalLong busyCpuNanos, long selfPid, List<HostProcess> processes) {
    this.takenAtNanos = takenAtNanos;
    this.busyCpuNanos = Arguments.notNull(busyCpuNanos, "busyCpuNanos");
    busyCpuNanos.ifPresent(busy -> Arguments.notNegative(busy, "busyCpuNanos"));
    this.selfPid = selfPid;
    this.processes = Arguments.copyOf(processes, "processes");
    this.byPid = new HashMap<>(this.processes.size() * 2);
    for (int i = 0; i < this.processes.size(); i++) {
      byPid.put(this.processes.get(i).pid(), i);
    }
    if (!byPid.containsKey(selfPid)) {
      throw new IllegalArgumentException("processes must hold this one, " + selfPid);
    }
    this.parents = new int[this.processes.size()];
    for (int i = 0; i < parents.length; i++) {
      parents[i] = parentOf(this.processes.get(i));
    }
  }

  /**
   * When it was taken.
   *
   * @return on the clock of {@link HostFigures#nanoTime}
   */
  public long takenAtNanos() {
    return takenAtNanos;
  }

  /**
   * The time that all processors together were busy, since some fixed moment.
   *
   * @return nanoseconds; empty when unknown
   */
  public OptionalLong busyCpuNanos() {
    return busyCpuNanos;
  }

  /**
   * This JVM's process.
   *
   * @return its id
   */
  public long selfPid() {
    return selfPid;
  }

  /**
   * The processes, kernel threads left out.
   *
   * @return an unmodifiable list
   */
  public List<HostProcess> processes() {
    return processes;
  }

  /** The process under an id; null where there is none. */
  @Nullable HostProcess process(long pid) {
    int index = indexOf(pid);
    return index == NONE ? null : processes.get(index);
  }

  /** The position of a process that is in the list. */
  int indexOf(long pid) {
    return byPid.getOrDefault(pid, NONE);
  }

  /** The positions in the list of all processes that match, and of everything below them. */
  BitSet treesOf(Predicate<HostProcess> isRoot) {
    BitSet within = new BitSet(parents.length);
    for (int i = 0; i < parents.length; i++) {
      if (isRoot.test(processes.get(i))) {
        within.set(i);
      }
    }
    BitSet known = (BitSet) within.clone();
    for (int i = 0; i < parents.length; i++) {
      settle(i, within, known);
    }
    return within;
  }

  /** Follows the parents up to one that is settled, and gives all on the way the same answer. */
  private void settle(int from, BitSet within, BitSet known) {
    int top = from;
    int steps = 0;
    while (top != NONE && !known.get(top) && steps++ <= parents.length) { // or parents in a circle
      top = parents[top];
    }
    boolean inside = top != NONE && within.get(top);
    for (int i = from; i != NONE && !known.get(i); i = parents[i]) {
      known.set(i);
      within.set(i, inside);
    }
  }

  /** The positions of this process's parent and all above it. */
  BitSet ancestorsOfSelf() {
    BitSet found = new BitSet(parents.length);
    int next = parents[indexOf(selfPid)];
    while (next != NONE && !found.get(next)) {
      found.set(next);
      next = parents[next];
    }
    return found;
  }

  /** Takes those out that have others of the set below them. */
  void keepLowest(BitSet set) {
    BitSet all = (BitSet) set.clone();
    for (int i = all.nextSetBit(0); i >= 0; i = all.nextSetBit(i + 1)) {
      int next = parents[i];
      for (int steps = 0; next != NONE && next != i && steps < parents.length; steps++) {
        set.clear(next);
        next = parents[next];
      }
    }
  }

  /**
   * Windows goes on naming a parent that has ended, whose id may have been given to another process
   * since: a parent that began after its child is none.
   */
  private int parentOf(HostProcess child) {
    @Nullable Integer index =
        child.parent().isPresent() ? byPid.get(child.parent().getAsLong()) : null;
    if (index == null || processes.get(index).pid() == child.pid()) {
      return NONE;
    }
    HostProcess parent = processes.get(index);
    boolean reused =
        parent.started().isPresent()
            && child.started().isPresent()
            && parent.started().get().isAfter(child.started().get());
    return reused ? NONE : index;
  }

  @Override
  public String toString() {
    return processes.size() + " processes, taken at " + takenAtNanos + " ns";
  }
}
