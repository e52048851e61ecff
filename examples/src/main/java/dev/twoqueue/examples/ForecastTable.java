package dev.twoqueue.examples;

import dev.twoqueue.examples.forecast.ForecastReport;
import dev.twoqueue.examples.forecast.MeasuredLoads;
import dev.twoqueue.examples.replay.TraceFormatException;
import dev.twoqueue.ollama.forecast.MetadataException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Holds the forecast against measured loads, row by row. Exits with 0 when every bound holds, 1
 * when one does not, 2 when the folder cannot be read, 64 for wrong arguments.
 */
public final class ForecastTable {
  private static final String USAGE =
      """
      usage: ForecastTable FOLDER [PAGE]
        FOLDER  with measured.csv, and models/NAME.json for each model in it
        PAGE    a Markdown file to write the table to\
      """;

  private ForecastTable() {}

  /**
   * Runs it on the terminal.
   *
   * @param args a folder, and perhaps a file
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
   * @param out takes what is said
   * @param args as on the command line
   * @return the exit code
   */
  public static int run(PrintStream out, String... args) {
    if (args.length < 1 || args.length > 2) {
      out.println(USAGE);
      return 64;
    }
    try {
      MeasuredLoads loads = MeasuredLoads.read(Path.of(args[0]));
      if (args.length == 2) {
        Files.writeString(Path.of(args[1]), ForecastReport.of(loads));
      }
      List<String> violations = loads.violations();
      violations.forEach(out::println);
      out.println(loads.rows().size() + " rows, " + violations.size() + " bounds do not hold");
      return violations.isEmpty() ? 0 : 1;
    } catch (IOException | TraceFormatException | MetadataException | InvalidPathException bad) {
      out.println("cannot be read: " + bad);
      return 2;
    }
  }
}
