package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions without a prompt, which load a model, change how long it stays, or unload it. */
final class LoadCalls {
  private final OllamaCalls calls;

  LoadCalls(OllamaCalls calls) {
    this.calls = calls;
  }

  /** Returns when the model is ready; one that only embeds is asked by the embedding endpoint. */
  void load(String model, ModelOptions options, @Nullable KeepAlive keepAlive, Duration limit) {
    ObjectNode body = new RequestSettings(model, options, keepAlive, Map.of()).json(false);
    ModelName.parse(model);
    try {
      ApiRequest request = ApiRequest.post("api/generate", body, model);
      calls.object(request, limit, node -> expectDone(node, "load"));
    } catch (OllamaException.Unsupported onlyEmbeds) {
      body.putArray("input");
      body.remove("stream");
      calls.body(ApiRequest.post("api/embed", body, model), limit, in -> EmbedReader.read(in, 0));
    }
  }

  /** Returns when the server has taken note. */
  void unload(String model) {
    ObjectNode body = OllamaCalls.naming(model).put("keep_alive", KeepAlive.UNLOAD.seconds());
    body.put("stream", false);
    ApiRequest request = ApiRequest.post("api/generate", body, model);
    calls.quick(request, node -> expectDone(node, "unload"));
  }

  private static boolean expectDone(JsonNode node, String reason) throws IOException {
    Optional<String> said = Json.optionalText(node, "done_reason");
    if (!Json.flag(node, "done") || !said.orElse(reason).equals(reason)) {
      throw new Json.MalformedException("not done with reason '" + reason + "'");
    }
    return true;
  }
}
