package dev.twoqueue.ollama;

/**
 * One message of a chat.
 *
 * <p>The constructor throws {@link IllegalArgumentException} when the role is blank.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text; may be empty
 */
public record ChatMessage(String role, String content) {
  public ChatMessage {
    Arguments.notBlank(role, "role");
    Arguments.notNull(content, "content");
  }

  /**
   * What a person says.
   *
   * @param content the text
   * @return the message
   */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /**
   * What the model is told beforehand.
   *
   * @param content the text
   * @return the message
   */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /**
   * What the model said before.
   *
   * @param content the text
   * @return the message
   */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
