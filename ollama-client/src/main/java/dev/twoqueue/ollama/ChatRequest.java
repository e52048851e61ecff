package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A question to a model as a conversation. Immutable. */
public final class ChatRequest {
  private final RequestSettings settings;
  private final List<ChatMessage> messages;

  private ChatRequest(RequestSettings settings, List<ChatMessage> messages) {
    this.settings = settings;
    this.messages = messages;
  }

  /**
   * A conversation with a model.
   *
   * @param model its name
   * @param messages at least one; an empty list would only load the model, so it is refused
   * @return the request
   * @throws IllegalArgumentException when the model is no valid name or there is no message
   */
  public static ChatRequest of(String model, List<ChatMessage> messages) {
    RequestSettings settings = RequestSettings.of(model);
    if (Arguments.notNull(messages, "messages").isEmpty()) {
      throw new IllegalArgumentException("messages must not be empty");
    }
    return new ChatRequest(settings, List.copyOf(messages));
  }

  /**
   * A single question to a model.
   *
   * @param model its name
   * @param prompt what the user says
   * @return the request
   * @throws IllegalArgumentException when the model is no valid name or the prompt is blank
   */
  public static ChatRequest of(String model, String prompt) {
    return of(model, List.of(ChatMessage.user(Arguments.notBlank(prompt, "prompt"))));
  }

  /**
   * The same with other options.
   *
   * @param options replace all that were given before
   * @return a copy
   */
  public ChatRequest withOptions(ModelOptions options) {
    return new ChatRequest(settings.withOptions(options), messages);
  }

  /**
   * The same with a time for the model to stay resident. Without it a resident model keeps its own
   * and a new one gets the server's default (5 min).
   *
   * @param keepAlive how long
   * @return a copy
   */
  public ChatRequest withKeepAlive(KeepAlive keepAlive) {
    return new ChatRequest(settings.withKeepAlive(keepAlive), messages);
  }

  /**
   * The same with one more field of the server's API, for example {@code format}, {@code system},
   * {@code think} or {@code tools}.
   *
   * @param name the field's name
   * @param value a number, text, boolean, list or map
   * @return a copy
   * @throws IllegalArgumentException when the name is blank or one that has its own setter, or the
   *     value cannot be JSON
   */
  public ChatRequest withField(String name, Object value) {
    return new ChatRequest(settings.withField(name, value), messages);
  }

  /**
   * The model.
   *
   * @return as it was given
   */
  public String model() {
    return settings.model();
  }

  /**
   * The options.
   *
   * @return {@link ModelOptions#NONE} by default
   */
  public ModelOptions options() {
    return settings.options();
  }

  /** The same without a time to stay: the model keeps the one that it has. */
  ChatRequest withoutKeepAlive() {
    return new ChatRequest(settings.withoutKeepAlive(), messages);
  }

  RequestSettings settings() {
    return settings;
  }

  ObjectNode json(boolean stream) {
    ObjectNode node = settings.json(stream);
    messages.forEach(
        message ->
            node.withArray("messages")
                .addObject()
                .put("role", message.role())
                .put("content", message.content()));
    return node;
  }
}
