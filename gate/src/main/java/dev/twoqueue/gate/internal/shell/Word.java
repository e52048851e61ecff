package dev.twoqueue.gate.internal.shell;

/**
 * A word of a command.
 *
 * @param text as the program gets it, as far as it can be told without running anything
 * @param literal whether the program gets exactly this: the word holds no variable, substitution,
 *     or pattern of file names
 */
public record Word(String text, boolean literal) {
  /** A word that is what it says. */
  public static Word of(String text) {
    return new Word(text, true);
  }
}
