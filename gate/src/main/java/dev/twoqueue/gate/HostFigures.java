package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.LiveFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the host tells of itself: the one place where the gates meet the operating system, so that
 * recorded states of other machines can stand in for it in tests.
 *
 * <p>An empty answer means that the system does not tell; a gate never takes it as safe.
 * Implementations are safe for use by several threads.
 */
public interface HostFigures {

  /**
   * The figures of this machine, by OSHI and the JDK. One instance serves the whole JVM; it scans
   * processes and CPU ticks at most twice a second, however many gates ask.
   *
   * @return the live figures
   */
  static HostFigures live() {
    return LiveFigures.shared();
  }

  /**
   * The logical processors of the host, also where this JVM may use fewer of them: the load is the
   * host's, so its measure is too.
   *
   * @return how many; empty when unknown
   */
  OptionalInt logicalCores();

  /**
   * The CPU quota of this process's control group, or of a tighter one above it (Linux).
   *
   * @return empty where there is none, or the system does not tell
   * @throws IOException when it does, and it cannot be read
   */
  default Optional<CpuQuota> cpuQuota() throws IOException {
    return Optional.empty();
  }

  /**
   * Whether a quota counts for a process.
   *
   * @param pid the process's id
   * @param quota as {@link #cpuQuota} told it
   * @return false also where that is not told
   */
  default boolean isUnder(long pid, CpuQuota quota) {
    return false;
  }

  /**
   * The load average over one minute.
   *
   * @return runnable (on Linux also uninterruptible) threads; empty where the system keeps none
   *     (Windows)
   */
  OptionalDouble loadAverage();

  /**
   * The processes and the CPU time, taken together. The live figures scan on a thread of their own,
   * twice a second while somebody asks; who asks waits only where the latest table is older than
   * 1.5 s, as at the first look.
   *
   * @return the latest table, which tells its age
   * @throws IOException when the processes cannot be listed, or were not within 2 s
   */
  ProcessTable processTable() throws IOException;

  /**
   * The time that tasks stood still for want of a resource (Linux: {@code /proc/pressure}).
   *
   * @return empty where the system does not tell
   * @throws IOException when it does, and it cannot be read
   */
  Optional<Stalls> stalls() throws IOException;

  /**
   * Where the power comes from, and whether heat slows the processors down.
   *
   * @return each part empty where the system does not tell
   * @throws IOException when it does, and it cannot be read
   */
  PowerState power() throws IOException;

  /**
   * The environment that a process was started with.
   *
   * @param pid its id
   * @return empty when there is no such process, or the system hides it
   */
  Optional<Map<String, String>> environment(long pid);

  /**
   * The file system of a path, or of its nearest existing ancestor. No other file system is asked,
   * since a dead network mount would block.
   *
   * @param path need not exist
   * @return its state
   * @throws IOException when the file system cannot be asked
   */
  DiskState disk(Path path) throws IOException;

  /**
   * The clock of {@link ProcessTable#takenAtNanos}.
   *
   * @return nanoseconds since some fixed moment
   */
  default long nanoTime() {
    return System.nanoTime();
  }

  /**
   * Lets time pass, for a figure that needs two readings.
   *
   * @param time how long
   * @throws InterruptedException when the look is given up
   */
  default void pause(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }
}
