package dev.twoqueue.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How {@link Replay} was called.
 *
 * @param jobs the file of jobs; empty for generated ones
 * @param loads the file of load times; empty where {@code swap} says how long a swap takes
 * @param swap how long a swap takes; empty for the median of {@code loads}
 * @param seed of the generated jobs
 * @param targets the loads to run at, besides the recorded one
 * @param csv where the figures go; empty for nowhere
 * @param plot where the picture goes; empty for nowhere
 */
record ReplayOptions(
    Optional<Path> jobs,
    Optional<Path> loads,
    Optional<Duration> swap,
    long seed,
    List<Double> targets,
    Optional<Path> csv,
    Optional<Path> plot) {

  static final String USAGE =
      """
      usage: Replay [JOBS.csv LOADS.csv] [options]
        JOBS.csv              columns arrival_s (ascending), model, exec_s; without: generated jobs
        LOADS.csv             column load_ms: a swap takes the median
        --swap-seconds S      a swap takes S seconds, and no LOADS.csv is needed
                              (default for generated jobs: 22.7)
        --seed N              of the generated jobs (default 1)
        --load L,...          also compressed or stretched to these loads (default 0.7)
        --csv FILE            writes the figures, in seconds
        --plot FILE.png       writes a picture of the waits
        --help""";

  private static final Duration SWAP = Duration.ofMillis(22_700);
  private static final double MOST = 1_000_000;

  /** Something in the arguments cannot be used. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  static ReplayOptions parse(String... args) throws UsageException {
    List<Path> files = new ArrayList<>();
    Optional<Duration> swap = Optional.empty();
    Optional<Long> seed = Optional.empty();
    List<Double> targets = List.of(0.7);
    Optional<Path> csv = Optional.empty();
    Optional<Path> plot = Optional.empty();
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    while (!rest.isEmpty()) {
      String option = rest.remove();
      switch (option) {
        case "--swap-seconds" ->
            swap = Optional.of(Duration.ofNanos(Math.round(number(option, rest) * 1e9)));
        case "--seed" -> seed = Optional.of(seed(value(option, rest)));
        case "--load" -> targets = targets(value(option, rest));
        case "--csv" -> csv = Optional.of(Path.of(value(option, rest)));
        case "--plot" -> plot = Optional.of(png(value(option, rest)));
        default -> {
          if (option.startsWith("--")) {
            throw new UsageException("unknown option " + option);
          }
          files.add(Path.of(option));
        }
      }
    }
    check(files, swap, seed);
    Optional<Path> jobs = files.stream().findFirst();
    return new ReplayOptions(
        jobs,
        files.stream().skip(1).findFirst(),
        jobs.isEmpty() && swap.isEmpty() ? Optional.of(SWAP) : swap,
        seed.orElse(1L),
        targets,
        csv,
        plot);
  }

  private static void check(List<Path> files, Optional<Duration> swap, Optional<Long> seed)
      throws UsageException {
    if (files.size() > 2) {
      throw new UsageException("one JOBS.csv and one LOADS.csv, not " + files);
    }
    if (files.size() == 1 && swap.isEmpty()) {
      throw new UsageException("JOBS.csv needs a LOADS.csv beside it, or --swap-seconds");
    }
    if (files.size() == 2 && swap.isPresent()) {
      throw new UsageException(
          "--swap-seconds takes the place of LOADS.csv: leave one of them out");
    }
    if (!files.isEmpty() && seed.isPresent()) {
      throw new UsageException("--seed is for generated jobs: leave it out, or the files");
    }
  }

  private static Path png(String file) throws UsageException {
    if (!file.endsWith(".png")) {
      throw new UsageException("--plot writes PNG: name a file that ends in .png, not " + file);
    }
    return Path.of(file);
  }

  private static List<Double> targets(String value) throws UsageException {
    List<Double> targets = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      double target = number("--load", new ArrayDeque<>(List.of(part)));
      if (target == 0) {
        throw new UsageException("--load needs numbers above 0, not " + value);
      }
      targets.add(target);
    }
    return targets;
  }

  private static long seed(String text) throws UsageException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw new UsageException("--seed needs a whole number, not " + text);
    }
  }

  private static double number(String option, Deque<String> rest) throws UsageException {
    String text = value(option, rest);
    try {
      double number = Double.parseDouble(text);
      if (number >= 0 && number <= MOST) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Said below, in the words of the option.
    }
    throw new UsageException(option + " needs a number from 0 to a million, not " + text);
  }

  private static String value(String option, Deque<String> rest) throws UsageException {
    String value = rest.poll();
    if (value == null || value.startsWith("--")) {
      throw new UsageException(option + " needs a value");
    }
    return value;
  }
}
