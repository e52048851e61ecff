package dev.twoqueue.gate.internal.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command that is being read. */
final class CommandDraft {
  private static final Set<String> INTRODUCING =
      Set.of("if", "then", "elif", "else", "while", "until", "do", "{", "!", "coproc");
  private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");

  final List<Word> words = new ArrayList<>();
  final @Nullable CommandDraft from;
  final int chain;
  boolean unconditional;
  @Nullable String input;

  CommandDraft(@Nullable CommandDraft from, int chain, boolean unconditional) {
    this.from = from;
    this.chain = chain;
    this.unconditional = unconditional;
  }

  boolean isTest() {
    return !words.isEmpty() && words.get(0).equals(Word.of("[["));
  }

  /** Whether its first word opens a {@code case}. */
  boolean opensCase() {
    return first("case");
  }

  boolean closesCase() {
    return first("esac");
  }

  private boolean first(String keyword) {
    return !words.isEmpty() && words.get(0).equals(Word.of(keyword));
  }

  /**
   * Takes the shell's own keywords away.
   *
   * @return whether there were any
   */
  boolean stripKeywords() {
    int size = words.size();
    while (!words.isEmpty()) {
      String first = words.get(0).text();
      if (INTRODUCING.contains(first) || CLOSING.contains(first)) {
        words.remove(0);
      } else if (first.equals("function")) {
        words.subList(0, Math.min(2, words.size())).clear();
      } else if (first.equals("for") || first.equals("select") || first.equals("case")) {
        words.clear(); // the words that follow are values, not a command
      } else {
        break;
      }
    }
    return words.size() < size;
  }
}
