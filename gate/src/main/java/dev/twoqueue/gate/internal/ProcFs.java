package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.HostProcess;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringTokenizer;

/**
 * Linux processes from {@code /proc}: two small reads each. Beside the JDK's process handles it is
 * cheaper, shows {@code argv[0]} also of other users' processes, and knows the CPU time of ended
 * children. Field numbers are those of proc_pid_stat(5).
 */
final class ProcFs implements ProcessReader {
  private static final int LONGEST_STAT = 4096;

  /** Program and subcommand stand at the beginning; a command line can have megabytes. */
  private static final int LONGEST_COMMAND_LINE = 16 * 1024;

  private static final int LONGEST_ENVIRONMENT = 1024 * 1024;

  private static final long KERNEL_THREAD = 0x0020_0000; // PF_KTHREAD in field 9, flags

  private final Path root;
  private final long ticksPerSecond;
  private final Instant boot;

  /**
   * A reader.
   *
   * @param root the mount point of proc
   * @param ticksPerSecond the unit of the CPU times
   * @param boot when the host began; taken once, since the kernel's figure wobbles by a second and
   *     start times tell one process from the next under the same id
   */
  ProcFs(Path root, long ticksPerSecond, Instant boot) {
    this.root = root;
    this.ticksPerSecond = ticksPerSecond;
    this.boot = boot;
  }

  @Override
  public List<HostProcess> read() throws IOException {
    List<HostProcess> processes = new ArrayList<>(256);
    byte[] buffer = new byte[LONGEST_COMMAND_LINE];
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, ProcFs::isProcess)) {
      for (Path entry : entries) {
        read(entry, buffer).ifPresent(processes::add);
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return processes;
  }

  /** What a process was started with; empty where it has ended or hides it (another user's). */
  static Optional<Map<String, String>> environment(Path root, long pid) {
    byte[] text;
    try (InputStream in =
        new FileInputStream(root.resolve(Long.toString(pid)).resolve("environ").toFile())) {
      text = in.readNBytes(LONGEST_ENVIRONMENT);
    } catch (IOException e) {
      return Optional.empty();
    }
    Map<String, String> found = new HashMap<>();
    for (String variable : words(text, text.length)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        found.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return Optional.of(found);
  }

  private static boolean isProcess(Path entry) {
    return Character.isDigit(entry.getFileName().toString().charAt(0));
  }

  private Optional<HostProcess> read(Path entry, byte[] buffer) throws IOException {
    long pid = Long.parseLong(entry.getFileName().toString());
    OptionalInt length = readInto(entry.resolve("stat"), buffer, LONGEST_STAT);
    if (length.isEmpty()) {
      // It has ended, or the mount option hidepid=1 shows that it is there and nothing more.
      return Files.exists(entry) ? Optional.of(hidden(pid)) : Optional.empty();
    }
    return parse(pid, text(buffer, 0, length.getAsInt()), entry, buffer);
  }

  private Optional<HostProcess> parse(long pid, String stat, Path entry, byte[] buffer)
      throws IOException {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')'); // the name may hold parentheses itself
    if (open < 0 || close < open) {
      throw new IOException("not a process status: " + entry.resolve("stat"));
    }
    Fields fields = new Fields(stat.substring(close + 1));
    long parent = fields.at(4);
    boolean kernelThread = (fields.at(9) & KERNEL_THREAD) != 0;
    long own = fields.at(14) + fields.at(15);
    long reaped = fields.at(16) + fields.at(17);
    long started = fields.at(22);
    if (kernelThread) {
      return Optional.empty();
    }
    OptionalInt length = readInto(entry.resolve("cmdline"), buffer, LONGEST_COMMAND_LINE);
    return Optional.of(
        new HostProcess(
            pid,
            parent > 0 ? OptionalLong.of(parent) : OptionalLong.empty(),
            stat.substring(open + 1, close),
            length.isPresent() ? Optional.of(words(buffer, length.getAsInt())) : Optional.empty(),
            Optional.of(boot.plusNanos(nanos(started))),
            OptionalLong.of(nanos(own)),
            OptionalLong.of(nanos(reaped))));
  }

  private static HostProcess hidden(long pid) {
    return new HostProcess(
        pid,
        OptionalLong.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private long nanos(long ticks) {
    return Math.multiplyExact(ticks, 1_000_000_000L / ticksPerSecond);
  }

  /**
   * A small file's text, at most so many bytes; {@code Files.readString} makes 10 kB of garbage.
   */
  static String text(Path file, int most) throws IOException {
    byte[] buffer = new byte[most];
    try (InputStream in = new FileInputStream(file.toFile())) {
      return text(buffer, 0, in.readNBytes(buffer, 0, most));
    }
  }

  /** Reads at most so much; empty where the process has ended or may not be read. */
  private static OptionalInt readInto(Path file, byte[] buffer, int limit) {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return OptionalInt.of(in.readNBytes(buffer, 0, limit));
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private static List<String> words(byte[] buffer, int length) {
    int end = length;
    while (end > 0 && buffer[end - 1] == 0) {
      end--; // programs that set their title leave the rest of the old line as zeros
    }
    return end == 0 ? List.of() : Arrays.asList(text(buffer, 0, end).split("\0", -1));
  }

  private static String text(byte[] buffer, int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.UTF_8);
  }

  /** The fields from the third on, asked for in ascending order. */
  private static final class Fields {
    private final StringTokenizer tokens;
    private int next = 3;

    Fields(String text) {
      this.tokens = new StringTokenizer(text);
    }

    long at(int number) throws IOException {
      while (tokens.hasMoreTokens()) {
        String token = tokens.nextToken();
        if (next++ == number) {
          try {
            return Long.parseLong(token);
          } catch (NumberFormatException e) {
            throw new IOException("not a number in field " + number + ": " + token, e);
          }
        }
      }
      throw new IOException("a process status ends before field " + number);
    }
  }
}
