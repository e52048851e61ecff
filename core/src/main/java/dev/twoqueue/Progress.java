package dev.twoqueue;

/**
 * How far a running task is, as it says itself.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when a number is negative.
 *
 * @param done units done
 * @param total units in all; 0 when unknown
 * @param message what it is doing, for people; may be empty
 */
public record Progress(long done, long total, String message) {
  /** Nothing was reported. */
  public static final Progress NONE = new Progress(0, 0, "");

  public Progress {
    Arguments.notNegative(done, "done");
    Arguments.notNegative(total, "total");
    Arguments.notNull(message, "message");
  }
}
