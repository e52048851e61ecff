package dev.twoqueue.gate.internal.shell;

import java.util.regex.Pattern;

/** {@code ((…))}: sums, which run nothing. What may be a command within two subshells is none. */
final class Arithmetic {
  private static final int LONGEST = 200;
  private static final Pattern SUM = Pattern.compile("\\(\\(([^()`'\"]*)\\)\\)");
  private static final Pattern TWO_WORDS = Pattern.compile("\\w\\s+\\w");

  private Arithmetic() {}

  /** The index behind a sum that begins at {@code from}; -1 where none does. */
  static int end(String text, int from) {
    if (!text.startsWith("((", from)) {
      return -1;
    }
    var sum = SUM.matcher(text).region(from, Math.min(text.length(), from + LONGEST));
    return sum.lookingAt() && !TWO_WORDS.matcher(sum.group(1)).find() ? sum.end() : -1;
  }
}
