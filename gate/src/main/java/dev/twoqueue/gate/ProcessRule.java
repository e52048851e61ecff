package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kind of process that must not run beside a local-heavy task: a program, and the subcommand that
 * makes it heavy.
 *
 * <p>A rule matches the program that a process really runs, never a part of its command line:
 * {@code pytest} is met by {@code /usr/bin/pytest}, {@code python3 -m pytest}, {@code python
 * pytest.py} and {@code uv run pytest}, but not by {@code grep pytest}, {@code vim pytest.ini} or
 * {@code bash -c "… pytest"} (the pytest that such a shell starts is a process of its own). Letter
 * case and {@code .exe} make no difference.
 *
 * @param program the base name of the executable, script or Python module
 * @param subcommand the words that the arguments which are no options must begin with; empty for
 *     any
 */
public record ProcessRule(String program, List<String> subcommand) {

  /** How a rule met a process. */
  enum Match {
    NONE,
    /** By program and arguments. */
    SURE,
    /** By program, while the system hides the arguments. */
    HIDDEN_ARGUMENTS
  }

  /**
   * Checks the words.
   *
   * @throws IllegalArgumentException when a word is blank, or the program is given as a path
   */
  public ProcessRule {
    Arguments.notBlank(program, "program");
    if (program.indexOf('/') >= 0 || program.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("program must be a name without a path, was " + program);
    }
    program = Program.baseName(program);
    subcommand = Arguments.copyOf(subcommand, "subcommand");
    subcommand.forEach(word -> Arguments.notBlank(word, "subcommand"));
  }

  /**
   * A rule.
   *
   * @param program the base name of the executable, script or Python module
   * @param subcommand its first arguments; none for any
   * @return the rule
   * @throws IllegalArgumentException when a word is blank, or the program is given as a path
   */
  public static ProcessRule of(String program, String... subcommand) {
    return new ProcessRule(program, List.of(subcommand));
  }

  /**
   * The rules of {@link ProcessGate#standard}: {@code ollama pull} and {@code create}, LM Studio's
   * {@code lms load} and {@code get}, Hugging Face's {@code hf download} (also as {@code
   * huggingface-cli}), {@code pytest} (also as {@code py.test}), and {@code oracle_dispatch}.
   *
   * @return the rules
   */
  public static List<ProcessRule> defaults() {
    return List.of(
        of("ollama", "pull"),
        of("ollama", "create"),
        of("lms", "load"),
        of("lms", "get"),
        of("hf", "download"),
        of("huggingface-cli", "download"),
        of("pytest"),
        of("py.test"),
        of("oracle_dispatch"));
  }

  /**
   * The rule in words.
   *
   * @return for example {@code ollama pull}
   */
  public String describe() {
    return subcommand.isEmpty() ? program : program + " " + String.join(" ", subcommand);
  }

  Match match(HostProcess process) {
    return match(process, Program.of(process.commandLine().orElse(List.of())));
  }

  /** The same with the programs of its command line, for many rules. */
  Match match(HostProcess process, List<Program> programs) {
    Optional<List<String>> commandLine = process.commandLine();
    if (commandLine.isEmpty()) {
      boolean named = Program.isExecutable(process, program);
      return !named ? Match.NONE : subcommand.isEmpty() ? Match.SURE : Match.HIDDEN_ARGUMENTS;
    }
    return programs.stream().anyMatch(this::matches) ? Match.SURE : Match.NONE;
  }

  private boolean matches(Program running) {
    return running.is(program) && beginsWithSubcommand(running.arguments());
  }

  private boolean beginsWithSubcommand(List<String> arguments) {
    List<String> words = new ArrayList<>(subcommand.size());
    for (String argument : arguments) {
      if (words.size() == subcommand.size()) {
        break;
      }
      if (!argument.startsWith("-")) {
        words.add(argument);
      }
    }
    return words.equals(subcommand);
  }
}
