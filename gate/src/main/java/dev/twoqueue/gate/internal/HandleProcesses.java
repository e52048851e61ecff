package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.HostProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Processes by the JDK's handles: for macOS and other systems where they tell a process's command
 * line, that is, those of one's own.
 */
final class HandleProcesses implements ProcessReader {

  @Override
  public List<HostProcess> read() {
    return ProcessHandle.allProcesses().map(HandleProcesses::describe).toList();
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
