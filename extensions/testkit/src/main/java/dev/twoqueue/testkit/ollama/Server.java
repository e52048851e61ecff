package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What the endpoints share. */
record Server(
    ServerSettings settings,
    SimulatedTime time,
    ModelStore store,
    RunnerScheduler scheduler,
    OllamaFaults faults,
    ActivityLog log) {

  /** The model of that name; 404 in the words of most endpoints. */
  SimulatedModel require(String name) throws ApiError {
    if (name.isEmpty()) {
      throw ApiError.notFound("");
    }
    SimulatedModel model = store.find(validName(name));
    if (model == null) {
      throw ApiError.notFound(name);
    }
    return model;
  }

  static ModelName validName(String name) throws ApiError {
    return ModelName.parse(name).orElseThrow(() -> new ApiError(400, "invalid model name"));
  }

  /** Waits for a result, or for its client to go. */
  static <T> T await(HttpExchange exchange, CompletableFuture<T> result)
      throws IOException, ApiError {
    try {
      return exchange.await(result);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof ApiError refused) {
        throw refused;
      }
      throw new IllegalStateException(failed);
    }
  }
}
