package dev.twoqueue.gate;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A program that a command line runs, by its base name, and the arguments that it gets. {@code
 * /usr/bin/python3 -X dev -m pytest -q} runs {@code pytest} with {@code -q}.
 *
 * <p>Programs that start another process ({@code sudo}, {@code uv run}, {@code bash -c}) are not
 * seen through, since among the host's processes what they start stands for itself.
 *
 * @param name the base name, in lower case, without {@code .exe}
 * @param arguments what follows it
 */
record Program(String name, List<String> arguments) {
  private static final Pattern SCRIPT_SUFFIX = Pattern.compile("\\.(py|pyw|sh|bash|js|mjs|rb|pl)$");

  Program {
    arguments = List.copyOf(arguments);
  }

  /**
   * The programs of a command line: the executable, and the script or module that it runs. None
   * where the line has no words.
   */
  static List<Program> of(List<String> commandLine) {
    if (commandLine.isEmpty()) {
      return List.of();
    }
    Program direct =
        new Program(baseName(commandLine.get(0)), commandLine.subList(1, commandLine.size()));
    return Interpreter.named(direct.name)
        .flatMap(interpreter -> interpreter.target(direct.arguments))
        .map(target -> List.of(direct, of(target)))
        .orElseGet(() -> List.of(direct.behindCoverage()));
  }

  private static Program of(Interpreter.Target target) {
    String name = target.isModule() ? moduleName(target.name()) : baseName(target.name());
    return new Program(name, target.arguments()).behindCoverage();
  }

  private static String moduleName(String module) {
    String main = ".__main__";
    String name =
        module.endsWith(main) ? module.substring(0, module.length() - main.length()) : module;
    return name.toLowerCase(Locale.ROOT);
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

  /** {@code coverage run -m pytest} runs pytest in its own process. */
  private Program behindCoverage() {
    int module = arguments.indexOf("-m") + 1;
    boolean runsModule =
        is("coverage")
            && !arguments.isEmpty()
            && arguments.get(0).equals("run")
            && module > 0
            && module < arguments.size();
    return runsModule
        ? new Program(
            moduleName(arguments.get(module)), arguments.subList(module + 1, arguments.size()))
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
}
