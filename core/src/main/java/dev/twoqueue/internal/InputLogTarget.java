package dev.twoqueue.internal;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where a log of inputs goes.
 *
 * @param name for people
 * @param maxBytes how long it may get
 * @param opener makes it, empty
 */
public record InputLogTarget(String name, long maxBytes, Opener opener) {
  /** Makes the place that the log is written to. */
  @FunctionalInterface
  public interface Opener {
    /** Called once, when the scheduler is built. */
    OutputStream open() throws IOException;
  }
}
