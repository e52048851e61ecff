package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.CpuQuota;
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

/**
 * What Linux tells in {@code /proc} and {@code /sys}: this machine's, or a recorded one's.
 * Thread-safe but for {@link #table}.
 */
public final class LinuxFigures {
  private final Path proc;
  private final long ticksPerSecond;
  private final ProcFs processes;
  private final Pressure pressure;
  private final LinuxPower power;
  private final CpuQuotas quotas;

  /** Of the latest table: the file is long on machines with many processors. */
  private volatile OptionalInt cores = OptionalInt.empty();

  /**
   * A reader.
   *
   * @param root the folder that stands for {@code /}
   * @param ticksPerSecond the unit of the CPU times, 100 on all usual kernels
   * @param boot when the machine began
   */
  public LinuxFigures(Path root, long ticksPerSecond, Instant boot) {
    this.proc = root.resolve("proc");
    this.ticksPerSecond = ticksPerSecond;
    this.processes = new ProcFs(proc, ticksPerSecond, boot);
    this.pressure = new Pressure(proc.resolve("pressure"));
    this.power = new LinuxPower(root.resolve("sys"));
    this.quotas = new CpuQuotas(root);
  }

  /**
   * The processors that the CPU time is that of.
   *
   * @return empty where they are not told
   */
  public OptionalInt logicalCores() {
    if (cores.isEmpty()) {
      busyNanos();
    }
    return cores;
  }

  /**
   * The first field of {@code /proc/loadavg}.
   *
   * @return empty where there is none
   */
  public OptionalDouble loadAverage() {
    try {
      String text = ProcFs.text(proc.resolve("loadavg"), 64);
      return OptionalDouble.of(Double.parseDouble(text.substring(0, text.indexOf(' '))));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return OptionalDouble.empty();
    }
  }

  /**
   * Scans. Not thread-safe.
   *
   * @param nanoTime now
   * @param self the id of this process
   * @return the processes and the CPU time, which is unknown where it cannot be read
   * @throws IOException when the processes cannot be listed
   */
  public ProcessTable table(long nanoTime, long self) throws IOException {
    return new ProcessTable(nanoTime, busyNanos(), self, processes.read());
  }

  private OptionalLong busyNanos() {
    try {
      ProcessorTimes times = ProcessorTimes.read(proc.resolve("stat"), ticksPerSecond);
      cores = times.processors();
      return OptionalLong.of(times.busyNanos());
    } catch (IOException e) {
      return OptionalLong.empty(); // the load average then decides
    }
  }

  /**
   * Pressure stall information.
   *
   * @return empty where the kernel keeps none
   * @throws IOException when it cannot be read
   */
  public Optional<Stalls> stalls() throws IOException {
    return pressure.read();
  }

  /**
   * Power and heat.
   *
   * @return each part empty where it is not told
   * @throws IOException when it is and cannot be read
   */
  public PowerState power() throws IOException {
    return power.read();
  }

  /**
   * A process's environment.
   *
   * @param pid its id
   * @return empty where there is none, or it is hidden
   */
  public Optional<Map<String, String>> environment(long pid) {
    return ProcFs.environment(proc, pid);
  }

  /**
   * The tightest CPU quota.
   *
   * @return empty where there is none
   * @throws IOException when it cannot be read
   */
  public Optional<CpuQuota> cpuQuota() throws IOException {
    return quotas.tightest();
  }

  /**
   * Whether a quota counts for a process.
   *
   * @param pid its id
   * @param quota as just read
   * @return false also where that is not told
   */
  public boolean isUnder(long pid, CpuQuota quota) {
    return quotas.isUnder(pid, quota);
  }
}
