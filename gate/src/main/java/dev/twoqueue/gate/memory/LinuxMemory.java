package dev.twoqueue.gate.memory;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.gate.internal.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Linux, from {@code /proc} and {@code /sys}.
 *
 * <p>Available is the kernel's MemAvailable. Dirty pages and those being written are part of it and
 * cannot be taken before they are on the disk: a download in flight is seen by them. Swap is not
 * counted; ZFS's cache is not in MemAvailable and so counts as used.
 */
final class LinuxMemory implements MemoryFigures {
  /** Stall of all tasks, in per cent of the time. systemd-oomd ends processes at 60. */
  private static final double WARNING_PERCENT = 5;

  private static final double CRITICAL_PERCENT = 25;

  private static final String NEVER_OVERCOMMIT = "2";

  private final Path memInfo;
  private final Path pressure;
  private final Path overcommit;
  private final ControlGroups controlGroups;
  private final LongSupplier nanoTime;
  private final FullStalls stalls = new FullStalls();

  LinuxMemory(Path root) {
    this(root, System::nanoTime);
  }

  /** The same with another clock, for looks that were recorded. */
  LinuxMemory(Path root, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.memInfo = root.resolve("proc/meminfo");
    this.pressure = root.resolve("proc/pressure/memory");
    this.overcommit = root.resolve("proc/sys/vm/overcommit_memory");
    this.controlGroups = new ControlGroups(root);
  }

  @Override
  public MemoryState read() throws IOException {
    String info = SmallFile.required(memInfo);
    List<MemoryLimit> limits = new ArrayList<>();
    controlGroups.memoryLimit().ifPresent(limits::add);
    commitLimit(info).ifPresent(limits::add);
    List<String> notes = new ArrayList<>();
    MemoryPressure felt = pressure(notes);
    long total = kibibytes(info, "MemTotal:");
    if (total == 0) {
      throw new IOException("MemTotal is 0 in " + memInfo);
    }
    long available = Math.min(total, kibibytes(info, "MemAvailable:"));
    return new MemoryState("Linux", total, available, limits, unwritten(info), felt, notes);
  }

  private static List<MemoryPart> unwritten(String info) throws IOException {
    long bytes = kibibytes(info, "Dirty:") + kibibytes(info, "Writeback:");
    return bytes == 0 ? List.of() : List.of(new MemoryPart("pages not yet on disk", bytes));
  }

  private Optional<MemoryLimit> commitLimit(String info) throws IOException {
    Optional<String> mode = SmallFile.read(overcommit);
    if (mode.isEmpty() || !mode.get().strip().equals(NEVER_OVERCOMMIT)) {
      return Optional.empty(); // the kernel promises more than there is
    }
    long limit = kibibytes(info, "CommitLimit:");
    long left = Math.max(0, limit - kibibytes(info, "Committed_AS:"));
    return Optional.of(
        new MemoryLimit(limit, left, "the commit limit (vm.overcommit_memory is 2)", false));
  }

  /** A kernel may keep none, or refuse to tell: the figures in bytes then decide alone. */
  private MemoryPressure pressure(List<String> notes) {
    FullStalls.Share full;
    try {
      full = full(SmallFile.required(pressure));
    } catch (IOException e) {
      notes.add("memory pressure is not told here: " + e.getMessage());
      return MemoryPressure.UNKNOWN;
    }
    if (full.percent() < WARNING_PERCENT) {
      return MemoryPressure.NORMAL;
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "all work stood still for memory in %.1f %% of the last %.1f s",
            full.percent(),
            full.seconds()));
    return full.percent() < CRITICAL_PERCENT ? MemoryPressure.WARNING : MemoryPressure.CRITICAL;
  }

  /** From {@code full avg10=0.00 avg60=… avg300=… total=…}; the average at a first look alone. */
  private FullStalls.Share full(String text) throws IOException {
    long total = (long) figure(text, " total=");
    double average = figure(text, " avg10=");
    return stalls
        .since(nanoTime.getAsLong(), total)
        .orElseGet(() -> new FullStalls.Share(average, 10));
  }

  /** In the line "full", of a text that begins with the line "some". */
  private double figure(String text, String key) throws IOException {
    int line = text.indexOf("full ");
    int at = line < 0 ? -1 : text.indexOf(key, line);
    if (at < 0) {
      throw new IOException("no" + key + " in " + pressure + ": " + text.strip());
    }
    int from = at + key.length();
    int to = from;
    while (to < text.length() && !Character.isWhitespace(text.charAt(to))) {
      to++;
    }
    try {
      return Double.parseDouble(text.substring(from, to));
    } catch (NumberFormatException e) {
      throw new IOException("not a number in " + pressure + ": " + text.strip(), e);
    }
  }

  private static long kibibytes(String info, String key) throws IOException {
    Path file = Path.of("/proc/meminfo");
    long kib =
        SmallFile.number(info, key, file)
            .orElseThrow(() -> new IOException("no " + key + " in " + file));
    if (kib > Long.MAX_VALUE / 4096) {
      throw new IOException(key + " " + kib + " makes no sense in " + file);
    }
    return kib * 1024L;
  }
}
