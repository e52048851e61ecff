package dev.twoqueue.gate.process;

import java.util.List;

/** A process ended with an exit code that is none of success. */
public final class ProcessExitException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String[] lastLines;

  ProcessExitException(String name, int code, List<String> lastLines) {
    super(
        "'"
            + name
            + "' ended with exit code "
            + code
            + (lastLines.isEmpty()
                ? ", without output"
                : "; its last line: " + lastLines.get(lastLines.size() - 1)));
    this.code = code;
    this.lastLines = lastLines.toArray(new String[0]);
  }

  /**
   * The exit code.
   *
   * @return as the system gives it; on POSIX systems 128 and a signal's number for a process that
   *     was ended by it
   */
  public int code() {
    return code;
  }

  /**
   * The end of its output.
   *
   * @return oldest line first
   */
  public List<String> lastLines() {
    return List.of(lastLines);
  }
}
