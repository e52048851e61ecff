package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A question to a model as one prompt. Immutable. */
public final class GenerateRequest {
  private final RequestSettings settings;
  private final String prompt;

  private GenerateRequest(RequestSettings settings, String prompt) {
    this.settings = settings;
    this.prompt = prompt;
  }

  /**
   * A prompt for a model.
   *
   * @param model its name
   * @param prompt the text; an empty one would only load the model, so it is refused
   * @return the request
   * @throws IllegalArgumentException when the model is no valid name or the prompt is blank
   */
  public static GenerateRequest of(String model, String prompt) {
    return new GenerateRequest(RequestSettings.of(model), Arguments.notBlank(prompt, "prompt"));
  }

  /**
   * The same with other options.
   *
   * @param options replace all that were given before
   * @return a copy
   */
  public GenerateRequest withOptions(ModelOptions options) {
    return new GenerateRequest(settings.withOptions(options), prompt);
  }

  /**
   * The same with a time for the model to stay resident. Without it a resident model keeps its own
   * and a new one gets the server's default (5 min).
   *
   * @param keepAlive how long
   * @return a copy
   */
  public GenerateRequest withKeepAlive(KeepAlive keepAlive) {
    return new GenerateRequest(settings.withKeepAlive(keepAlive), prompt);
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
  public GenerateRequest withField(String name, Object value) {
    return new GenerateRequest(settings.withField(name, value), prompt);
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
  GenerateRequest withoutKeepAlive() {
    return new GenerateRequest(settings.withoutKeepAlive(), prompt);
  }

  RequestSettings settings() {
    return settings;
  }

  ObjectNode json(boolean stream) {
    return settings.json(stream).put("prompt", prompt);
  }
}
