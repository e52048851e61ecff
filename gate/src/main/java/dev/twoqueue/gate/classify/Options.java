package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The arguments of a program, told apart into options and positional words.
 *
 * @param options in their order
 * @param positionals in their order
 * @param rest the index of the word behind the last positional that was wanted; the number of words
 *     where there are not so many
 * @param restIsSure false where the word before that index may be the value of an option that is
 *     not known
 */
record Options(List<Option> options, List<Word> positionals, int rest, boolean restIsSure) {
  /**
   * An option.
   *
   * @param name with its dashes
   * @param value empty text where it has none
   * @param end the index of the word behind it
   */
  record Option(String name, Word value, int end) {}

  private static final Word NO_VALUE = Word.of("");

  /**
   * Reads arguments.
   *
   * @param words what follows the program
   * @param spelling which options take a value
   * @param extent how far to read
   */
  static Options read(List<Word> words, Spelling spelling, Extent extent) {
    return new Reader(words, spelling, extent).read();
  }

  /**
   * How far arguments are read.
   *
   * @param positionals how many positional words, before the rest is left alone
   * @param readsOn whether the options behind the last of them are still the program's own
   */
  record Extent(int positionals, boolean readsOn) {
    static final Extent ALL = new Extent(Integer.MAX_VALUE, true);
  }

  /**
   * How a program's options are written.
   *
   * @param values those whose value is the next word, or the rest of the same one
   * @param flags those that are known to have none
   * @param longWithOneDash whether {@code -run} is one option, and {@code -X:value} one with a
   *     value
   */
  record Spelling(Set<String> values, Set<String> flags, boolean longWithOneDash) {
    /** Whether a word such as {@code -sSL} is made of known letters alone. */
    boolean areFlags(String cluster) {
      return cluster.chars().skip(1).allMatch(letter -> flags.contains("-" + (char) letter));
    }
  }

  private static final class Reader {
    private final List<Word> words;
    private final Spelling spelling;
    private final Extent extent;
    private final List<Option> options = new ArrayList<>();
    private final List<Word> positionals = new ArrayList<>();
    private int at;
    private boolean lastIsKnown = true;

    Reader(List<Word> words, Spelling spelling, Extent extent) {
      this.words = words;
      this.spelling = spelling;
      this.extent = extent;
    }

    Options read() {
      while (at < words.size()) {
        boolean isEnough = positionals.size() >= extent.positionals;
        if (isEnough && !extent.readsOn) {
          at += words.get(at).text().equals("--") ? 1 : 0;
          break;
        }
        Word word = words.get(at);
        String text = word.text();
        if (text.equals("--")) {
          at++;
          lastIsKnown = true;
        } else if (isOption(text)) {
          option(text, word.literal());
        } else if (isEnough) {
          break;
        } else {
          positionals.add(word);
          at++;
          lastIsKnown = true;
        }
      }
      return new Options(List.copyOf(options), List.copyOf(positionals), at, lastIsKnown);
    }

    private static boolean isOption(String text) {
      return text.length() > 1 && (text.charAt(0) == '-' || text.charAt(0) == '+');
    }

    private void option(String text, boolean literal) {
      at++;
      int equals = valueMark(text);
      lastIsKnown = equals > 0 || spelling.flags.contains(text);
      if (equals > 0) {
        add(text.substring(0, equals), new Word(text.substring(equals + 1), literal));
      } else if (spelling.values.contains(text) || isNumberWanted(text)) {
        add(text, nextWord());
      } else if (text.length() > 2 && text.charAt(0) == '-' && text.charAt(1) != '-') {
        cluster(text, literal);
      } else {
        add(text, NO_VALUE);
      }
    }

    private int valueMark(String text) {
      int equals = text.indexOf('=');
      int colon = spelling.longWithOneDash ? text.indexOf(':') : -1;
      return colon > 0 && (equals < 0 || colon < equals) ? colon : equals;
    }

    /** {@code -j 8}: the number may be missing. */
    private boolean isNumberWanted(String text) {
      return spelling.values.contains(text + "#")
          && at < words.size()
          && words.get(at).text().matches("\\d{1,9}");
    }

    /** {@code -n8}, {@code -lc}, {@code -it}, {@code -run}. */
    private void cluster(String text, boolean literal) {
      int letters = spelling.longWithOneDash ? 2 : text.length();
      for (int i = 1; i < letters; i++) {
        String letter = "-" + text.charAt(i);
        if (spelling.values.contains(letter)) {
          String attached = text.substring(i + 1);
          lastIsKnown = true;
          add(letter, attached.isEmpty() ? nextWord() : new Word(attached, literal));
          return;
        }
      }
      // Its letters are not told apart: -short, which Go's tools know, is not -h among others.
      add(text, NO_VALUE);
      lastIsKnown |= spelling.areFlags(text);
    }

    private void add(String name, Word value) {
      options.add(new Option(name, value, at));
    }

    private Word nextWord() {
      lastIsKnown = true;
      return at < words.size() ? words.get(at++) : NO_VALUE;
    }
  }
}
