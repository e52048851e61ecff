package dev.twoqueue.gate;

import java.io.IOException;

/** A task was stopped since the disk that it writes to fills up or has gone. */
public final class DiskFillingException extends IOException {
  private static final long serialVersionUID = 1L;

  DiskFillingException(String message) {
    super(message);
  }
}
