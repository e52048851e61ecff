package dev.twoqueue.gate.classify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Alternatives such as {@code *.py|*::*}. One star stands for anything without a slash, two for
 * anything; letter case makes no difference.
 */
record Glob(Set<String> literals, List<Pattern> patterns, String source) {
  /** Longer texts are not compared: what they match is not known. */
  static final int LONGEST = 1024;

  static Glob of(String source) {
    Set<String> literals = new HashSet<>();
    List<Pattern> patterns = new ArrayList<>();
    for (String part : source.toLowerCase(Locale.ROOT).split("\\|", -1)) {
      if (part.indexOf('*') < 0) {
        literals.add(part);
      } else {
        patterns.add(Pattern.compile(regex(part), Pattern.DOTALL));
      }
    }
    return new Glob(Set.copyOf(literals), List.copyOf(patterns), source);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (String part : glob.split("(?<=\\*)(?!\\*)|(?<!\\*)(?=\\*)", -1)) {
      regex.append(part.equals("**") ? ".*" : part.equals("*") ? "[^/]*" : Pattern.quote(part));
    }
    return regex.toString();
  }

  boolean matches(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return literals.contains(lower)
        || patterns.stream().anyMatch(pattern -> pattern.matcher(lower).matches());
  }
}
