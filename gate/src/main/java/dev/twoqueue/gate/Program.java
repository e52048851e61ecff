package dev.twoqueue.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program that a command line runs, by its base name, and the arguments that it gets. {@code
 * /usr/bin/python3 -X dev -m pytest -q} runs {@code pytest} with {@code -q}.
 *
 * <p>{@code bash -c} is not seen through: what it starts is a process of its own among the host's.
 * Neither is {@code ssh}: what that starts is on another host.
 *
 * @param name the base name, in lower case, without {@code .exe}
 * @param arguments what follows it; a view of the command line, which can be long
 */
record Program(String name, List<String> arguments) {
  private static final Pattern SCRIPT_SUFFIX = Pattern.compile("\\.(py|pyw|sh|bash|js|mjs|rb|pl)$");

  /**
   * The programs of a command line: the executable, and what it runs, through any number of
   * wrappers and interpreters. None where the line has no words.
   */
  static List<Program> of(List<String> commandLine) {
    List<Program> programs = new ArrayList<>(2);
    List<String> line = commandLine;
    while (!line.isEmpty()) {
      Program program = new Program(baseName(line.get(0)), line.subList(1, line.size()));
      Optional<Interpreter.Target> target =
          Interpreter.named(program.name).flatMap(it -> it.target(program.arguments));
      programs.add(target.isPresent() ? program : program.behindCoverage());
      List<String> before = line;
      line = List.of();
      if (target.isPresent() && target.get().isModule()) {
        programs.add(
            new Program(moduleName(target.get().name()), target.get().arguments())
                .behindCoverage());
      } else if (target.isPresent()) {
        line = before.subList(before.size() - target.get().arguments().size() - 1, before.size());
      }
    }
    return programs;
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
