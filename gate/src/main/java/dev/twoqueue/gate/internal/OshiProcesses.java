package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.HostProcess;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Processes by OSHI: for Windows, where the JDK's handles tell no arguments. A command line costs
 * about 50 ms there and never changes while its process lives, so each is asked for once.
 */
final class OshiProcesses implements ProcessReader {
  private record Id(int pid, long started) {}

  private final OperatingSystem system;
  private Map<Id, Optional<List<String>>> commandLines = new HashMap<>();

  OshiProcesses(OperatingSystem system) {
    this.system = system;
  }

  @Override
  public synchronized List<HostProcess> read() {
    Map<Id, Optional<List<String>>> seen = new HashMap<>();
    List<HostProcess> processes =
        system.getProcesses().stream().map(process -> describe(process, seen)).toList();
    commandLines = seen; // those that have ended are forgotten
    return processes;
  }

  private HostProcess describe(OSProcess process, Map<Id, Optional<List<String>>> seen) {
    Id id = new Id(process.getProcessID(), process.getStartTime());
    Optional<List<String>> commandLine =
        commandLines.containsKey(id) ? commandLines.get(id) : commandLine(process);
    seen.put(id, commandLine);
    long cpuMillis = process.getKernelTime() + process.getUserTime();
    return new HostProcess(
        id.pid,
        process.getParentProcessID() > 0
            ? OptionalLong.of(process.getParentProcessID())
            : OptionalLong.empty(),
        process.getName(),
        commandLine,
        id.started > 0 ? Optional.of(Instant.ofEpochMilli(id.started)) : Optional.empty(),
        cpuMillis >= 0 ? OptionalLong.of(cpuMillis * 1_000_000) : OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** What a process was started with; empty where it has ended or hides it (another user's). */
  static Optional<Map<String, String>> environment(OperatingSystem system, long pid) {
    @Nullable OSProcess process = system.getProcess(Math.toIntExact(pid));
    Map<String, String> found = process == null ? Map.of() : process.getEnvironmentVariables();
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  private static Optional<List<String>> commandLine(OSProcess process) {
    List<String> arguments = process.getArguments();
    if (!arguments.isEmpty()) {
      return Optional.of(List.copyOf(arguments));
    }
    String line = process.getCommandLine().strip();
    return line.isEmpty() ? Optional.empty() : Optional.of(List.of(line.split("\\s+")));
  }
}
