package dev.twoqueue.ollama.forecast;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bits that a weight takes, by the names that tags and files give the types.
 *
 * <p>Plain types follow from ggml's blocks: 32 weights and their scale, so that q4_0 takes 4.5
 * bits. A mixture ({@code q4_K_M}) stores some tensors wider; the figures are those that llama.cpp
 * publishes for Llama 2 7B. Newer models with large vocabularies and small ones, whose rows do not
 * fill a block of 256, take more than that: the high figure covers it.
 *
 * @param name as it was found, or what was assumed without one
 * @param low the least bits
 * @param likely bits of a mixture as published
 * @param high the most bits
 */
record Quantisation(String name, double low, double likely, double high) {
  private static final double SMALL = 6e9;
  private static final double TINY = 2e9;
  private static final double SPREAD = 1.25;

  private static final Pattern TYPE =
      Pattern.compile(
          "(?<![a-z0-9])(?:"
              + "(?<mixture>iq[1-4]_(?:xxs|xs|s|m|nl))"
              + "|q(?<blocks>[2-8])_k(?:_(?<size>xs|s|m|l|xl))?"
              + "|q(?<plain>[4-8])_(?<offset>[01])"
              + "|(?:q|int|fp)(?<short>[2-8])|(?<bits>[2-8])-?bit"
              + "|(?<ternary>tq[12]_0)|(?<four>mxfp4|nvfp4|awq|gptq|qat)"
              + "|(?:bf|fp?)(?<float>16|32))(?![a-z0-9])");

  /** Bits in the mixtures of ggml's blocks of 256, size M. */
  private static final double[] BLOCKS = {0, 0, 3.35, 3.91, 4.84, 5.68, 6.56, 7.5, 9.5};

  /** As llama.cpp's quantiser lists them, a sixth more for the tensors that it stores wider. */
  private static final Map<String, Double> MIXTURES =
      Map.ofEntries(
          Map.entry("iq1_s", 1.82),
          Map.entry("iq1_m", 2.04),
          Map.entry("iq2_xxs", 2.40),
          Map.entry("iq2_xs", 2.70),
          Map.entry("iq2_s", 2.92),
          Map.entry("iq2_m", 3.15),
          Map.entry("iq3_xxs", 3.57),
          Map.entry("iq3_xs", 3.85),
          Map.entry("iq3_s", 4.01),
          Map.entry("iq3_m", 4.27),
          Map.entry("iq4_xs", 4.96),
          Map.entry("iq4_nl", 5.25));

  /**
   * Reads the last one in a name.
   *
   * @param parameters how many the model has, likely
   * @return what the name says, else a range that covers what is published without saying so
   */
  static Quantisation in(String name, double parameters) {
    String lower = name.toLowerCase(Locale.ROOT);
    Matcher match = TYPE.matcher(lower);
    Quantisation last = null;
    while (match.find()) {
      last = of(match, parameters);
    }
    return Optional.ofNullable(last).orElseGet(() -> unnamed(lower, parameters));
  }

  private static Quantisation of(Matcher match, double parameters) {
    if (match.group("float") != null) {
      double bits = Double.parseDouble(match.group("float"));
      return new Quantisation(match.group(), bits, bits, bits * 1.1);
    }
    double bits = bits(match);
    double high = bits * SPREAD;
    if (parameters < SMALL) {
      // The embedding is a large part of a small model, and stored in up to 8 or 16 bits.
      high = Math.max(high, Math.min(bits * 2, 10));
    }
    return new Quantisation(match.group(), bits * 0.75, bits, high);
  }

  private static double bits(Matcher match) {
    if (match.group("mixture") != null) {
      return MIXTURES.getOrDefault(match.group("mixture"), 5.25);
    }
    if (match.group("blocks") != null) {
      String size = Optional.ofNullable(match.group("size")).orElse("m");
      double share = size.endsWith("l") ? 1.09 : size.endsWith("s") ? 0.94 : 1;
      return BLOCKS[Integer.parseInt(match.group("blocks"))] * share;
    }
    if (match.group("plain") != null) {
      return Integer.parseInt(match.group("plain")) + (match.group("offset").equals("1") ? 1 : 0.5);
    }
    if (match.group("ternary") != null) {
      return 2.4;
    }
    if (match.group("four") != null) {
      return 4.5;
    }
    String digits = match.group("short") == null ? match.group("bits") : match.group("short");
    return Integer.parseInt(digits) + 0.5;
  }

  /**
   * Without a word in the name. Ollama's own library means 4 bits for all but small models, which
   * it keeps in 8 or 16; elsewhere anything up to 16 is about.
   */
  private static Quantisation unnamed(String lower, double parameters) {
    boolean library = lower.indexOf('/') < 0 && lower.indexOf(':') > 0;
    double high = !library || parameters < TINY ? 16.5 : parameters < SMALL ? 10 : 6.1;
    return new Quantisation("unnamed", 3.5, parameters < TINY ? 8.5 : 4.84, high);
  }
}
