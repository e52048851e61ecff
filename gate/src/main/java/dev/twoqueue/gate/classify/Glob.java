package dev.twoqueue.gate.classify;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Alternatives such as {@code *.py|*::*}. One star stands for anything without a slash, two for
 * anything; letter case makes no difference.
 */
record Glob(List<Pattern> alternatives, String source) {
  /** Longer texts are not compared: what they match is not known. */
  static final int LONGEST = 1024;

  static Glob of(String source) {
    return new Glob(
        Arrays.stream(source.split("\\|", -1))
            .map(part -> Pattern.compile(regex(part), Pattern.DOTALL))
            .toList(),
        source);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (String part : glob.toLowerCase(Locale.ROOT).split("(?<=\\*)(?!\\*)|(?<!\\*)(?=\\*)", -1)) {
      regex.append(part.equals("**") ? ".*" : part.equals("*") ? "[^/]*" : Pattern.quote(part));
    }
    return regex.toString();
  }

  boolean matches(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return alternatives.stream().anyMatch(pattern -> pattern.matcher(lower).matches());
  }
}
