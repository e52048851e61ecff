package dev.twoqueue.gate.classify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of a JSON object, as far as a classification needs them. Names in lower case, as the
 * servers' own parser (Go's) does not tell letter cases apart; a name that comes twice has two
 * values.
 */
record JsonFields(Map<String, List<Value>> values) {
  /**
   * A value.
   *
   * @param text a string's characters, or a scalar as it is written; empty for the rest
   * @param isEmpty null, an empty string, array or object
   */
  record Value(String text, boolean isString, boolean isEmpty) {}

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Empty where the text is not one whole object. */
  static Optional<JsonFields> of(String text) {
    try {
      return Optional.of(new Reader(text).object());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  List<Value> of(List<String> names) {
    List<Value> all = new ArrayList<>();
    names.forEach(name -> all.addAll(values.getOrDefault(name, List.of())));
    return all;
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    JsonFields object() throws Malformed {
      Map<String, List<Value>> fields = new TreeMap<>();
      expect('{');
      if (!taken('}')) {
        do {
          String name = string().toLowerCase(Locale.ROOT);
          expect(':');
          fields.computeIfAbsent(name, any -> new ArrayList<>()).add(value());
        } while (taken(','));
        expect('}');
      }
      skipSpace();
      if (at < text.length()) {
        throw new Malformed();
      }
      return new JsonFields(fields);
    }

    private Value value() throws Malformed {
      skipSpace();
      char c = at < text.length() ? text.charAt(at) : '\0';
      if (c == '"') {
        String string = string();
        return new Value(string, true, string.isEmpty());
      }
      if (c == '{' || c == '[') {
        return new Value("", false, structureIsEmpty());
      }
      int from = at;
      while (at < text.length() && ",}] \t\r\n".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String scalar = text.substring(from, at);
      if (!scalar.matches("true|false|null|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")) {
        throw new Malformed();
      }
      return new Value(scalar, false, scalar.equals("null"));
    }

    /** Goes behind an array or object, by its brackets: what is in it makes no difference. */
    private boolean structureIsEmpty() throws Malformed {
      int depth = 0;
      boolean isEmpty = true;
      do {
        skipSpace();
        if (at >= text.length()) {
          throw new Malformed();
        }
        char c = text.charAt(at);
        if (c == '"') {
          string();
          isEmpty = false;
          continue;
        }
        boolean opens = c == '{' || c == '[';
        isEmpty &= !opens || depth == 0;
        depth += opens ? 1 : 0;
        boolean closes = c == '}' || c == ']';
        depth -= closes ? 1 : 0;
        isEmpty &= opens || closes;
        at++;
      } while (depth > 0);
      return isEmpty;
    }

    private String string() throws Malformed {
      expect('"');
      StringBuilder string = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        char c = text.charAt(at++);
        string.append(c == '\\' ? escaped() : c);
      }
      expect('"');
      return string.toString();
    }

    private char escaped() throws Malformed {
      char c = at < text.length() ? text.charAt(at++) : '\0';
      if (c != 'u') {
        return c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f' ? ' ' : c;
      }
      if (at + 4 > text.length()) {
        throw new Malformed();
      }
      try {
        char code = (char) Integer.parseInt(text, at, at + 4, 16);
        at += 4;
        return code;
      } catch (NumberFormatException e) {
        throw new Malformed();
      }
    }

    private boolean taken(char wanted) {
      skipSpace();
      boolean isThere = at < text.length() && text.charAt(at) == wanted;
      at += isThere ? 1 : 0;
      return isThere;
    }

    private void expect(char wanted) throws Malformed {
      if (!taken(wanted)) {
        throw new Malformed();
      }
    }

    private void skipSpace() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
