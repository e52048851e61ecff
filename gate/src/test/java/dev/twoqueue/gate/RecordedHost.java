package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.LinuxFigures;
import dev.twoqueue.gate.memory.MemoryFigures;
import dev.twoqueue.gate.memory.MemoryState;
import dev.twoqueue.gate.memory.RecordedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A host as one folder of {@code hosts} tells of it, moment by moment; see its README. Linux's
 * files go through the code that reads them live; for macOS and Windows the folder has what the JDK
 * and OSHI tell, and for macOS what its commands print of the memory.
 *
 * <p>A look that waits for a second reading gets the next moment.
 */
final class RecordedHost implements HostFigures, MemoryFigures {
  private static final Instant BOOT = Instant.parse("2026-05-13T08:00:00Z");
  private static final String UNTOLD = "-";

  private final RecordedFiles files;
  private final Optional<LinuxFigures> linux;
  private final MemoryFigures memory;

  RecordedHost(String state, Path scratch) throws IOException {
    this.files = new RecordedFiles(state, scratch);
    this.linux =
        files.has("proc/stat")
            ? Optional.of(new LinuxFigures(scratch, 100, BOOT))
            : Optional.empty();
    this.memory =
        linux.isPresent()
            ? RecordedMemory.linux(scratch, this::nanoTime)
            : files.has("vm_stat") ? this::mac : this::windows;
  }

  /** Time passes, to the next moment that was recorded. */
  void next() throws IOException {
    files.next();
  }

  @Override
  public void pause(Duration time) {
    try {
      next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long nanoTime() {
    try {
      String seconds =
          linux.isPresent() ? files.text("proc/uptime").split(" ", 2)[0] : figure("at").orElse("0");
      return Math.round(Double.parseDouble(seconds) * 1e9);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String home() throws IOException {
    return figure("home").orElseThrow();
  }

  /** The gates of {@link HostGates}, and power, on this host. */
  HostGates.Builder gates() throws IOException {
    return HostGates.builder()
        .load(LoadGate.standard().withFigures(this))
        .processes(ProcessGate.standard().withFigures(this))
        .disk(DiskGate.on(this, Map.of(), home()))
        .memory(MemoryGate.of(HostMemory.of(this)))
        .power(PowerGate.standard().withFigures(this));
  }

  @Override
  public MemoryState read() throws IOException {
    return memory.read();
  }

  private MemoryState mac() throws IOException {
    return MemoryFigures.macOs(files.text("vm_stat") + "\n" + files.text("sysctl")).read();
  }

  private MemoryState windows() throws IOException {
    return MemoryFigures.windows(
            bytes("physical"), bytes("available"), bytes("commit limit"), bytes("committed"))
        .read();
  }

  private long bytes(String key) throws IOException {
    return Long.parseLong(figure(key).orElseThrow());
  }

  private Optional<String> figure(String key) throws IOException {
    return told(files.figures().getOrDefault(key, UNTOLD));
  }

  private static Optional<String> told(String text) {
    return text.equals(UNTOLD) ? Optional.empty() : Optional.of(text);
  }

  private static OptionalLong number(String text) {
    return told(text).map(it -> OptionalLong.of(Long.parseLong(it))).orElse(OptionalLong.empty());
  }

  private OptionalDouble decimal(String key) {
    try {
      return figure(key)
          .map(it -> OptionalDouble.of(Double.parseDouble(it)))
          .orElse(OptionalDouble.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public OptionalInt logicalCores() {
    if (linux.isPresent()) {
      return linux.get().logicalCores();
    }
    OptionalDouble cores = decimal("cores");
    return cores.isPresent() ? OptionalInt.of((int) cores.getAsDouble()) : OptionalInt.empty();
  }

  @Override
  public OptionalDouble loadAverage() {
    if (linux.isPresent()) {
      return linux.get().loadAverage();
    }
    OptionalDouble average = decimal("load average");
    return average.orElse(-1) >= 0 ? average : OptionalDouble.empty(); // as LiveFigures does
  }

  @Override
  public ProcessTable processTable() throws IOException {
    if (linux.isPresent()) {
      String self = files.text("proc/self/stat").split(" ", 2)[0];
      return linux.get().table(nanoTime(), Long.parseLong(self));
    }
    OptionalLong busyMillis = number(figure("busy ms").orElse(UNTOLD));
    return new ProcessTable(
        nanoTime(), nanos(busyMillis), bytes("self"), processes(files.rows("processes")));
  }

  /** {@code pid | parent | started, s after boot | CPU, ms | name | command line}. */
  private static List<HostProcess> processes(List<List<String>> rows) {
    return rows.stream()
        .map(
            row ->
                new HostProcess(
                    Long.parseLong(row.get(0)),
                    number(row.get(1)),
                    told(row.get(4)).orElse(""),
                    told(row.get(5)).map(line -> List.of(line.split(" +", -1))),
                    told(row.get(2)).map(it -> BOOT.plusSeconds(Long.parseLong(it))),
                    nanos(number(row.get(3))),
                    OptionalLong.empty()))
        .toList();
  }

  private static OptionalLong nanos(OptionalLong millis) {
    return millis.isEmpty() ? millis : OptionalLong.of(millis.getAsLong() * 1_000_000);
  }

  @Override
  public Optional<CpuQuota> cpuQuota() throws IOException {
    return linux.isPresent() ? linux.get().cpuQuota() : Optional.empty();
  }

  @Override
  public boolean isUnder(long pid, CpuQuota quota) {
    return linux.isPresent() && linux.get().isUnder(pid, quota);
  }

  @Override
  public Optional<Stalls> stalls() throws IOException {
    return linux.isPresent() ? linux.get().stalls() : Optional.empty();
  }

  /** {@code none}, or {@code discharging 0.78}; heat is told by Linux alone. */
  @Override
  public PowerState power() throws IOException {
    if (linux.isPresent()) {
      return linux.get().power();
    }
    String[] battery = figure("battery").orElse(UNTOLD).split(" ", 2);
    return new PowerState(
        battery[0].equals(UNTOLD)
            ? Optional.empty()
            : Optional.of(battery[0].equals("discharging")),
        battery.length > 1
            ? OptionalDouble.of(Double.parseDouble(battery[1]))
            : OptionalDouble.empty(),
        Optional.empty(),
        "OSHI");
  }

  @Override
  public Optional<Map<String, String>> environment(long pid) {
    return linux.isPresent() ? linux.get().environment(pid) : Optional.empty();
  }

  /**
   * {@code folder | usable bytes | name | type | flags}, of folders that exist. What the folder
   * itself does not say, its nearest ancestor in the table does.
   */
  @Override
  public DiskState disk(Path path) throws IOException {
    String wanted = slashes(path.toString());
    String best = "";
    List<String> row = List.of();
    for (List<String> each : files.rows("disks")) {
      String folder = slashes(each.get(0));
      boolean holds = (wanted + "/").startsWith(folder.endsWith("/") ? folder : folder + "/");
      if (holds && folder.length() >= best.length()) {
        best = folder;
        row = each;
      }
    }
    if (row.isEmpty()) {
      throw new IOException("no ancestor of " + path + " exists");
    }
    return new DiskState(
        best.equals(wanted),
        number(row.get(1)),
        row.get(2),
        row.get(3),
        row.get(4).contains("read-only"),
        row.get(4).contains("quotas"));
  }

  private static String slashes(String path) {
    return path.replace('\\', '/');
  }
}
