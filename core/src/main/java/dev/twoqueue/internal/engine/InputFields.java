package dev.twoqueue.internal.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The fields of one line, one after the other. */
final class InputFields {
  /** As far as the public types let a duration go: the engine's sums cannot overflow with it. */
  private static final long LONGEST = Duration.ofDays(365 * 100L).toNanos();

  private final String[] fields;
  private int at;

  InputFields(String line) {
    fields = line.split("\t", -1);
  }

  String text() throws BadInputException {
    if (at == fields.length) {
      throw new BadInputException("it ends after " + at + " fields");
    }
    return fields[at++];
  }

  long number(long least) throws BadInputException {
    return number(text(), least);
  }

  /** A length of time; null for an empty field. */
  @Nullable Duration duration() throws BadInputException {
    String text = text();
    if (text.isEmpty()) {
      return null;
    }
    long nanos = number(text, 1);
    if (nanos > LONGEST) {
      throw new BadInputException(nanos + " ns are longer than a hundred years");
    }
    return Duration.ofNanos(nanos);
  }

  /** Whether a field has the one of two words that means yes. */
  boolean is(String yes, String no) throws BadInputException {
    String text = text();
    if (!text.equals(yes) && !text.equals(no)) {
      throw new BadInputException("'" + yes + "' or '" + no + "' is expected, not '" + text + "'");
    }
    return text.equals(yes);
  }

  void end() throws BadInputException {
    if (at != fields.length) {
      throw new BadInputException("it has " + fields.length + " fields instead of " + at);
    }
  }

  static long number(String text, long least) throws BadInputException {
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw new BadInputException("a whole number is expected, not '" + text + "'");
    }
    if (number < least) {
      throw new BadInputException(number + " is less than " + least);
    }
    return number;
  }
}
