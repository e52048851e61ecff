package dev.twoqueue.gate.classify;

/** A rule cannot be read; the message names the line and what is wrong with it. */
public final class RuleSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  RuleSyntaxException(String origin, int line, String problem) {
    super(origin + ":" + line + ": " + problem);
  }
}
