package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/embed}, and the older {@code /api/embeddings}. A text's vector is always the same.
 */
final class EmbedEndpoint implements Endpoint {
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int SMALLEST_VECTOR = 8;

  private final Server server;
  private final boolean old;

  EmbedEndpoint(Server server, boolean old) {
    this.server = server;
    this.old = old;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException, ApiError {
    ApiRequest request =
        ApiRequest.parse(exchange.request().body(), old ? "EmbeddingRequest" : "EmbedRequest");
    Long keepAlive = KeepAlive.of(request.field("keep_alive"));
    if (old && request.model().isEmpty()) {
      throw new ApiError(400, "model is required");
    }
    List<String> inputs = old ? List.of(request.text("prompt")) : inputs(request.field("input"));
    SimulatedModel model = find(request.model());
    RunnerOptions options =
        RunnerOptions.of(model, request.options(), server.settings().defaultContext());
    long began = System.nanoTime();
    RunnerRequest claim = server.scheduler().acquire(model, options, keepAlive);
    try {
      Runner runner = Server.await(exchange, claim.granted);
      long loaded = System.nanoTime();
      int tokens = embed(exchange, runner, request, inputs);
      server.scheduler().end(claim);
      ObjectNode answer = answer(request, model, inputs);
      if (!old && !inputs.isEmpty()) {
        answer
            .put("total_duration", System.nanoTime() - began)
            .put("load_duration", loaded - began)
            .put("prompt_eval_count", tokens);
      }
      Answers.json(exchange, answer);
    } finally {
      server.scheduler().end(claim);
    }
  }

  private SimulatedModel find(String name) throws ApiError {
    try {
      return server.require(name);
    } catch (ApiError refused) {
      if (refused.status() == 404 && !name.isEmpty()) {
        throw new ApiError(404, "model \"" + name + "\" not found, try pulling it first");
      }
      throw refused;
    }
  }

  private static List<String> inputs(@Nullable JsonNode input) throws ApiError {
    List<String> texts = new ArrayList<>();
    if (input == null || input.isNull()) {
      return texts;
    }
    if (input.isTextual() && !input.textValue().isEmpty()) {
      texts.add(input.textValue());
    } else if (!input.isTextual() && !input.isArray()) {
      throw new ApiError(400, "invalid input type");
    }
    for (JsonNode each : input) {
      if (!each.isTextual()) {
        throw new ApiError(400, "invalid input type");
      }
      texts.add(each.textValue());
    }
    return texts;
  }

  private int embed(HttpExchange exchange, Runner runner, ApiRequest request, List<String> inputs)
      throws IOException, ApiError {
    if (inputs.isEmpty()) {
      return 0;
    }
    if (!runner.model.isEmbedding() && server.settings().version() == OllamaVersion.V0_33) {
      throw new ApiError(
          501, "This server does not support embeddings. Start it with `--embeddings`");
    }
    int tokens = 0;
    for (String input : inputs) {
      int length = 2 + input.length() / CHARACTERS_PER_TOKEN;
      if (length > runner.options.contextLength() && !request.flag("truncate", true)) {
        throw new ApiError(400, "the input length exceeds the context length");
      }
      tokens += Math.min(length, runner.options.contextLength());
    }
    CompletableFuture<Void> turn = runner.turnstile.enter();
    try {
      Server.await(exchange, turn);
      double seconds = tokens / runner.model.tokensPerSecond();
      exchange.pause(server.time().nanos(Duration.ofNanos(Math.round(seconds * 1e9))));
    } finally {
      runner.turnstile.leave(turn);
    }
    return tokens;
  }

  private ObjectNode answer(ApiRequest request, SimulatedModel model, List<String> inputs) {
    if (old) {
      ObjectNode answer = Json.object();
      fill(answer.putArray("embedding"), inputs.get(0), model.embeddingLength());
      return answer;
    }
    ObjectNode answer = Json.object().put("model", request.model());
    ArrayNode vectors = answer.putArray("embeddings");
    JsonNode asked = request.field("dimensions");
    for (String input : inputs) {
      int length = asked == null ? model.embeddingLength() : asked.asInt();
      fill(vectors.addArray(), input, length);
    }
    return answer;
  }

  /** A vector of length 1, the beginning of which does not depend on how many numbers are asked. */
  private static void fill(ArrayNode vector, String text, int length) {
    Random random = new Random(text.hashCode());
    double[] numbers = random.doubles(Math.max(SMALLEST_VECTOR, length), -1, 1).toArray();
    double norm = 0;
    for (double number : numbers) {
      norm += number * number;
    }
    for (double number : numbers) {
      vector.add((float) (number / Math.sqrt(norm)));
    }
  }
}
