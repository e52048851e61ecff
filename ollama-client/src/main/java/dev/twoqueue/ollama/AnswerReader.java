package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.internal.http.BoundedInput;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts the answer of generate or chat together, from one object or from many lines. */
final class AnswerReader {
  private final long maxChars;
  private final @Nullable Consumer<? super OllamaChunk> consumer;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final List<Map<String, Object>> toolCalls = new ArrayList<>();
  private boolean begun;

  AnswerReader(long maxChars, @Nullable Consumer<? super OllamaChunk> consumer) {
    this.maxChars = maxChars;
    this.consumer = consumer;
  }

  /** Takes an object; returns the answer once it is the last one. */
  Optional<OllamaAnswer> take(JsonNode node) throws IOException {
    begun = true;
    JsonNode message = node.path("message");
    JsonNode content = message.isObject() ? message : node;
    OllamaChunk chunk =
        new OllamaChunk(
            Json.optionalText(content, message.isObject() ? "content" : "response").orElse(""),
            Json.optionalText(content, "thinking").orElse(""));
    boolean done = Json.flag(node, "done");
    if (!done && !node.has("message") && !node.has("response") && !node.has("thinking")) {
      throw new Json.MalformedException("neither an answer nor an error");
    }
    append(chunk);
    if (content.hasNonNull("tool_calls")) {
      for (JsonNode call : Json.list(content, "tool_calls")) {
        toolCalls.add(Json.map(call));
      }
    }
    if (consumer != null && !(chunk.text().isEmpty() && chunk.thinking().isEmpty())) {
      consumer.accept(chunk);
    }
    return done ? Optional.of(answer(node, true)) : Optional.empty();
  }

  /** Whether anything came at all. */
  boolean begun() {
    return begun;
  }

  /** What there is, for a server that ended without a last object. */
  OllamaAnswer unfinished(JsonNode node) throws IOException {
    return answer(node, false);
  }

  /** No token at all. */
  static OllamaAnswer empty() {
    Duration none = Duration.ZERO;
    return new OllamaAnswer(
        "",
        "",
        "",
        List.of(),
        false,
        Optional.empty(),
        new OllamaAnswer.Metrics(none, none, 0, none, 0, none));
  }

  private void append(OllamaChunk chunk) throws IOException {
    text.append(chunk.text());
    thinking.append(chunk.thinking());
    if ((long) text.length() + thinking.length() > maxChars) {
      throw new BoundedInput.TooLargeException(maxChars);
    }
  }

  private OllamaAnswer answer(JsonNode node, boolean done) throws IOException {
    return new OllamaAnswer(
        Json.optionalText(node, "model").orElse(""),
        text.toString(),
        thinking.toString(),
        toolCalls,
        done,
        Json.optionalText(node, "done_reason"),
        new OllamaAnswer.Metrics(
            nanos(node, "total_duration"),
            nanos(node, "load_duration"),
            Json.count(node, "prompt_eval_count"),
            nanos(node, "prompt_eval_duration"),
            Json.count(node, "eval_count"),
            nanos(node, "eval_duration")));
  }

  private static Duration nanos(JsonNode node, String field) throws IOException {
    return Duration.ofNanos(Json.count(node, field));
  }
}
