package dev.twoqueue.examples;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How {@link Incident} was called.
 *
 * @param realServer whether a real Ollama is used
 * @param address where that is; empty for OLLAMA_HOST, or port 11434 on this machine
 * @param models the models to use, largest role first; empty to choose by size
 * @param loadGate whether this machine's load is looked at
 * @param loadLimit cores that others may use; empty for a third of all
 * @param processGate whether conflicting processes are looked for
 * @param speed how many simulated seconds pass in one
 * @param giveUpAfter how long to wait for the end
 */
record IncidentOptions(
    boolean realServer,
    Optional<String> address,
    List<String> models,
    boolean loadGate,
    Optional<Double> loadLimit,
    boolean processGate,
    double speed,
    Duration giveUpAfter) {

  static final String USAGE =
      """
      usage: Incident [options]
        --ollama [URL]        use a real Ollama: URL, else OLLAMA_HOST, else port 11434 here
        --models a,b,c        with it: these models; default: installed ones, largest first
        --load-limit CORES    how many cores others may use (default: a third of all)
        --no-load-gate        do not look at this machine's load
        --no-process-gate     do not look for conflicting processes
        --speed N             simulated seconds in one (default 30)
        --give-up-after S     seconds to wait for the end (default 300)
        --help""";

  /** Something in the arguments cannot be used. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  static IncidentOptions parse(String... args) throws UsageException {
    boolean real = false;
    Optional<String> address = Optional.empty();
    List<String> models = List.of();
    boolean loadGate = true;
    Optional<Double> loadLimit = Optional.empty();
    boolean processGate = true;
    double speed = 30;
    Duration giveUpAfter = Duration.ofMinutes(5);
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    while (!rest.isEmpty()) {
      String option = rest.remove();
      switch (option) {
        case "--ollama" -> {
          real = true;
          String next = rest.peek();
          if (next != null && !next.startsWith("--")) {
            address = Optional.of(rest.remove());
          }
        }
        case "--models" -> models = List.of(value(option, rest).split(",", -1));
        case "--load-limit" -> loadLimit = Optional.of(positive(option, rest));
        case "--no-load-gate" -> loadGate = false;
        case "--no-process-gate" -> processGate = false;
        case "--speed" -> speed = positive(option, rest);
        case "--give-up-after" ->
            giveUpAfter = Duration.ofMillis((long) (positive(option, rest) * 1000));
        default -> throw new UsageException("unknown option " + option);
      }
    }
    if (!models.isEmpty() && !real) {
      throw new UsageException("--models goes with --ollama");
    }
    if (models.stream().anyMatch(String::isBlank)) {
      throw new UsageException("--models has an empty name");
    }
    return new IncidentOptions(
        real, address, models, loadGate, loadLimit, processGate, speed, giveUpAfter);
  }

  private static String value(String option, Deque<String> rest) throws UsageException {
    String value = rest.poll();
    if (value == null || value.startsWith("--")) {
      throw new UsageException(option + " needs a value");
    }
    return value;
  }

  private static double positive(String option, Deque<String> rest) throws UsageException {
    String text = value(option, rest);
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && number <= 1_000_000) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Said below, in the words of the option.
    }
    throw new UsageException(option + " needs a number above 0, not " + text);
  }
}
