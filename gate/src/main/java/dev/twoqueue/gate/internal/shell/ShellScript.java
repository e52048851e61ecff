package dev.twoqueue.gate.internal.shell;

import java.util.List;
import java.util.Optional;

/**
 * The simple commands of a script, those in substitutions included.
 *
 * @param commands in no order that matters, but for those of one chain
 * @param problem why there may be more in it than {@code commands} shows; empty when there is not
 */
public record ShellScript(List<ShellCommand> commands, Optional<String> problem) {
  /** The longest text that is read, in characters. */
  public static final int LONGEST = 256 * 1024;

  public ShellScript {
    commands = List.copyOf(commands);
  }

  /**
   * Reads a text; any text, in time that grows with its length.
   *
   * @param text POSIX shell, with what bash adds; backslashes are parts of paths where the text
   *     begins with a path of Windows
   */
  public static ShellScript read(String text) {
    Commands found = new Commands();
    if (text.length() > LONGEST) {
      found.problem("it is longer than " + LONGEST + " characters");
    } else {
      new ShellReader(text, found, 0).readAll();
    }
    return found.script();
  }
}
