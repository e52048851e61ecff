package dev.twoqueue;

import dev.twoqueue.internal.InputLogReader;
import dev.twoqueue.internal.InputLogTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A log of all that a scheduler was told, from which its decisions can be made again: what to send
 * with a report of a wrong decision. Off unless {@link SchedulerBuilder#inputLog} is given one.
 *
 * <p>It holds, for each input, its kind and time, the task's number, class and deadlines, the names
 * and runner options of models, verdicts without their reasons, and a digest of what was decided.
 * It holds no task's name, result or exception and no reason. It is text, a line for each input,
 * some 30 bytes each.
 *
 * <p>Lines are written on the callback executor soon after the decision, never under the
 * scheduler's lock. A disk that fails, or is so slow that 8 MiB wait for it, ends the log with one
 * warning and does the scheduler no other harm. {@link TwoQueueScheduler#close} and {@link
 * TwoQueueScheduler#awaitTermination}, once the scheduler has terminated, return when all is
 * written, or after 10 s of waiting for the disk with a warning.
 *
 * <p>Immutable.
 */
public final class InputLog {
  /** The least that a log may be bounded by, in bytes. */
  public static final long LEAST_BYTES = 4096;

  private final InputLogTarget target;

  private InputLog(InputLogTarget target) {
    this.target = target;
  }

  /**
   * A log in a file. {@link SchedulerBuilder#build} makes the file, and empties one that is there,
   * so give each scheduler a file of its own.
   *
   * @param file where; its folder must be there
   * @param maxBytes how long the file may get; the log ends there, with a warning, while the
   *     scheduler goes on
   * @return the log, for one scheduler
   * @throws IllegalArgumentException when the bound is below {@link #LEAST_BYTES}
   */
  public static InputLog toFile(Path file, long maxBytes) {
    Arguments.notNull(file, "file");
    return to(file.toString(), maxBytes, () -> Files.newOutputStream(file));
  }

  /** For tests with disks that hang or fail. */
  static InputLog to(String name, long maxBytes, InputLogTarget.Opener opener) {
    if (maxBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes must be at least " + LEAST_BYTES + ", was " + maxBytes);
    }
    return new InputLog(new InputLogTarget(name, maxBytes, opener));
  }

  InputLogTarget target() {
    return target;
  }

  /**
   * Decides everything in a log again, with this version of the library, and compares.
   *
   * @param file the log
   * @return how far it went, and the first decision that differs
   * @throws FormatException when this is no log, or not one of this version, or a line in it is
   *     damaged. A last line that was not written to its end is not damage
   * @throws IOException when the file cannot be read
   */
  public static InputReplay replay(Path file) throws IOException {
    return InputLogReader.replay(Arguments.notNull(file, "file"), null);
  }

  /**
   * The same, and tells what was decided.
   *
   * @param file the log
   * @param decisions is given a line of text for each input, on the calling thread
   * @return how far it went, and the first decision that differs
   * @throws FormatException when this is no log, or not one of this version, or a line in it is
   *     damaged. A last line that was not written to its end is not damage
   * @throws IOException when the file cannot be read
   */
  public static InputReplay replay(Path file, Consumer<String> decisions) throws IOException {
    Arguments.notNull(file, "file");
    Arguments.notNull(decisions, "decisions");
    return InputLogReader.replay(file, decisions);
  }

  /** A file is no log of inputs that this version of the library can replay. */
  public static final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long line;

    /**
     * Used by the library.
     *
     * @param file which file
     * @param line the number of the line
     * @param what what is wrong with it, and what to do
     */
    public FormatException(Path file, long line, String what) {
      super(file + ", line " + line + ": " + what);
      this.line = line;
    }

    /**
     * Where it is.
     *
     * @return the number of the line, from 1
     */
    public long line() {
      return line;
    }
  }
}
