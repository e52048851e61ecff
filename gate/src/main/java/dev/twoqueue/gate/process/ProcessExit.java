package dev.twoqueue.gate.process;

import java.util.List;

/**
 * How a process ended well.
 *
 * @param code its exit code
 * @param lastLines the end of its output, oldest line first
 * @param undeliveredLines how many lines the reader of the output did not take in time
 */
public record ProcessExit(int code, List<String> lastLines, long undeliveredLines) {
  /** Copies the lines. */
  public ProcessExit {
    lastLines = List.copyOf(lastLines);
  }
}
