package dev.twoqueue.examples.forecast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The resident set of a runner that was started since a moment: Linux, and this machine, only. */
public final class RunnerMemory {
  private final Set<Long> before;

  private RunnerMemory(Set<Long> before) {
    this.before = before;
  }

  /**
   * Remembers the runners that are there.
   *
   * @return what tells later ones
   */
  public static RunnerMemory now() {
    return new RunnerMemory(runners());
  }

  private static Set<Long> runners() {
    return ProcessHandle.allProcesses()
        .filter(process -> isRunner(process.info().commandLine().orElse("")))
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private static boolean isRunner(String command) {
    return command.contains("ollama runner") || command.contains("llama-server");
  }

  /**
   * The memory of the one runner that came since.
   *
   * @return bytes; empty without such a runner, or where the system does not tell
   */
  public OptionalLong residentBytes() {
    Set<Long> later = new HashSet<>(runners());
    later.removeAll(before);
    if (later.size() != 1) {
      return OptionalLong.empty();
    }
    Path status = Path.of("/proc", later.iterator().next().toString(), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst();
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }
}
