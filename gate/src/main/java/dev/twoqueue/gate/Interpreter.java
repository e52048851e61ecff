package dev.twoqueue.gate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program that runs a script or a module named in its arguments.
 *
 * @param names its base names
 * @param codeLetters the short options that are followed by code
 * @param moduleLetters the short options that are followed by a module
 * @param valueLetters the other short options that are followed by a value
 * @param longWithValue the long options whose value is the next word
 */
record Interpreter(
    Pattern names,
    String codeLetters,
    String moduleLetters,
    String valueLetters,
    Set<String> longWithValue) {

  private static final List<Interpreter> KNOWN =
      List.of(
          new Interpreter(
              Pattern.compile("(python|pypy)[\\d.]*[wtd]?"),
              "c",
              "m",
              "WX",
              Set.of("--check-hash-based-pycs")),
          new Interpreter(
              Pattern.compile("sh|bash|dash|ash|ksh|zsh|fish"),
              "c",
              "",
              "oO",
              Set.of("--rcfile", "--init-file")),
          new Interpreter(
              Pattern.compile("ruby|perl|node|bun"),
              "e",
              "",
              "rIM",
              Set.of("--require", "--import", "--eval", "--loader")));

  /**
   * What it was told to run.
   *
   * @param name a path or the name of a module, as given
   * @param arguments what follows it
   */
  record Target(String name, boolean isModule, List<String> arguments) {}

  static Optional<Interpreter> named(String baseName) {
    return KNOWN.stream()
        .filter(interpreter -> interpreter.names.matcher(baseName).matches())
        .findFirst();
  }

  /** The script or module; empty where it runs code from its arguments, or from its terminal. */
  Optional<Target> target(List<String> arguments) {
    int i = 0;
    while (i < arguments.size()) {
      String argument = arguments.get(i);
      if (!argument.startsWith("-") && !argument.startsWith("+")) {
        return Optional.of(new Target(argument, false, after(arguments, i)));
      }
      int letter = argument.startsWith("--") ? -1 : firstThatTakesSomething(argument);
      if (letter < 0) {
        i += longWithValue.contains(argument) ? 2 : 1;
        continue;
      }
      String attached = argument.substring(letter + 1);
      char option = argument.charAt(letter);
      if (codeLetters.indexOf(option) >= 0) {
        return Optional.empty();
      }
      int last = attached.isEmpty() ? i + 1 : i;
      if (moduleLetters.indexOf(option) >= 0) {
        return last < arguments.size()
            ? Optional.of(
                new Target(
                    attached.isEmpty() ? arguments.get(last) : attached,
                    true,
                    after(arguments, last)))
            : Optional.empty();
      }
      i = last + 1;
    }
    return Optional.empty();
  }

  /** Short options come in clusters: {@code -euo pipefail}, {@code -Im pytest}. */
  private int firstThatTakesSomething(String cluster) {
    for (int i = 1; i < cluster.length(); i++) {
      if ((codeLetters + moduleLetters + valueLetters).indexOf(cluster.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> after(List<String> words, int index) {
    return words.subList(index + 1, words.size());
  }
}
