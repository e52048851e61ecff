package dev.twoqueue.examples.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads traces: CSV files in UTF-8 with a line of column names, without quotes. Other columns may
 * stand beside those that are needed, in any order.
 */
public final class TraceFiles {
  /** A century: what is longer is a wrong unit, and nanoseconds in a long end at 292 years. */
  private static final double MOST_SECONDS = 100 * 365.25 * 86_400;

  private TraceFiles() {}

  /**
   * Reads jobs.
   *
   * @param file with the columns {@code arrival_s} (seconds, ascending), {@code model} and {@code
   *     exec_s} (seconds)
   * @return the jobs
   * @throws TraceFormatException when a row cannot be used
   * @throws IOException when the file cannot be read
   */
  public static Trace jobs(Path file) throws IOException, TraceFormatException {
    List<Job> jobs = new ArrayList<>();
    double total = 0;
    for (CsvRow row : CsvRow.read(file, "arrival_s", "model", "exec_s")) {
      double arrival = row.number("arrival_s", 0, MOST_SECONDS);
      double execution = row.number("exec_s", 0, MOST_SECONDS);
      total += execution;
      if (total > MOST_SECONDS) {
        throw row.wrong("exec_s add up to more than a century up to here: is their unit seconds?");
      }
      Job job = new Job(seconds(arrival), row.text("model"), seconds(execution));
      if (!jobs.isEmpty() && jobs.get(jobs.size() - 1).arrival().compareTo(job.arrival()) > 0) {
        throw row.wrong(
            "arrival_s " + arrival + " is before that of the row above: sort by arrival_s");
      }
      jobs.add(job);
    }
    return new Trace(String.valueOf(file.getFileName()), jobs);
  }

  /**
   * Reads how long loads took, and takes the middle one: some models load from a cache in a second,
   * and some from a cold disk in a minute.
   *
   * @param file with the column {@code load_ms} (milliseconds)
   * @return the median
   * @throws TraceFormatException when a row cannot be used
   * @throws IOException when the file cannot be read
   */
  public static Duration medianLoad(Path file) throws IOException, TraceFormatException {
    List<Double> millis = new ArrayList<>();
    for (CsvRow row : CsvRow.read(file, "load_ms")) {
      millis.add(row.number("load_ms", 0, MOST_SECONDS * 1000));
    }
    millis.sort(null);
    int middle = millis.size() / 2;
    double median =
        millis.size() % 2 == 1
            ? millis.get(middle)
            : (millis.get(middle - 1) + millis.get(middle)) / 2;
    return seconds(median / 1000);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
