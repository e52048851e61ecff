package dev.twoqueue.ollama;

import java.time.Duration;

/**
 * How long a model stays resident after its last request. Sent as a number of seconds, which every
 * server version takes; the text {@code "-1"} is a 400 in all of them.
 *
 * @param seconds negative: for ever; 0: unload now
 */
public record KeepAlive(long seconds) {
  /** Pins the model: it leaves by an explicit unload, an eviction or the server's end. */
  public static final KeepAlive FOREVER = new KeepAlive(-1);

  /** Unloads as soon as the model is idle. */
  public static final KeepAlive UNLOAD = new KeepAlive(0);

  /** The server turns seconds into nanoseconds and overflows at about 292 years: 10^10 unloads. */
  private static final long MOST = Arguments.LONGEST.toSeconds();

  /**
   * Seconds as the server takes them.
   *
   * @throws IllegalArgumentException when below -1 or above 100 years
   */
  public KeepAlive {
    Arguments.between(seconds, -1, MOST, "keepAlive in seconds");
  }

  /**
   * For a while. Parts of a second are rounded up.
   *
   * @param duration zero or more, at most 100 years
   * @return the value
   * @throws IllegalArgumentException when negative or longer
   */
  public static KeepAlive of(Duration duration) {
    if (Arguments.notNull(duration, "keepAlive").isNegative()) {
      throw new IllegalArgumentException(
          "keepAlive must not be negative, was " + duration + "; KeepAlive.FOREVER pins");
    }
    long seconds = duration.toSeconds();
    boolean more = Duration.ofSeconds(seconds).compareTo(duration) < 0;
    return new KeepAlive(more ? seconds + 1 : seconds);
  }
}
