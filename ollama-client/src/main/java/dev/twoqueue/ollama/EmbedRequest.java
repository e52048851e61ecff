package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Texts to be turned into vectors. Immutable. */
public final class EmbedRequest {
  private final RequestSettings settings;
  private final List<String> texts;

  private EmbedRequest(RequestSettings settings, List<String> texts) {
    this.settings = settings;
    this.texts = texts;
  }

  /**
   * Texts for a model.
   *
   * @param model its name
   * @param texts at least one, none blank: the server leaves empty ones out of its answer
   * @return the request
   * @throws IllegalArgumentException when the model is no valid name, or a text is blank
   */
  public static EmbedRequest of(String model, List<String> texts) {
    RequestSettings settings = RequestSettings.of(model);
    if (Arguments.notNull(texts, "texts").isEmpty()) {
      throw new IllegalArgumentException("texts must not be empty");
    }
    texts.forEach(text -> Arguments.notBlank(text, "texts' entry"));
    return new EmbedRequest(settings, List.copyOf(texts));
  }

  /**
   * The same with options.
   *
   * @param options replace all that were given before
   * @return a copy
   */
  public EmbedRequest withOptions(ModelOptions options) {
    return new EmbedRequest(settings.withOptions(options), texts);
  }

  /**
   * The same with a time for the model to stay resident. Not to be used while a swap may be under
   * way: it can revive a model that the server is evicting, and every later load then hangs.
   *
   * @param keepAlive how long
   * @return a copy
   */
  public EmbedRequest withKeepAlive(KeepAlive keepAlive) {
    return new EmbedRequest(settings.withKeepAlive(keepAlive), texts);
  }

  /**
   * The same with one more field of the server's API: {@code truncate} or {@code dimensions}.
   *
   * @param name the field's name
   * @param value a number or boolean
   * @return a copy
   * @throws IllegalArgumentException when the name is blank or one that has its own setter
   */
  public EmbedRequest withField(String name, Object value) {
    return new EmbedRequest(settings.withField(name, value), texts);
  }

  /**
   * The model.
   *
   * @return as it was given
   */
  public String model() {
    return settings.model();
  }

  int size() {
    return texts.size();
  }

  ObjectNode json() {
    ObjectNode node = settings.json(false);
    node.remove("stream");
    texts.forEach(node.putArray("input")::add);
    return node;
  }
}
