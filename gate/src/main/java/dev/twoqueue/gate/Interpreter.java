package dev.twoqueue.gate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program that runs another one, a script or a module named in its arguments: an interpreter
 * ({@code python -m pytest}) or a wrapper ({@code sudo -u me ollama pull x}, {@code uv run
 * pytest}).
 *
 * @param names its base names
 * @param verbs its first word, where it runs something under that one alone; empty for none
 * @param codeLetters the short options that are followed by code
 * @param moduleLetters the short options that are followed by a module
 * @param valueLetters the other short options that are followed by a value
 * @param longWithValue the long options whose value is the next word
 * @param positionals words of its own before the program
 */
record Interpreter(
    Pattern names,
    Set<String> verbs,
    String codeLetters,
    String moduleLetters,
    String valueLetters,
    Set<String> longWithValue,
    int positionals) {

  private static final List<Interpreter> KNOWN =
      List.of(
          language("(python|pypy)[\\d.]*[wtd]?", "c", "m", "WX", "--check-hash-based-pycs"),
          language("sh|bash|dash|ash|ksh|zsh|fish", "c", "", "oO", "--rcfile", "--init-file"),
          language(
              "ruby|perl|node|bun", "e", "", "rIM", "--require", "--import", "--eval", "--loader"),
          wrapper("uv", "run", "p", 0, "--with", "--python", "--project", "--extra", "--group"),
          wrapper("poetry|pipenv|pdm|hatch|rye", "run", "CPp", 0, "--directory", "--project"),
          wrapper("conda|mamba|micromamba", "run", "np", 0, "--name", "--prefix", "--cwd"),
          wrapper("sudo|doas", "", "CDgGhpRrtTuU", 0, "--user", "--group", "--chdir"),
          wrapper("env", "", "uCS", 0, "--unset", "--chdir"),
          wrapper("nice|ionice|chrt|taskset", "", "ncNp", 0, "--adjustment", "--class"),
          wrapper("nohup|setsid|time|caffeinate|stdbuf|unbuffer", "", "foietw", 0),
          wrapper("timeout|gtimeout", "", "ks", 1, "--kill-after", "--signal"),
          wrapper("npx|uvx|bunx", "", "p", 0, "--package", "--from", "--with"));

  private static final Pattern ASSIGNMENT = Pattern.compile("\\w+=.*", Pattern.DOTALL);

  private static Interpreter language(
      String names, String code, String module, String values, String... longWithValue) {
    return new Interpreter(
        Pattern.compile(names), Set.of(), code, module, values, Set.of(longWithValue), 0);
  }

  private static Interpreter wrapper(
      String names, String verb, String values, int positionals, String... longWithValue) {
    return new Interpreter(
        Pattern.compile(names),
        verb.isEmpty() ? Set.of() : Set.of(verb),
        "",
        "",
        values,
        Set.of(longWithValue),
        positionals);
  }

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
    boolean verbSeen = verbs.isEmpty();
    int own = positionals;
    int i = 0;
    while (i < arguments.size()) {
      String argument = arguments.get(i);
      if (!argument.startsWith("-") && !argument.startsWith("+")) {
        if (!verbSeen && !verbs.contains(argument)) {
          return Optional.empty(); // uv pip, not uv run
        }
        if (verbSeen && own == 0 && !ASSIGNMENT.matcher(argument).matches()) {
          return Optional.of(new Target(argument, false, after(arguments, i)));
        }
        own -= verbSeen && own > 0 ? 1 : 0;
        verbSeen = true;
        i++;
        continue;
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
