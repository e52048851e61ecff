package dev.twoqueue.gate.internal.shell;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One pass over a text. What is in substitutions is read by the same pass. */
final class ShellReader {
  static final int DEEPEST = 50;
  private static final char NONE = '\0';

  private record HereDocument(CommandDraft command, String end, boolean quoted, boolean tabs) {}

  private final String text;
  private final Commands found;
  private final int depth;
  private final WordReader words;
  private final Deque<HereDocument> hereDocuments = new ArrayDeque<>();
  private int at;

  private CommandDraft command;
  private boolean isConditional;
  private int open;
  private int cases;

  ShellReader(String text, Commands found, int depth) {
    this.text = text;
    this.found = found;
    this.depth = depth;
    this.command = new CommandDraft(null, found.newChain(), depth == 0);
    this.words = new WordReader(text, this);
  }

  void readAll() {
    read(NONE);
  }

  /** Reads a substitution that begins here. Returns where it ends, behind its closing mark. */
  int substitution(String script, int from) {
    return inner(script, from, ')');
  }

  /** Reads a text that is a script of its own. */
  void script(String inner) {
    inner(inner, 0, NONE);
  }

  private int inner(String script, int from, char close) {
    if (depth >= DEEPEST) {
      found.problem("it is nested more than " + DEEPEST + " deep");
      return script.length();
    }
    ShellReader reader = new ShellReader(script, found, depth + 1);
    reader.at = from;
    reader.read(close);
    return reader.at;
  }

  void problem(String what) {
    found.problem(what);
  }

  private void read(char close) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ')' && close == ')' && open == 0 && cases == 0) {
        at++;
        endCommand(NONE);
        return;
      }
      step(c);
    }
    endCommand(NONE);
    if (close == ')') {
      found.problem("a parenthesis is not closed");
    }
  }

  private void step(char c) {
    if (c == '\n') {
      at++;
      endCommand(';');
      readHereDocuments();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      at++;
    } else if (c == '#') {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
    } else if (command.isTest() && "&|()<>;".indexOf(c) >= 0) {
      at++; // operators within [[ … ]]
    } else if (c == ';' || c == '|' || c == '&') {
      operator(c);
    } else if (c == '(' || c == ')') {
      parenthesis(c);
    } else if ((c == '<' || c == '>') && !isSubstitution(c)) {
      redirection();
    } else {
      word();
    }
  }

  private boolean isSubstitution(char c) {
    return (c == '<' || c == '>') && next(1) == '(';
  }

  private char next(int offset) {
    return at + offset < text.length() ? text.charAt(at + offset) : NONE;
  }

  private void operator(char c) {
    if (c == '&' && next(1) == '>') {
      at++;
      redirection();
      return;
    }
    boolean twice = c != ';' && next(1) == c;
    boolean withErrors = c == '|' && next(1) == '&';
    at += twice || withErrors ? 2 : 1;
    endCommand(twice ? (c == '&' ? 'a' : 'o') : c);
  }

  private void parenthesis(char c) {
    boolean mayBeSum = command.words.isEmpty() || command.words.get(0).equals(Word.of("for"));
    int behindSum = mayBeSum ? Arithmetic.end(text, at) : -1;
    if (behindSum > 0) {
      at = behindSum;
      return;
    }
    if (c == '(' && at > 0 && text.charAt(at - 1) == '=') {
      array();
      return;
    }
    at++;
    if (c == '(') {
      if (command.words.size() == 1) {
        command.words.clear(); // the name of a function
      }
      open++;
      isConditional = true;
    } else if (open > 0) {
      open--;
    } else if (cases > 0) {
      command.words.clear(); // the pattern of a case
    }
    endCommand(';');
  }

  private void array() {
    at++;
    while (at < text.length() && text.charAt(at) != ')') {
      words.readAt(at);
      at = Math.max(at + 1, words.end());
    }
    at++;
  }

  private void redirection() {
    char kind = text.charAt(at);
    int length = 1;
    while (length < 3 && "<>&|-".indexOf(next(length)) >= 0) {
      length++;
    }
    String operator = text.substring(at, at + length);
    at += length;
    while (next(0) == ' ' || next(0) == '\t') {
      at++;
    }
    boolean quoted = "'\"\\".indexOf(next(0)) >= 0;
    Word target = words.readAt(at);
    at = words.end();
    if (kind == '<' && operator.equals("<<<")) {
      command.input = target.literal() ? target.text() : command.input;
    } else if (operator.equals("<<") || operator.equals("<<-")) {
      hereDocuments.add(new HereDocument(command, target.text(), quoted, length == 3));
    }
  }

  private void word() {
    int from = at;
    Word word = words.readAt(at);
    at = words.end();
    boolean isDescriptor =
        at > from
            && at - from <= 2
            && (next(0) == '<' || next(0) == '>')
            && text.substring(from, at).chars().allMatch(Character::isDigit);
    if (at == from) {
      at++; // never stand still
    } else if (command.isTest() && word.equals(Word.of("]]"))) {
      command.words.add(word);
      endCommand(';');
    } else if (!isDescriptor) {
      command.words.add(word);
      if (command.opensCase() && word.equals(Word.of("in"))) {
        cases++;
        command.words.clear();
        isConditional = true;
      } else if (cases > 0 && command.closesCase()) {
        cases--;
      }
    }
  }

  /** The operator: {@code a} for {@code &&}, {@code o} for {@code ||}, otherwise itself. */
  private void endCommand(char operator) {
    if (command.isTest() && !command.words.contains(Word.of("]]"))) {
      found.problem("[[ is not closed");
    }
    isConditional |= command.stripKeywords();
    boolean inOtherShell = operator == '|' || operator == '&' || command.from != null;
    command.unconditional &= !inOtherShell && !isConditional;
    boolean wasEmpty = command.words.isEmpty() && command.input == null;
    if (!wasEmpty) {
      found.add(command);
    }
    @Nullable CommandDraft from = operator == '|' && !wasEmpty ? command : null;
    boolean unconditional =
        depth == 0 && !isConditional && (operator == ';' || operator == '&' || operator == NONE);
    int chain =
        operator == 'a' && !inOtherShell && !isConditional ? command.chain : found.newChain();
    command = new CommandDraft(from, chain, unconditional);
  }

  private void readHereDocuments() {
    while (!hereDocuments.isEmpty()) {
      HereDocument document = hereDocuments.remove();
      StringBuilder body = new StringBuilder();
      boolean ended = false;
      while (at < text.length() && !ended) {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
        String compared = document.tabs ? line.stripLeading() : line;
        ended = compared.equals(document.end);
        if (!ended) {
          body.append(line).append('\n');
        }
      }
      document.command.input = body.toString();
      if (!document.quoted) {
        words.substitutionsIn(body.toString());
      }
    }
  }
}
