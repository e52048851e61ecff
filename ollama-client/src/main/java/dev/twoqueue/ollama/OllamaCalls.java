package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Exchange;
import dev.twoqueue.ollama.internal.http.HttpCalls;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shapes that calls have: how long each may take, how much of its answer is read, and what is
 * checked of it. An error may come under a 200, alone or as the last line of a stream, so each
 * object is searched for one before it is read.
 */
final class OllamaCalls {
  private final HttpCalls http;
  private final ClientSettings settings;
  private final @Nullable CancellationToken token;

  OllamaCalls(HttpCalls http, ClientSettings settings, @Nullable CancellationToken token) {
    this.http = http;
    this.settings = settings;
    this.token = token;
  }

  /** Reads an object that tells of no error. */
  @FunctionalInterface
  interface ObjectReader<T> {
    T read(JsonNode answer) throws IOException;
  }

  /** Takes the objects of a stream, none of which tells of an error. */
  @FunctionalInterface
  interface StreamReader {
    /** Returns whether this was the last one. */
    boolean read(JsonNode line, Exchange exchange) throws IOException;
  }

  OllamaTimeouts timeouts() {
    return settings.timeouts();
  }

  /** The body of a request about a model, whose name is checked. */
  static ObjectNode naming(String model) {
    ModelName.parse(model);
    return Json.object().put("model", model);
  }

  /** One object, from an endpoint that needs no model. */
  <T> T quick(ApiRequest request, ObjectReader<T> reader) {
    return object(request, timeouts().quick(), reader);
  }

  /** One object. */
  <T> T object(ApiRequest request, Duration limit, ObjectReader<T> reader) {
    return body(request, limit, in -> reader.read(checked(request, Json.tree(in), 200)));
  }

  /** An answer of ordinary size, as it comes. */
  <T> T body(ApiRequest request, Duration limit, HttpCalls.BodyReader<T> reader) {
    return http.whole(request, limit, settings.maxAnswerBytes(), reader, token);
  }

  /** An answer that may be large, for a reader that takes it as it streams by. */
  <T> T largeBody(ApiRequest request, Duration limit, HttpCalls.BodyReader<T> reader) {
    return http.whole(request, limit, settings.maxLargeAnswerBytes(), reader, token);
  }

  /** An order whose answer is empty; anything else tells that this is no Ollama, or what failed. */
  void order(ApiRequest request) {
    body(
        request,
        timeouts().quick(),
        in -> {
          byte[] text = in.readAllBytes();
          return text.length == 0 || checked(request, Json.tree(text), 200).isObject();
        });
  }

  /**
   * A stream of objects, one a line.
   *
   * @param first until the first line
   * @param idle between lines
   * @return whether the last line came
   */
  boolean stream(ApiRequest request, Duration first, Duration idle, StreamReader reader) {
    return http.lines(
        request,
        first,
        idle,
        (line, exchange) ->
            reader.read(checked(request, Json.tree(line), exchange.status()), exchange),
        token);
  }

  /** The answer of generate or chat as one object. */
  OllamaAnswer answer(ApiRequest request) {
    return object(
        request,
        timeouts().overall(),
        node -> {
          AnswerReader reader = new AnswerReader(settings.maxAnswerBytes(), null);
          Optional<OllamaAnswer> answer = reader.take(node);
          return answer.isPresent() ? answer.get() : reader.unfinished(node);
        });
  }

  /** The answer of generate or chat piece by piece. */
  OllamaAnswer answer(ApiRequest request, Consumer<? super OllamaChunk> consumer) {
    Arguments.notNull(consumer, "consumer");
    AnswerReader reader = new AnswerReader(settings.maxAnswerBytes(), consumer);
    AtomicReference<@Nullable OllamaAnswer> answer = new AtomicReference<>();
    stream(
        request,
        timeouts().load(),
        timeouts().idle(),
        (line, exchange) -> {
          reader.take(line).ifPresent(answer::set);
          return answer.get() != null;
        });
    OllamaAnswer complete = answer.get();
    if (complete != null) {
      return complete;
    }
    if (reader.begun()) {
      throw broken(request);
    }
    // The stream's form of the empty object: the model ended at once, without a single token.
    return AnswerReader.empty();
  }

  private static JsonNode checked(ApiRequest request, JsonNode node, int status)
      throws IOException {
    Optional<String> error = Json.errorText(Json.requireObject(node));
    if (error.isPresent()) {
      throw ErrorMapper.ofLine(request, status, error.get());
    }
    return node;
  }

  /** For a stream that ended without its last line. */
  static OllamaException broken(ApiRequest request) {
    return new OllamaException.StreamBroken(
        "The stream ended before its last line", new Where(request.endpoint(), 200, ""), null);
  }
}
