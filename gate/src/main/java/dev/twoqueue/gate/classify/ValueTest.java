package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.Word;
import java.util.Locale;
import java.util.Set;

/** What a rule asks of one word. */
@FunctionalInterface
interface ValueTest {
  boolean holds(Word word);

  /**
   * The test that a rule names.
   *
   * @param source {@code one}, {@code empty}, or alternatives
   * @param broad words that select more than one test
   */
  static ValueTest of(String source, Set<String> broad) {
    if (source.equals("one")) {
      return word -> isOne(word, broad);
    }
    if (source.equals("empty")) {
      return word -> word.literal() && word.text().isEmpty();
    }
    Glob glob = Glob.of(source);
    return word -> word.literal() && glob.matches(word.text());
  }

  /** Whether a name or a pattern can be taken to select one test, or those of one class. */
  private static boolean isOne(Word word, Set<String> broad) {
    String text = word.text().strip();
    String bare = text.replaceAll("^\\^|\\$$", "");
    boolean selectsMore =
        bare.length() < 3
            || bare.length() > Glob.LONGEST
            || bare.contains("...")
            || bare.chars().anyMatch(c -> "*?|!,;+[{".indexOf(c) >= 0)
            || bare.matches("(?is)(not|or)\\b.*|.*\\b(not|or|and)\\b.*")
            || broad.contains(bare.toLowerCase(Locale.ROOT));
    boolean isNamed = bare.chars().anyMatch(Character::isLetter);
    return word.literal() && isNamed && !selectsMore;
  }
}
