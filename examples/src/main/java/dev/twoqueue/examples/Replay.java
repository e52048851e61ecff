package dev.twoqueue.examples;

import dev.twoqueue.examples.replay.ArrivalGenerator;
import dev.twoqueue.examples.replay.Comparison;
import dev.twoqueue.examples.replay.Trace;
import dev.twoqueue.examples.replay.TraceFiles;
import dev.twoqueue.examples.replay.TraceFormatException;
import dev.twoqueue.examples.replay.WaitPlot;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the order of local tasks does to the waits: replays recorded or generated jobs through the
 * scheduler in virtual time, one policy after the other. Exits with 0, with 64 for a wrong option,
 * 65 for a file with wrong contents, 74 for one that cannot be read or written.
 */
public final class Replay {
  private Replay() {}

  /**
   * Runs it on the terminal.
   *
   * @param args see {@code --help}
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
    if (List.of(args).contains("--help")) {
      out.println(ReplayOptions.USAGE);
      return 0;
    }
    try {
      replay(out, ReplayOptions.parse(args));
      return 0;
    } catch (ReplayOptions.UsageException wrong) {
      out.println(wrong.getMessage() + System.lineSeparator() + ReplayOptions.USAGE);
      return 64;
    } catch (TraceFormatException | IllegalArgumentException wrong) {
      out.println(wrong.getMessage()); // the latter where the jobs cannot run at such a load
      return 65;
    } catch (NoSuchFileException missing) {
      out.println("no such file or folder: " + missing.getFile());
      return 74;
    } catch (IOException broken) {
      out.println("cannot read or write: " + broken);
      return 74;
    }
  }

  private static void replay(PrintStream out, ReplayOptions options)
      throws IOException, TraceFormatException {
    Trace trace =
        options.jobs().isPresent()
            ? TraceFiles.jobs(options.jobs().get())
            : ArrivalGenerator.generate(options.seed());
    Duration swap =
        options.loads().isPresent()
            ? TraceFiles.medianLoad(options.loads().get())
            : options.swap().orElseThrow();
    out.printf("%s, a swap takes %.1f s%n", trace.name(), swap.toMillis() / 1e3);
    List<Comparison> comparisons = new ArrayList<>();
    for (Trace arriving : atLoads(trace, options.targets())) {
      Comparison comparison = Comparison.of(arriving, swap);
      comparisons.add(comparison);
      out.println();
      comparison.table().forEach(out::println);
    }
    write(out, options, comparisons);
  }

  private static List<Trace> atLoads(Trace trace, List<Double> targets) {
    List<Trace> traces = new ArrayList<>(List.of(trace));
    targets.forEach(target -> traces.add(trace.atLoad(target)));
    return traces;
  }

  private static void write(PrintStream out, ReplayOptions options, List<Comparison> comparisons)
      throws IOException {
    if (options.csv().isPresent()) {
      List<String> lines = new ArrayList<>(List.of(Comparison.CSV_COLUMNS));
      comparisons.forEach(comparison -> lines.addAll(comparison.csv()));
      Files.write(options.csv().get(), lines);
      out.println(System.lineSeparator() + "figures in " + options.csv().get());
    }
    if (options.plot().isPresent()) {
      WaitPlot.write(comparisons, options.plot().get());
      out.println(System.lineSeparator() + "picture in " + options.plot().get());
    }
  }
}
