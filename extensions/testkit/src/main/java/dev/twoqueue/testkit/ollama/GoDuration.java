package dev.twoqueue.testkit.ollama;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in Go's notation: {@code 1h30m}, {@code -1.5s}. */
final class GoDuration {
  private static final Pattern NUMBER = Pattern.compile("\\d+\\.?\\d*|\\.\\d+");
  private static final Pattern UNIT = Pattern.compile("[^0-9.]+");
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /** Nanoseconds; or 400, in Go's own words. */
  static long parse(String text) throws ApiError {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    while (!rest.isEmpty()) {
      Matcher number = NUMBER.matcher(rest);
      if (!number.lookingAt()) {
        throw invalid(text);
      }
      rest = rest.substring(number.end());
      Matcher unit = UNIT.matcher(rest);
      if (!unit.lookingAt()) {
        throw new ApiError(400, "time: missing unit in duration \"" + text + "\"");
      }
      Long length = UNITS.get(unit.group());
      if (length == null) {
        String name = unit.group();
        throw new ApiError(400, "time: unknown unit \"" + name + "\" in duration \"" + text + "\"");
      }
      rest = rest.substring(unit.end());
      nanos = nanos.add(new BigDecimal(number.group()).multiply(BigDecimal.valueOf(length)));
    }
    if (nanos.compareTo(MAX) > 0) {
      throw invalid(text);
    }
    long whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
    return negative ? -whole : whole;
  }

  private static ApiError invalid(String text) {
    return new ApiError(400, "time: invalid duration \"" + text + "\"");
  }
}
