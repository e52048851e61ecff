package dev.twoqueue.ollama;

import org.jspecify.annotations.Nullable;

/** A model could not be made to leave memory. */
public final class EvictionFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  EvictionFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
