package dev.twoqueue.ollama.internal.http;

/**
 * Where a call failed, for messages.
 *
 * @param endpoint method and path
 * @param status the HTTP status, 0 when none came
 * @param received the beginning of the body; shortened, control characters replaced
 */
public record Where(String endpoint, int status, String received) {
  /** How much of the body is shown, in characters. */
  public static final int SHOWN = 300;

  public Where {
    String clean = received.replaceAll("[\\p{Cntrl}]+", " ").strip();
    received = clean.length() > SHOWN ? clean.substring(0, SHOWN) + "…" : clean;
  }

  /**
   * A message.
   *
   * @param what what happened
   * @return that, with the endpoint, the status and what came
   */
  public String describe(String what) {
    return what
        + " ["
        + endpoint
        + (status == 0 ? "" : ", HTTP " + status)
        + "]"
        + (received.isEmpty() ? "" : " received: " + received);
  }
}
