package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** A download, and before it the registry's word on its size. */
final class PullCalls {
  private final OllamaCalls calls;

  PullCalls(OllamaCalls calls) {
    this.calls = calls;
  }

  /** In bytes. */
  long size(String model) {
    ApiRequest request = RegistryManifest.request(model);
    try {
      return calls.body(request, calls.timeouts().quick(), RegistryManifest::size);
    } catch (OllamaException.ProtocolViolation e) {
      if (e.status().orElse(0) != 404) {
        throw e;
      }
      throw new OllamaException.ModelNotFound(
          model,
          "The registry has no such model: " + model,
          new Where(request.endpoint(), 404, e.received()));
    }
  }

  void pull(String model, Consumer<? super PullProgress> consumer) {
    Arguments.notNull(consumer, "consumer");
    ApiRequest request =
        ApiRequest.post("api/pull", OllamaCalls.naming(model).put("stream", true), model);
    Duration idle = calls.timeouts().pullIdle();
    StallWatch watch = new StallWatch(idle);
    boolean ended =
        calls.stream(
            request,
            idle,
            idle,
            (line, exchange) -> {
              PullProgress progress = progress(line);
              watch.saw(progress, exchange.where());
              consumer.accept(progress);
              return progress.isSuccess();
            });
    if (!ended) {
      throw OllamaCalls.broken(request);
    }
  }

  private static PullProgress progress(JsonNode line) throws IOException {
    return new PullProgress(
        Json.text(line, "status"),
        Json.optionalText(line, "digest"),
        Json.count(line, "total"),
        Json.count(line, "completed"));
  }
}
