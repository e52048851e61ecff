package dev.twoqueue.ollama.calibration;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The processes in which Ollama runs models: {@code llama-server} since 0.30, {@code ollama runner}
 * before. Their resident set is VmRSS of proc_pid_status(5): what is mapped and touched.
 */
final class RunnerProcesses {
  private static final int MOST_BYTES = 16 * 1024;

  private final Path proc;

  RunnerProcesses(Path proc) {
    this.proc = proc;
  }

  /** Of all of them; empty where the system has no such files, 0 where no runner is. */
  OptionalLong residentSetBytes() throws IOException {
    if (!Files.isDirectory(proc)) {
      return OptionalLong.empty();
    }
    long sum = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        if (isRunner(entry)) {
          sum += kibibytes(read(entry.resolve("status")), "VmRSS:") << 10;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return OptionalLong.of(sum);
  }

  private static boolean isRunner(Path entry) {
    String name = read(entry.resolve("comm")).strip();
    return name.equals("llama-server")
        || (name.equals("ollama") && read(entry.resolve("cmdline")).contains("\0runner\0"));
  }

  private static long kibibytes(String status, String key) {
    int at = status.indexOf("\n" + key);
    int end = at < 0 ? -1 : status.indexOf("kB", at);
    String digits = end < 0 ? "" : status.substring(at + 1 + key.length(), end).strip();
    return digits.matches("[0-9]{1,12}") ? Long.parseLong(digits) : 0;
  }

  /** Empty for a process that has ended meanwhile, or may not be looked at. */
  private static String read(Path file) {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
