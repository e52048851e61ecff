package dev.twoqueue.examples;

import dev.twoqueue.InputLog;
import dev.twoqueue.InputReplay;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a user's bug report: decides all that is in a log of inputs again, and compares. Exits with
 * 0 when the decisions are the same, 1 at the first one that differs, 2 when the file is no log or
 * is damaged, 64 for wrong arguments.
 */
public final class ReplayInputs {
  private static final String USAGE =
      """
      usage: ReplayInputs FILE [--print]
        FILE     written by a scheduler with SchedulerBuilder.inputLog
        --print  every input, with what was decided""";

  private ReplayInputs() {}

  /**
   * Runs it on the terminal.
   *
   * @param args a file, and {@code --print} for all decisions
   */
  public static void main(String[] args) {
    int code = run(System.out, args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Runs it.
   *
   * @param out takes all that is said
   * @param args as on the command line
   * @return the exit code
   */
  public static int run(PrintStream out, String... args) {
    List<String> files = List.of(args).stream().filter(arg -> !arg.startsWith("--")).toList();
    boolean print = List.of(args).contains("--print");
    if (files.size() != 1 || args.length != (print ? 2 : 1)) {
      out.println(USAGE);
      return 64;
    }
    try {
      return replay(out, Path.of(files.get(0)), print);
    } catch (InvalidPathException | IOException bad) {
      out.println("cannot be replayed: " + bad);
      return 2;
    }
  }

  private static int replay(PrintStream out, Path file, boolean print) throws IOException {
    InputReplay replay = print ? InputLog.replay(file, out::println) : InputLog.replay(file);
    out.println(replay.inputs() + " inputs were replayed; the log's end: " + replay.end());
    if (replay.divergence().isEmpty()) {
      out.println("The decisions are the same.");
      return 0;
    }
    InputReplay.Divergence first = replay.divergence().get();
    out.println("Line " + first.line() + " is decided differently now: " + first.input());
    out.println("  now: " + first.decisions());
    return 1;
  }
}
