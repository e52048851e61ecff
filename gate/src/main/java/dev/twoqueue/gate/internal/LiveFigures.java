package dev.twoqueue.gate.internal;

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

  private final boolean linux;
  private final SystemInfoProvider oshi;
  private final FileSystems fileSystems = new FileSystems(ROOT.resolve("proc/self/mounts"));
  private final Pressure pressure = new Pressure(ROOT.resolve("proc/pressure"));
  private final LinuxPower linuxPower = new LinuxPower(ROOT.resolve("sys"));
  private final TableSampler sampler = new TableSampler(this::scan);
  private @Nullable ProcessReader processes; // used by the sampler's thread alone

  private LiveFigures() {
    this.linux = PlatformEnum.getCurrentPlatform() == PlatformEnum.LINUX;
    this.oshi = linux ? new oshi.nativefree.SystemInfo() : new SystemInfo();
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
    int cores = oshi.getHardware().getProcessor().getLogicalProcessorCount();
    return cores > 0 ? OptionalInt.of(cores) : OptionalInt.empty();
  }

  @Override
  public OptionalDouble loadAverage() {
    double average =
        linux ? ownLoadAverage() : oshi.getHardware().getProcessor().getSystemLoadAverage(1)[0];
    return average >= 0 ? OptionalDouble.of(average) : OptionalDouble.empty();
  }

  /** The first field of {@code /proc/loadavg}; OSHI makes 26 kB of garbage to read it. */
  private static double ownLoadAverage() {
    try {
      String text = ProcFs.text(ROOT.resolve("proc/loadavg"), 64);
      return Double.parseDouble(text.substring(0, text.indexOf(' ')));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return -1;
    }
  }

  @Override
  public ProcessTable processTable() throws IOException {
    return sampler.latest();
  }

  private ProcessTable scan() throws IOException {
    OptionalLong busy = busyNanos(oshi.getHardware().getProcessor().getSystemCpuLoadTicks());
    long now = System.nanoTime();
    return new ProcessTable(now, busy, ProcessHandle.current().pid(), processReader().read());
  }

  @Override
  public Optional<Stalls> stalls() throws IOException {
    return linux ? pressure.read() : Optional.empty();
  }

  @Override
  public PowerState power() throws IOException {
    return linux ? linuxPower.read() : new OshiPower(oshi.getHardware()).read();
  }

  @Override
  public Optional<Map<String, String>> environment(long pid) {
    return linux
        ? ProcFs.environment(ROOT.resolve("proc"), pid)
        : OshiProcesses.environment(oshi.getOperatingSystem(), pid);
  }

  /** Made at the first scan: where native code cannot be loaded, the look fails, not the host. */
  private ProcessReader processReader() {
    @Nullable ProcessReader reader = processes;
    if (reader == null) {
      reader = processReader(oshi.getOperatingSystem());
      processes = reader;
    }
    return reader;
  }

  private static ProcessReader processReader(OperatingSystem system) {
    if (system instanceof LinuxOperatingSystem it) {
      Instant boot = Instant.ofEpochSecond(it.getSystemBootTime());
      return new ProcFs(ROOT.resolve("proc"), it.getHz(), boot);
    }
    return system.getFamily().startsWith("Windows")
        ? new OshiProcesses(system)
        : new HandleProcesses();
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
