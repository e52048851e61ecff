package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.CpuQuota;
import dev.twoqueue.gate.DiskState;
import dev.twoqueue.gate.HostFigures;
import dev.twoqueue.gate.PowerState;
import dev.twoqueue.gate.ProcessTable;
import dev.twoqueue.gate.Stalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor.TickType;
import oshi.software.common.os.linux.LinuxOperatingSystem;
import oshi.software.os.OperatingSystem;
import oshi.spi.SystemInfoProvider;
import oshi.util.PlatformEnum;

/**
 * The live figures, by OSHI and the JDK.
 *
 * <p>On Linux OSHI's provider without native code is used: every figure here comes from files, and
 * it needs neither a library unpacked into a temporary folder nor, on JDK 24 and later, a flag
 * against warnings about native access.
 */
public final class LiveFigures implements HostFigures {
  private static final Path ROOT = Path.of("/");

  private final SystemInfoProvider oshi;
  private final Optional<LinuxFigures> linux;
  private final FileSystems fileSystems = new FileSystems(ROOT.resolve("proc/self/mounts"));
  private final TableSampler sampler = new TableSampler(this::scan);
  private @Nullable ProcessReader processes; // used by the sampler's thread alone

  private LiveFigures() {
    boolean isLinux = PlatformEnum.getCurrentPlatform() == PlatformEnum.LINUX;
    this.oshi = isLinux ? new oshi.nativefree.SystemInfo() : new SystemInfo();
    this.linux =
        isLinux && oshi.getOperatingSystem() instanceof LinuxOperatingSystem it
            ? Optional.of(
                new LinuxFigures(ROOT, it.getHz(), Instant.ofEpochSecond(it.getSystemBootTime())))
            : Optional.empty();
  }

  private static final class Holder {
    static final LiveFigures INSTANCE = new LiveFigures();
  }

  /**
   * The one instance of this JVM.
   *
   * @return the figures
   */
  public static HostFigures shared() {
    return Holder.INSTANCE;
  }

  @Override
  public OptionalInt logicalCores() {
    if (linux.isPresent()) {
      return linux.get().logicalCores();
    }
    int cores = oshi.getHardware().getProcessor().getLogicalProcessorCount();
    return cores > 0 ? OptionalInt.of(cores) : OptionalInt.empty();
  }

  @Override
  public OptionalDouble loadAverage() {
    if (linux.isPresent()) {
      return linux.get().loadAverage(); // OSHI makes 26 kB of garbage to read it
    }
    double average = oshi.getHardware().getProcessor().getSystemLoadAverage(1)[0];
    return average >= 0 ? OptionalDouble.of(average) : OptionalDouble.empty();
  }

  @Override
  public ProcessTable processTable() throws IOException {
    return sampler.latest();
  }

  private ProcessTable scan() throws IOException {
    long self = ProcessHandle.current().pid();
    if (linux.isPresent()) {
      return linux.get().table(System.nanoTime(), self);
    }
    OptionalLong busy = busyNanos(oshi.getHardware().getProcessor().getSystemCpuLoadTicks());
    return new ProcessTable(System.nanoTime(), busy, self, processReader().read());
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

  @Override
  public PowerState power() throws IOException {
    return linux.isPresent() ? linux.get().power() : new OshiPower(oshi.getHardware()).read();
  }

  @Override
  public Optional<Map<String, String>> environment(long pid) {
    return linux.isPresent()
        ? linux.get().environment(pid)
        : OshiProcesses.environment(oshi.getOperatingSystem(), pid);
  }

  /** Made at the first scan: where native code cannot be loaded, the look fails, not the host. */
  private ProcessReader processReader() {
    @Nullable ProcessReader reader = processes;
    if (reader == null) {
      OperatingSystem system = oshi.getOperatingSystem();
      reader =
          system.getFamily().startsWith("Windows")
              ? new OshiProcesses(system)
              : new HandleProcesses();
      processes = reader;
    }
    return reader;
  }

  /** OSHI's ticks are milliseconds on every system. All zero means that it could not read them. */
  private static OptionalLong busyNanos(long[] ticks) {
    long busyMillis =
        ticks[TickType.USER.getIndex()]
            + ticks[TickType.NICE.getIndex()]
            + ticks[TickType.SYSTEM.getIndex()]
            + ticks[TickType.IRQ.getIndex()]
            + ticks[TickType.SOFTIRQ.getIndex()];
    return busyMillis > 0 ? OptionalLong.of(busyMillis * 1_000_000) : OptionalLong.empty();
  }

  @Override
  public DiskState disk(Path path) throws IOException {
    return fileSystems.state(path);
  }
}
