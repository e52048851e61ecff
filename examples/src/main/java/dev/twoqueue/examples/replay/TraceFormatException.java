package dev.twoqueue.examples.replay;

import java.nio.file.Path;

/** A file that cannot be replayed; the message names file and line, and says what to do. */
public final class TraceFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  TraceFormatException(Path file, long line, String problem) {
    super(file + (line > 0 ? ", line " + line : "") + ": " + problem);
  }
}
