package dev.twoqueue.gate;

/** Numbers for people. {@code String.format} makes some kB of garbage a figure, at every look. */
final class Numbers {
  private static final double TOO_LARGE = 1e15;

  private Numbers() {}

  /**
   * A number with so many digits after the point, rounded half up.
   *
   * @param digits from 0 to 2
   */
  static String fixed(double value, int digits) {
    if (!(Math.abs(value) < TOO_LARGE)) { // nor is NaN
      return Double.toString(value);
    }
    int scale = digits == 0 ? 1 : digits == 1 ? 10 : 100;
    long scaled = Math.round(Math.abs(value) * scale);
    StringBuilder text = new StringBuilder(12);
    if (value < 0 && scaled != 0) {
      text.append('-');
    }
    text.append(scaled / scale);
    if (digits > 0) {
      String fraction = Long.toString(scaled % scale);
      text.append('.').append("0".repeat(digits - fraction.length())).append(fraction);
    }
    return text.toString();
  }

  /** A share of one, in whole percent. */
  static String percent(double share) {
    return fixed(100 * share, 0) + " %";
  }
}
