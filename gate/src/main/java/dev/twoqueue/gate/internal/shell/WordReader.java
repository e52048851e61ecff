package dev.twoqueue.gate.internal.shell;

import java.util.regex.Pattern;

/** Reads one word: quotes, escapes, variables, substitutions. */
final class WordReader {
  private static final String ENDS = " \t\r\n;|&()<>";
  private static final Pattern WINDOWS =
      Pattern.compile("\\s*\"?(?:[A-Za-z]:|\\.{1,2})\\\\(?=[\\w.])");

  private final String text;
  private final ShellReader reader;
  private final boolean windows;
  private final StringBuilder word = new StringBuilder();
  private boolean literal;
  private int at;

  WordReader(String text, ShellReader reader) {
    this.text = text;
    this.reader = reader;
    this.windows = WINDOWS.matcher(text).lookingAt();
  }

  /** Where the last word ended. */
  int end() {
    return at;
  }

  Word readAt(int from) {
    at = from;
    word.setLength(0);
    literal = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean isSubstitution = (c == '<' || c == '>') && next() == '(';
      if (ENDS.indexOf(c) >= 0 && !isSubstitution) {
        break;
      }
      plain(c);
    }
    return new Word(word.toString(), literal);
  }

  /** Reads the substitutions of a text that is otherwise of no interest. */
  void substitutionsIn(String other) {
    WordReader inner = new WordReader(other, reader);
    while (inner.at < other.length()) {
      inner.quotedStep(other.charAt(inner.at));
      inner.word.setLength(0);
    }
  }

  private char next() {
    return at + 1 < text.length() ? text.charAt(at + 1) : '\0';
  }

  private void plain(char c) {
    switch (c) {
      case '\'' -> singleQuoted();
      case '"' -> doubleQuoted();
      case '\\' -> escape();
      case '$' -> dollar();
      case '`' -> backticks();
      case '<', '>' -> substitution(2);
      case '*', '?', '{' -> {
        literal = false;
        word.append(c);
        at++;
      }
      default -> {
        word.append(c);
        at++;
      }
    }
  }

  private void escape() {
    if (windows && next() != '"') {
      word.append('\\');
      at++;
    } else {
      if (at + 1 < text.length() && next() != '\n') {
        word.append(next());
      }
      at += 2;
    }
  }

  private void singleQuoted() {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      reader.problem("a quote is not closed");
      end = text.length();
    }
    word.append(text, at + 1, end);
    at = end + 1;
  }

  private void doubleQuoted() {
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return;
      }
      quotedStep(c);
    }
    reader.problem("a quote is not closed");
  }

  private void quotedStep(char c) {
    switch (c) {
      case '\\' -> {
        char escaped = next();
        if ("$`\"\\\n".indexOf(escaped) < 0 || (windows && escaped != '"')) {
          word.append(c);
          at++;
        } else {
          word.append(escaped == '\n' ? "" : String.valueOf(escaped));
          at += 2;
        }
      }
      case '$' -> dollar();
      case '`' -> backticks();
      default -> {
        word.append(c);
        at++;
      }
    }
  }

  private void dollar() {
    char next = next();
    if (next == '(') {
      substitution(2);
    } else if (next == '{') {
      int end = text.indexOf('}', at);
      int stop = end < 0 ? text.length() : end + 1;
      String inside = text.substring(at + 2, Math.max(at + 2, stop - 1));
      word.append(text, at, stop);
      literal = false;
      at = stop;
      if (inside.indexOf('$') >= 0 || inside.indexOf('`') >= 0) {
        reader.problem("a variable's default holds a substitution");
      }
    } else if (next == '\'') {
      at++;
      singleQuoted();
      literal = false; // its escapes are not read
    } else {
      literal &= !(Character.isLetterOrDigit(next) || "_@*#?!-$".indexOf(next) >= 0);
      word.append('$');
      at++;
    }
  }

  private void substitution(int marks) {
    literal = false;
    word.append("$(…)");
    int behind = Arithmetic.end(text, at + 1);
    if (behind > 0) {
      at = behind;
    } else {
      at = reader.substitution(text, at + marks);
    }
  }

  private void backticks() {
    literal = false;
    word.append("$(…)");
    StringBuilder inside = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '`') {
      if (text.charAt(at) == '\\' && "`\\$".indexOf(next()) >= 0) {
        at++;
      }
      if (at < text.length()) {
        inside.append(text.charAt(at++));
      }
    }
    if (at >= text.length()) {
      reader.problem("a backtick is not closed");
    }
    at++;
    reader.script(inside.toString());
  }
}
