package dev.twoqueue.internal.engine;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How names and residency are written in a log of inputs: in ASCII, with whatever separates
 * something escaped, so that a line survives editors, mails and terminals.
 */
final class LogText {
  private static final String SEPARATORS = "\\;,=";
  private static final String UNKNOWN = "?";
  private static final String NOTHING = "-";
  private static final int ESCAPE = 6;

  private LogText() {}

  static String of(TaskClass taskClass) {
    return taskClass == TaskClass.LOCAL_HEAVY ? "L" : "F";
  }

  static TaskClass taskClass(String text) throws BadInputException {
    return switch (text) {
      case "L" -> TaskClass.LOCAL_HEAVY;
      case "F" -> TaskClass.FLEET;
      default -> throw new BadInputException("a class is L or F, not '" + text + "'");
    };
  }

  static String of(@Nullable Duration duration) {
    return duration == null ? "" : Long.toString(duration.toNanos());
  }

  /** A key; empty for none. */
  static String of(@Nullable ResidencyKey key) {
    if (key == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    append(text, key.model(), key.runnerOptions());
    return text.toString();
  }

  static @Nullable ResidencyKey key(String text) throws BadInputException {
    return text.isEmpty() ? null : new ResidencyKey(model(text), options(text));
  }

  /** What is resident, as far as it decides: when a model expires does not. */
  static String of(Residency residency) {
    if (!(residency instanceof Residency.Observed observed)) {
      return UNKNOWN;
    }
    if (observed.models().isEmpty()) {
      return NOTHING;
    }
    StringBuilder text = new StringBuilder();
    for (ResidentModel model : observed.models()) {
      text.append(text.isEmpty() ? "" : ",");
      text.append(model.role() == ResidentModel.Role.WORKER ? 'w' : 'a').append(model.bytes());
      append(text.append(';'), model.model(), model.runnerOptions());
    }
    return text.toString();
  }

  static Residency residency(String text) throws BadInputException {
    if (text.equals(UNKNOWN)) {
      return Residency.unknown("the reason was not logged");
    }
    List<ResidentModel> models = new ArrayList<>();
    if (!text.equals(NOTHING)) {
      for (String model : text.split(",", -1)) {
        models.add(resident(model));
      }
    }
    return Residency.of(models);
  }

  private static ResidentModel resident(String text) throws BadInputException {
    int name = text.indexOf(';');
    boolean always = text.startsWith("a");
    if (name < 2 || !(always || text.startsWith("w"))) {
      throw new BadInputException("a resident model is a role, bytes and a name, not " + text);
    }
    String key = text.substring(name + 1);
    return new ResidentModel(
        model(key),
        options(key),
        InputFields.number(text.substring(1, name), 0),
        always ? ResidentModel.Role.ALWAYS_RESIDENT : ResidentModel.Role.WORKER,
        Optional.empty());
  }

  private static void append(StringBuilder text, String model, Map<String, String> options) {
    escape(text, model);
    // Sorted: the options of what is resident iterate in another order in every JVM.
    new TreeMap<>(options)
        .forEach(
            (name, value) -> {
              escape(text.append(';'), name);
              escape(text.append('='), value);
            });
  }

  private static String model(String text) throws BadInputException {
    int end = text.indexOf(';');
    return unescaped(end < 0 ? text : text.substring(0, end));
  }

  private static Map<String, String> options(String text) throws BadInputException {
    Map<String, String> options = new TreeMap<>();
    String[] parts = text.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 0) {
        throw new BadInputException("a runner option is name=value, not '" + parts[i] + "'");
      }
      options.put(
          unescaped(parts[i].substring(0, equals)), unescaped(parts[i].substring(equals + 1)));
    }
    return options;
  }

  static void escape(StringBuilder to, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 127 && SEPARATORS.indexOf(c) < 0) {
        to.append(c);
      } else {
        to.append(String.format("\\u%04x", (int) c));
      }
    }
  }

  static String unescaped(String text) throws BadInputException {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    int at = 0;
    for (int next = text.indexOf('\\'); next >= 0; next = text.indexOf('\\', at)) {
      plain.append(text, at, next).append(escaped(text, next));
      at = next + ESCAPE;
    }
    return plain.append(text, at, text.length()).toString();
  }

  private static char escaped(String text, int at) throws BadInputException {
    try {
      if (text.charAt(at + 1) == 'u') {
        return (char) Integer.parseInt(text, at + 2, at + ESCAPE, 16);
      }
    } catch (NumberFormatException | IndexOutOfBoundsException wrong) {
      // Said below, with the text.
    }
    throw new BadInputException("a backslash begins \\u and four hexadecimal digits in " + text);
  }
}
