package dev.twoqueue.internal.engine;

/** A line that no recording engine has written. */
public final class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  BadInputException(String what) {
    super(what);
  }
}
