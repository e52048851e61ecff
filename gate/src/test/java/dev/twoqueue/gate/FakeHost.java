package dev.twoqueue.gate;

import dev.twoqueue.gate.memory.MemoryState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A host whose figures a test sets: by default idle, with everything known. */
final class FakeHost implements HostFigures {
  static final long SELF = 100;
  static final Instant BOOT = Instant.parse("2026-05-13T08:00:00Z");
  static final long GIB = 1L << 30;

  OptionalInt cores = OptionalInt.of(12);
  OptionalDouble average = OptionalDouble.of(0.5);
  Optional<Stalls> stalls = Optional.of(new Stalls(0, 0, 0));
  PowerState power =
      new PowerState(Optional.of(false), OptionalDouble.empty(), Optional.of(false), "a test");
  Optional<CpuQuota> quota = Optional.empty();
  Map<Long, Map<String, String>> environments = new HashMap<>();

  /** What others use while a look waits for its second reading. */
  double foreignWhilePaused;

  DiskState disk = DiskState.of(OptionalLong.of(500_000_000_000L));
  Map<Path, DiskState> disks = new HashMap<>();
  List<HostProcess> others = new ArrayList<>();
  Duration listAge = Duration.ZERO;
  boolean ticksKnown = true;
  boolean processesFail;
  boolean memoryFails;
  boolean diskFails;

  private long nowNanos;
  private double busySeconds = 1000;
  double ownSeconds = 10;

  /** Lets time pass while others and we use so many cores. */
  void pass(Duration time, double foreignCores, double ownCores) {
    double seconds = time.toNanos() / 1e9;
    nowNanos += time.toNanos();
    busySeconds += seconds * (foreignCores + ownCores);
    ownSeconds += seconds * ownCores;
  }

  /** CPU time of a process that the test lists itself. */
  void busy(double seconds) {
    busySeconds += seconds;
  }

  @Override
  public OptionalInt logicalCores() {
    return cores;
  }

  @Override
  public Optional<CpuQuota> cpuQuota() {
    return quota;
  }

  @Override
  public boolean isUnder(long pid, CpuQuota limit) {
    return pid == SELF;
  }

  @Override
  public OptionalDouble loadAverage() {
    return average;
  }

  @Override
  public Optional<Stalls> stalls() {
    return stalls;
  }

  @Override
  public PowerState power() {
    return power;
  }

  @Override
  public Optional<Map<String, String>> environment(long pid) {
    return Optional.ofNullable(environments.get(pid));
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public void pause(Duration time) {
    pass(time, foreignWhilePaused, 0);
  }

  @Override
  public ProcessTable processTable() throws IOException {
    if (processesFail) {
      throw new IOException("no processes today");
    }
    List<HostProcess> all = new ArrayList<>(others);
    all.add(process(SELF, 1, ownSeconds, "java", "-jar", "host.jar"));
    return new ProcessTable(
        nowNanos - listAge.toNanos(),
        ticksKnown ? OptionalLong.of(nanos(busySeconds)) : OptionalLong.empty(),
        SELF,
        all);
  }

  MemoryState memory() throws IOException {
    if (memoryFails) {
      throw new IOException("no memory today");
    }
    return MemoryState.appleSilicon(96 * GIB, 16 * GIB, 4 * GIB);
  }

  @Override
  public DiskState disk(Path path) throws IOException {
    if (diskFails) {
      throw new IOException("stale file handle");
    }
    return disks.getOrDefault(path, disk);
  }

  /** A process that began as many seconds after the host as its pid says. */
  static HostProcess process(long pid, long parent, double cpuSeconds, String... commandLine) {
    return process(pid, parent, cpuSeconds, OptionalLong.empty(), List.of(commandLine));
  }

  /** A process with an account of its ended children, as on Linux. */
  static HostProcess reaping(
      long pid, long parent, double cpuSeconds, double reapedSeconds, String... commandLine) {
    return process(
        pid, parent, cpuSeconds, OptionalLong.of(nanos(reapedSeconds)), List.of(commandLine));
  }

  /** A process of which the system tells the name alone. */
  static HostProcess hidden(long pid, String name) {
    return new HostProcess(
        pid,
        OptionalLong.of(1),
        name,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static HostProcess process(
      long pid, long parent, double cpuSeconds, OptionalLong reaped, List<String> commandLine) {
    return new HostProcess(
        pid,
        OptionalLong.of(parent),
        commandLine.isEmpty() ? "" : Program.baseName(commandLine.get(0)),
        Optional.of(commandLine),
        Optional.of(BOOT.plusSeconds(pid)),
        OptionalLong.of(nanos(cpuSeconds)),
        reaped);
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }
}
