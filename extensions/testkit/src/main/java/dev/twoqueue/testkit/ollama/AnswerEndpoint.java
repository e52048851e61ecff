package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code /api/generate} and {@code /api/chat}: they differ in form alone. */
final class AnswerEndpoint implements Endpoint {
  private final Server server;
  private final boolean chat;

  AnswerEndpoint(Server server, boolean chat) {
    this.server = server;
    this.chat = chat;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException, ApiError {
    ApiRequest request =
        ApiRequest.parse(exchange.request().body(), chat ? "ChatRequest" : "GenerateRequest");
    Long keepAlive = KeepAlive.of(request.field("keep_alive"));
    if (chat && request.model().isEmpty()) {
      throw new ApiError(400, "model is required");
    }
    SimulatedModel model = server.require(request.model());
    boolean empty = promptLength(request) == 0;
    if (empty && keepAlive != null && keepAlive == 0) {
      server.scheduler().unload(model);
      Answers.json(exchange, last(request, "unload"));
      return;
    }
    checkCapabilities(request, model);
    RunnerOptions options =
        RunnerOptions.of(model, request.options(), server.settings().defaultContext());
    work(exchange, request, model, options, keepAlive);
  }

  private void work(
      HttpExchange exchange,
      ApiRequest request,
      SimulatedModel model,
      RunnerOptions options,
      @Nullable Long keepAlive)
      throws IOException, ApiError {
    long began = System.nanoTime();
    RunnerRequest claim = server.scheduler().acquire(model, options, keepAlive);
    try {
      Runner runner = Server.await(exchange, claim.granted);
      Runnable release = () -> server.scheduler().end(claim);
      if (promptLength(request) == 0) {
        release.run();
        Answers.json(exchange, last(request, "load"));
        return;
      }
      new Answer(server, exchange, runner, release, piece(request), began)
          .give(request, promptLength(request));
    } finally {
      server.scheduler().end(claim);
    }
  }

  private int promptLength(ApiRequest request) {
    if (!chat) {
      return request.text("prompt").length();
    }
    int length = 0;
    JsonNode messages = request.field("messages");
    if (messages != null) {
      for (JsonNode message : messages) {
        length += 1 + message.path("content").asText("").length();
      }
    }
    return length;
  }

  private void checkCapabilities(ApiRequest request, SimulatedModel model) throws ApiError {
    if (model.isEmbedding()) {
      throw lacks("\"" + request.model() + "\"", chat ? "chat" : "generate");
    }
    JsonNode tools = request.field("tools");
    if (chat && tools != null && !tools.isEmpty() && !model.capabilities().contains("tools")) {
      throw lacks(ModelName.of(model.name()).full(), "tools");
    }
    if (request.flag("think", false) && !model.capabilities().contains("thinking")) {
      throw lacks("\"" + request.model() + "\"", "thinking");
    }
  }

  private static ApiError lacks(String model, String capability) {
    return new ApiError(400, model + " does not support " + capability);
  }

  private ObjectNode last(ApiRequest request, String reason) {
    return piece(request).of("").put("done", true).put("done_reason", reason);
  }

  /** How this endpoint wraps a piece of an answer. */
  private Answer.Form piece(ApiRequest request) {
    return text -> {
      ObjectNode piece =
          Json.object().put("model", request.model()).put("created_at", Json.time(Instant.now()));
      if (chat) {
        piece.putObject("message").put("role", "assistant").put("content", text);
      } else {
        piece.put("response", text);
      }
      return piece;
    };
  }
}
