package dev.twoqueue.internal.engine;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.TurnPolicy;

/**
 * The first line of a log of inputs: what it is, the version of its format, the time at its
 * beginning and the engine's settings. A policy that is not the default is only said to be logged.
 */
final class InputHeader {
  static final String MARK = "two-queue-inputs";

  /** Goes up with every change of the lines or of the words of {@link Decisions}. */
  static final int VERSION = 1;

  private static final String DEFAULT = "default";
  private static final String LOGGED = "logged";

  private InputHeader() {}

  /** What a first line says. */
  record Beginning(EngineSettings settings, long now) {}

  static String of(EngineSettings settings, long now) {
    return String.join(
        "\t",
        MARK,
        Integer.toString(VERSION),
        "nanos=" + now,
        "turns=" + (settings.turnPolicy() == TurnPolicy.DEFAULT ? DEFAULT : LOGGED),
        "drain=" + (settings.drainPolicy() == DrainPolicy.DEFAULT ? DEFAULT : LOGGED),
        "probes=" + settings.probes(),
        "evicts=" + settings.evicts(),
        "looks=" + settings.looks(),
        "looksAtFleet=" + settings.looksAtFleet(),
        "asksOutside=" + settings.asksOutside(),
        "fleetLimit=" + settings.fleetLimit(),
        "localQueueLimit=" + settings.localQueueLimit(),
        "fleetQueueLimit=" + settings.fleetQueueLimit(),
        "consecutiveStartsCap=" + settings.consecutiveStartsCap(),
        "suspendedLimit=" + settings.suspendedLimit(),
        "tells=" + settings.tells());
  }

  /**
   * Reads a first line.
   *
   * @param turns instead of a turn policy that is not the default
   * @param drain instead of a drain policy that is not the default
   */
  static Beginning read(String line, TurnPolicy turns, DrainPolicy drain) throws BadInputException {
    InputFields fields = new InputFields(line);
    if (!fields.text().equals(MARK)) {
      throw new BadInputException("this is no log of inputs, which begins with " + MARK);
    }
    String version = fields.text();
    if (!version.equals(Integer.toString(VERSION))) {
      throw new BadInputException(
          "this log is of version "
              + version
              + ", and only version "
              + VERSION
              + " is known here: replay it with the version of Two-Queue that has written it");
    }
    long now = InputFields.number(value(fields, "nanos"), Long.MIN_VALUE);
    EngineSettings settings =
        new EngineSettings(
            isDefault(fields, "turns") ? TurnPolicy.DEFAULT : turns,
            isDefault(fields, "drain") ? DrainPolicy.DEFAULT : drain,
            flag(fields, "probes"),
            flag(fields, "evicts"),
            flag(fields, "looks"),
            flag(fields, "looksAtFleet"),
            flag(fields, "asksOutside"),
            limit(fields, "fleetLimit"),
            limit(fields, "localQueueLimit"),
            limit(fields, "fleetQueueLimit"),
            limit(fields, "consecutiveStartsCap"),
            limit(fields, "suspendedLimit"),
            flag(fields, "tells"));
    fields.end();
    return new Beginning(settings, now);
  }

  private static String value(InputFields fields, String name) throws BadInputException {
    String text = fields.text();
    if (!text.startsWith(name + "=")) {
      throw new BadInputException(name + "= is expected, not '" + text + "'");
    }
    return text.substring(name.length() + 1);
  }

  private static boolean isDefault(InputFields fields, String name) throws BadInputException {
    return one(value(fields, name), DEFAULT, LOGGED);
  }

  private static boolean flag(InputFields fields, String name) throws BadInputException {
    return one(value(fields, name), "true", "false");
  }

  private static boolean one(String value, String yes, String no) throws BadInputException {
    return new InputFields(value).is(yes, no);
  }

  private static int limit(InputFields fields, String name) throws BadInputException {
    long limit = InputFields.number(value(fields, name), 1);
    if (limit > Integer.MAX_VALUE) {
      throw new BadInputException(name + " is at most " + Integer.MAX_VALUE + ", not " + limit);
    }
    return (int) limit;
  }
}
