package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.LiveFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

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
   * processes and CPU ticks at most once a second, however many gates ask.
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
   * The load average over one minute.
   *
   * @return runnable (on Linux also uninterruptible) threads; empty where the system keeps none
   *     (Windows)
   */
  OptionalDouble loadAverage();

  /**
   * The threads that run or want to run at this moment on the whole host, the caller's included.
   *
   * @return how many; empty where the system does not tell (all but Linux)
   */
  OptionalInt runnableThreads();

  /**
   * The processes and the CPU time, taken together. May be up to a second old.
   *
   * @return the table
   * @throws IOException when the processes cannot be listed
   */
  ProcessTable processTable() throws IOException;

  /**
   * The space that this user may still take on the file system of a path, or of its nearest
   * existing ancestor. No other file system is asked, since a dead network mount would block.
   *
   * @param path need not exist
   * @return bytes; empty when the system does not tell
   * @throws IOException when the file system cannot be asked
   */
  OptionalLong usableDiskBytes(Path path) throws IOException;
}
