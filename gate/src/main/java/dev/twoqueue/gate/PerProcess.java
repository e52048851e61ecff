package dev.twoqueue.gate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a process's name and command line, worked out once for each process: a look
 * every second at a thousand command lines would make megabytes of garbage. Not thread-safe.
 */
final class PerProcess<V> {
  private record Known<V>(HostProcess process, V value) {}

  private final Function<HostProcess, V> rule;
  private Map<Long, Known<V>> known = new HashMap<>();

  PerProcess(Function<HostProcess, V> rule) {
    this.rule = rule;
  }

  V of(HostProcess process) {
    @Nullable Known<V> before = known.get(process.pid());
    if (before != null && isSame(before.process, process)) {
      return before.value;
    }
    V value = rule.apply(process);
    known.put(process.pid(), new Known<>(process, value));
    return value;
  }

  /** Forgets processes that have ended. */
  void keepOnly(ProcessTable table) {
    if (known.size() > 2 * table.processes().size()) {
      known.keySet().removeIf(pid -> table.process(pid) == null);
    }
  }

  /** A process that has called exec since has another command line. */
  private static boolean isSame(HostProcess before, HostProcess now) {
    return before.started().equals(now.started())
        && before.name().equals(now.name())
        && isSame(before.commandLine(), now.commandLine());
  }

  /** Without the iterators that List.equals makes. */
  private static boolean isSame(Optional<List<String>> before, Optional<List<String>> now) {
    if (before.isEmpty() || now.isEmpty()) {
      return before.isEmpty() && now.isEmpty();
    }
    List<String> one = before.get();
    List<String> other = now.get();
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      same = one.get(i).equals(other.get(i));
    }
    return same;
  }
}
