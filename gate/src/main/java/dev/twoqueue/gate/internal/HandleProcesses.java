package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.HostProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Processes by the JDK's handles: for macOS and other systems where they tell a process's command
 * line, that is, those of one's own. Of another user's they tell not even the name, which no rule
 * then could meet; {@code ps} may see more, and is asked once for each process that comes up. Not
 * thread-safe.
 */
final class HandleProcesses implements ProcessReader {
  private static final int MOST_BYTES = 4 << 20;

  /** Prints a line for each process: its id, and its command line. */
  @FunctionalInterface
  interface Ps {
    String output() throws IOException;
  }

  private record Id(long pid, Optional<Instant> started) {}

  private final Ps ps;
  private Map<Id, Optional<List<String>>> asked = new HashMap<>();

  HandleProcesses() {
    this(() -> CommandOutput.of(MOST_BYTES, "/bin/ps", "-axww", "-o", "pid=,command="));
  }

  HandleProcesses(Ps ps) {
    this.ps = ps;
  }

  @Override
  public List<HostProcess> read() {
    return complete(ProcessHandle.allProcesses().map(HandleProcesses::describe).toList());
  }

  /** The same with the command lines of those that tell neither line nor name. */
  List<HostProcess> complete(List<HostProcess> told) {
    Map<Id, Optional<List<String>>> known = new HashMap<>();
    @Nullable Map<Long, List<String>> printed = null;
    List<HostProcess> all = new ArrayList<>(told.size());
    for (HostProcess process : told) {
      if (process.commandLine().isPresent()) {
        all.add(process);
        continue;
      }
      Id id = new Id(process.pid(), process.started());
      if (printed == null && !asked.containsKey(id)) {
        printed = commandLines();
      }
      Optional<List<String>> line =
          asked.containsKey(id) || printed == null
              ? asked.getOrDefault(id, Optional.empty())
              : Optional.ofNullable(printed.get(process.pid()));
      known.put(id, line);
      all.add(line.isPresent() ? named(process, line.get()) : process);
    }
    asked = known; // those that have ended are forgotten
    return all;
  }

  private Map<Long, List<String>> commandLines() {
    Map<Long, List<String>> found = new HashMap<>();
    try {
      for (String line : ps.output().split("\n", -1)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 1 && words[0].matches("[0-9]{1,18}")) {
          found.put(Long.parseLong(words[0]), List.of(words).subList(1, words.length));
        }
      }
    } catch (IOException e) {
      return Map.of(); // what is hidden stays so, and the gate says how many
    }
    return found;
  }

  private static HostProcess named(HostProcess process, List<String> line) {
    return new HostProcess(
        process.pid(),
        process.parent(),
        fileName(line.get(0)),
        Optional.of(line),
        process.started(),
        process.cpuNanos(),
        process.reapedCpuNanos());
  }

  private static HostProcess describe(ProcessHandle handle) {
    ProcessHandle.Info info = handle.info();
    return new HostProcess(
        handle.pid(),
        handle.parent().map(parent -> OptionalLong.of(parent.pid())).orElse(OptionalLong.empty()),
        info.command().map(HandleProcesses::fileName).orElse(""),
        commandLine(info),
        info.startInstant(),
        info.totalCpuDuration()
            .map(cpu -> OptionalLong.of(cpu.toNanos()))
            .orElse(OptionalLong.empty()),
        OptionalLong.empty());
  }

  /** A handle that tells its command and neither arguments nor line has no arguments. */
  private static Optional<List<String>> commandLine(ProcessHandle.Info info) {
    boolean lineOnly = info.arguments().isEmpty() && info.commandLine().isPresent();
    if (info.command().isEmpty() || lineOnly) {
      return info.commandLine().map(line -> List.of(line.strip().split("\\s+")));
    }
    List<String> words = new ArrayList<>();
    words.add(info.command().get());
    words.addAll(List.of(info.arguments().orElse(new String[0])));
    return Optional.of(words);
  }

  private static String fileName(String command) {
    Path name = Path.of(command).getFileName();
    return name == null ? command : name.toString();
  }
}
