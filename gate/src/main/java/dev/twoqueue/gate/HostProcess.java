package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process of the host.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the pid is negative, and {@link
 * NullPointerException} when an argument is null.
 *
 * @param pid its id
 * @param parent its parent's id; empty when unknown or none
 * @param name the base name of its program as the system knows it (cut to 15 characters on Linux);
 *     empty when unknown
 * @param commandLine program and arguments; an empty list for a process that has none (it has
 *     ended, and waits for its parent to notice); an empty {@code Optional} when the system does
 *     not tell, as for other users' processes on Windows
 * @param started when it began; empty when unknown
 * @param cpuNanos the CPU time of all its threads, in nanoseconds; empty when unknown
 * @param reapedCpuNanos the CPU time of its ended descendants that were waited for, in nanoseconds;
 *     empty where the system does not keep it (all but Linux)
 */
public record HostProcess(
    long pid,
    OptionalLong parent,
    String name,
    Optional<List<String>> commandLine,
    Optional<Instant> started,
    OptionalLong cpuNanos,
    OptionalLong reapedCpuNanos) {

  public HostProcess {
    Arguments.notNegative(pid, "pid");
    Arguments.notNull(parent, "parent");
    Arguments.notNull(name, "name");
    commandLine = Arguments.notNull(commandLine, "commandLine").map(List::copyOf);
    Arguments.notNull(started, "started");
    Arguments.notNull(cpuNanos, "cpuNanos");
    Arguments.notNull(reapedCpuNanos, "reapedCpuNanos");
  }
}
