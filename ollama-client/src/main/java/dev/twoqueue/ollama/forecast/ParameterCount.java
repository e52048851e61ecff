package dev.twoqueue.ollama.forecast;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many parameters a name says that a model has: {@code 70b}, {@code 8x7b}, {@code e4b}, {@code
 * 30b-a3b}. Names round, and leave out what sees images: {@code gemma:7b} has 8.5 billion, {@code
 * gemma2:2b} 2.6, {@code gemma4:e2b} 4.7 (effective parameters, without the embeddings of each
 * layer), {@code mixtral:8x7b} 46.7 (the experts share their attention).
 *
 * @param text as the name has it
 * @param low the least
 * @param likely what it probably means
 * @param high the most
 * @param active those used for one token; as many as likely where the name does not say
 */
record ParameterCount(String text, double low, double likely, double high, double active) {
  private static final Pattern COUNT =
      Pattern.compile(
          "(?<![a-z0-9.])(?<kind>[ae]?)(?:(?<experts>[0-9]{1,3})x)?"
              + "(?<number>[0-9]{1,4}(?:\\.[0-9]{1,3})?)(?<unit>[mbt])(?![a-z0-9])");
  private static final Pattern EXPERTS = Pattern.compile("(?<![a-z0-9.])([0-9]{1,3})e(?![a-z0-9])");
  private static final double BILLION = 1e9;

  /**
   * Reads it from the part behind the last colon, or from the whole name where that has none; of
   * several the largest.
   *
   * @return empty where the name does not say
   */
  static Optional<ParameterCount> in(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Optional<ParameterCount> tag = read(lower.substring(lower.lastIndexOf(':') + 1));
    return tag.isPresent() ? tag : read(lower);
  }

  private static Optional<ParameterCount> read(String text) {
    ParameterCount largest = null;
    double active = 0;
    Matcher match = COUNT.matcher(text);
    while (match.find()) {
      double number = Double.parseDouble(match.group("number")) * unit(match.group("unit"));
      if (match.group("kind").equals("a")) {
        active = Math.max(active, number);
        continue;
      }
      ParameterCount found = of(match, number, experts(text));
      largest = largest == null || found.high > largest.high ? found : largest;
    }
    if (largest == null || largest.low < 1e6 || largest.high > 1e14) {
      return Optional.empty();
    }
    double used = active > 0 ? Math.min(active, largest.likely) : largest.likely;
    return Optional.of(
        new ParameterCount(largest.text, largest.low, largest.likely, largest.high, used));
  }

  private static ParameterCount of(Matcher match, double number, double experts) {
    String text = match.group();
    if (match.group("experts") != null || experts > 0) {
      double each =
          match.group("experts") == null ? experts : Double.parseDouble(match.group("experts"));
      double all = number * Math.max(1, each);
      // Llama 4's 16x17b has 0.4 times the product, Mixtral's 8x7b 0.83.
      return new ParameterCount(text, 0.35 * all, 0.8 * all, all, number);
    }
    if (match.group("kind").equals("e")) {
      return new ParameterCount(text, 1.5 * number, 2 * number, 2.7 * number, number);
    }
    // What is left out or rounded off matters less the larger a model is.
    double high = Math.min(1.5 * number, 1.03 * number + 1.7 * BILLION);
    return new ParameterCount(text, 0.85 * number, 1.02 * number, high, number);
  }

  /** The number of experts in {@code 17b-16e}; 0 without. */
  private static double experts(String text) {
    Matcher match = EXPERTS.matcher(text);
    return match.find() ? Double.parseDouble(match.group(1)) : 0;
  }

  private static double unit(String letter) {
    return switch (letter) {
      case "m" -> 1e6;
      case "t" -> 1e12;
      default -> BILLION;
    };
  }
}
