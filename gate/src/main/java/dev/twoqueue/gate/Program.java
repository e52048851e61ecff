package dev.twoqueue.gate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a command line runs: the program behind an interpreter, by its base name, and the arguments
 * that it gets. {@code /usr/bin/python3 -X dev -m pytest -q} runs {@code pytest} with {@code -q}.
 *
 * <p>Programs that start another process ({@code sudo}, {@code uv run}, {@code bash -c}) are not
 * seen through, since among the host's processes what they start stands for itself.
 *
 * @param name the base name, in lower case, without {@code .exe}
 * @param arguments what follows it
 */
record Program(String name, List<String> arguments) {
  private static final Pattern PYTHON = Pattern.compile("(python|pypy)[\\d.]*(w|t|d)?");
  private static final Set<String> INTERPRETERS =
      Set.of("sh", "bash", "dash", "ash", "ksh", "zsh", "fish", "ruby", "perl", "node", "bun");
  private static final Set<String> PYTHON_OPTIONS_WITH_VALUE =
      Set.of("-W", "-X", "--check-hash-based-pycs");
  private static final Set<String> INTERPRETER_OPTIONS_WITH_VALUE =
      Set.of("-O", "+O", "-o", "-r", "--require", "--import", "-I");
  private static final Set<String> CODE_FOLLOWS = Set.of("-c", "-e", "--eval", "-p", "--print");
  private static final Pattern SCRIPT_SUFFIX = Pattern.compile("\\.(py|pyw|sh|bash|js|mjs|rb|pl)$");

  Program {
    arguments = List.copyOf(arguments);
  }

  /** The program of a command line; empty where the line names none (no words, inline code). */
  static Optional<Program> of(List<String> commandLine) {
    if (commandLine.isEmpty()) {
      return Optional.empty();
    }
    Program direct = new Program(baseName(commandLine.get(0)), tail(commandLine, 1));
    if (PYTHON.matcher(direct.name).matches()) {
      return direct.behindInterpreter(PYTHON_OPTIONS_WITH_VALUE, true);
    }
    return INTERPRETERS.contains(direct.name)
        ? direct.behindInterpreter(INTERPRETER_OPTIONS_WITH_VALUE, false)
        : Optional.of(direct.behindCoverage());
  }

  /** Whether the executable itself, not a script that it runs, has this name. */
  static boolean isExecutable(HostProcess process, String name) {
    String wanted = baseName(name);
    return wanted.equals(baseName(process.name()))
        || process
            .commandLine()
            .filter(line -> !line.isEmpty() && wanted.equals(baseName(line.get(0))))
            .isPresent();
  }

  /** Whether it is this program: {@code pytest} and {@code pytest.py} alike. */
  boolean is(String wanted) {
    return name.equals(wanted) || SCRIPT_SUFFIX.matcher(name).replaceFirst("").equals(wanted);
  }

  private Optional<Program> behindInterpreter(Set<String> optionsWithValue, boolean modules) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (modules && argument.startsWith("-m")) {
        return module(i);
      }
      if (CODE_FOLLOWS.contains(argument)) {
        return Optional.empty();
      }
      if (optionsWithValue.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return Optional.of(
            new Program(baseName(argument), tail(arguments, i + 1)).behindCoverage());
      }
    }
    // An interpreter that reads from its terminal is itself the program.
    return Optional.of(this);
  }

  /** {@code -m pytest} or {@code -mpytest}, at this place in the arguments. */
  private Optional<Program> module(int at) {
    String attached = arguments.get(at).substring("-m".length());
    int next = attached.isEmpty() ? at + 1 : at;
    if (next >= arguments.size()) {
      return Optional.empty();
    }
    String module = attached.isEmpty() ? arguments.get(next) : attached;
    String shortName =
        module.endsWith(".__main__")
            ? module.substring(0, module.length() - ".__main__".length())
            : module;
    return Optional.of(
        new Program(shortName.toLowerCase(Locale.ROOT), tail(arguments, next + 1))
            .behindCoverage());
  }

  /** {@code coverage run -m pytest} runs pytest in its own process. */
  private Program behindCoverage() {
    if (!is("coverage") || arguments.isEmpty() || !arguments.get(0).equals("run")) {
      return this;
    }
    int module = arguments.indexOf("-m");
    return module >= 0 && module + 1 < arguments.size()
        ? new Program(
            arguments.get(module + 1).toLowerCase(Locale.ROOT), tail(arguments, module + 2))
        : this;
  }

  /** The last part of a path of any system; a login shell's leading dash is not part of it. */
  static String baseName(String path) {
    int cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
    String base = path.substring(cut + 1).toLowerCase(Locale.ROOT);
    if (cut < 0 && base.startsWith("-")) {
      base = base.substring(1);
    }
    return base.endsWith(".exe") ? base.substring(0, base.length() - ".exe".length()) : base;
  }

  private static List<String> tail(List<String> words, int from) {
    return words.subList(Math.min(from, words.size()), words.size());
  }
}
