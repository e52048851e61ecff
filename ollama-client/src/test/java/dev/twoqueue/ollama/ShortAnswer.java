package dev.twoqueue.ollama;

/**
 * What a real server's models are asked for. The small models of random weights end at many prompts
 * with their first or second token, and of such an answer 0.33 sends nothing, or no last line; at
 * this one they do not.
 */
final class ShortAnswer {
  private ShortAnswer() {}

  static GenerateRequest of(String model, int context) {
    return GenerateRequest.of(model, "hello there")
        .withOptions(ModelOptions.context(context).with("num_predict", 2).with("temperature", 0));
  }
}
