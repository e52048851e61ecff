package dev.twoqueue.gate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The processes of the host and the CPU time that all of them used, read at the same moment, so
 * that one can be set against the other.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the busy time is negative, or
 * when the list does not hold this process: such a list is not the host's.
 *
 * @param takenAtNanos when, on the clock of {@link System#nanoTime}
 * @param busyCpuNanos the time that all processors together spent neither idle, nor waiting for
 *     I/O, nor taken away by a hypervisor, in nanoseconds since some fixed moment; empty when
 *     unknown
 * @param selfPid the id of this JVM's process
 * @param processes the processes, kernel threads left out
 */
public record ProcessTable(
    long takenAtNanos, OptionalLong busyCpuNanos, long selfPid, List<HostProcess> processes) {

  public ProcessTable {
    Arguments.notNull(busyCpuNanos, "busyCpuNanos")
        .ifPresent(busy -> Arguments.notNegative(busy, "busyCpuNanos"));
    processes = Arguments.copyOf(processes, "processes");
    if (processes.stream().noneMatch(process -> process.pid() == selfPid)) {
      throw new IllegalArgumentException("processes must hold this one, " + selfPid);
    }
  }

  /** The pids of all processes that match, and of everything below them. */
  Set<Long> treesOf(Predicate<HostProcess> isRoot) {
    Map<Long, HostProcess> byPid = byPid();
    Map<Long, List<HostProcess>> children = new HashMap<>();
    Deque<HostProcess> open = new ArrayDeque<>();
    for (HostProcess process : processes) {
      parentOf(process, byPid)
          .ifPresent(
              parent ->
                  children.computeIfAbsent(parent.pid(), pid -> new ArrayList<>()).add(process));
      if (isRoot.test(process)) {
        open.add(process);
      }
    }
    Set<Long> found = new HashSet<>();
    for (@Nullable HostProcess next = open.poll(); next != null; next = open.poll()) {
      if (found.add(next.pid())) {
        open.addAll(children.getOrDefault(next.pid(), List.of()));
      }
    }
    return found;
  }

  /** The pids from this process's parent up to the first one. */
  Set<Long> ancestorsOfSelf() {
    Map<Long, HostProcess> byPid = byPid();
    Set<Long> found = new HashSet<>();
    Optional<HostProcess> next = Optional.ofNullable(byPid.get(selfPid));
    while (next.isPresent()) {
      next = parentOf(next.get(), byPid).filter(parent -> found.add(parent.pid()));
    }
    return found;
  }

  private Map<Long, HostProcess> byPid() {
    Map<Long, HostProcess> byPid = new LinkedHashMap<>(processes.size() * 2);
    for (HostProcess process : processes) {
      byPid.put(process.pid(), process);
    }
    return byPid;
  }

  /**
   * Windows goes on naming a parent that has ended, whose id may have been given to another process
   * since: a parent that began after its child is none.
   */
  private static Optional<HostProcess> parentOf(HostProcess child, Map<Long, HostProcess> byPid) {
    if (child.parent().isEmpty()) {
      return Optional.empty();
    }
    @Nullable HostProcess parent = byPid.get(child.parent().getAsLong());
    if (parent == null || parent.pid() == child.pid()) {
      return Optional.empty();
    }
    boolean reused =
        parent.started().isPresent()
            && child.started().isPresent()
            && parent.started().get().isAfter(child.started().get());
    return reused ? Optional.empty() : Optional.of(parent);
  }
}
