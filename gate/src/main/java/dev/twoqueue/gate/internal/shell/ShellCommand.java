package dev.twoqueue.gate.internal.shell;

import java.util.List;
import java.util.Optional;

/**
 * A simple command within a script.
 *
 * @param words leading assignments included
 * @param input the text that it reads from a here-document or here-string; empty for none
 * @param from the command whose output it reads; empty for none
 * @param chain commands with the same number are joined by {@code &&}, in one shell
 * @param unconditional whether it runs whatever the commands before it did, in the script's own
 *     shell
 */
public record ShellCommand(
    List<Word> words,
    Optional<String> input,
    Optional<ShellCommand> from,
    int chain,
    boolean unconditional) {
  public ShellCommand {
    words = List.copyOf(words);
  }

  /** A command that was given as a list of words. */
  public static ShellCommand of(List<String> words) {
    return new ShellCommand(
        words.stream().map(Word::of).toList(), Optional.empty(), Optional.empty(), 0, false);
  }
}
