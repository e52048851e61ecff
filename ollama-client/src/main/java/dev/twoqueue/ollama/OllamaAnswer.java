package dev.twoqueue.ollama;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A complete answer of generate or chat.
 *
 * @param model as the server names it; empty where {@link #done} is false
 * @param text the answer
 * @param thinking the model's thinking, where the server separates it
 * @param toolCalls what the model wants to call, as JSON objects
 * @param done false for the empty object with which a server answers when the model ended at once,
 *     without a single token: not an answer, and not an error either
 * @param doneReason for example {@code stop}, {@code length}, {@code load}, {@code unload}
 * @param metrics what the server measured
 */
public record OllamaAnswer(
    String model,
    String text,
    String thinking,
    List<Map<String, Object>> toolCalls,
    boolean done,
    Optional<String> doneReason,
    Metrics metrics) {

  /**
   * What the server measured; zero where it did not.
   *
   * @param total the whole request
   * @param load of it, loading the model
   * @param promptTokens tokens of the prompt that were evaluated
   * @param promptEvaluation how long that took
   * @param tokens tokens of the answer
   * @param evaluation how long those took
   */
  public record Metrics(
      Duration total,
      Duration load,
      long promptTokens,
      Duration promptEvaluation,
      long tokens,
      Duration evaluation) {}

  public OllamaAnswer {
    toolCalls = List.copyOf(toolCalls);
  }
}
