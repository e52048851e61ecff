package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the server says of an error into a member of the family. Most errors have status 500
 * or come in the middle of a 200, so their text decides; the texts are those of the recordings.
 */
final class ErrorMapper {
  /** What Ollama's own scheduler takes as want of memory. */
  private static final List<String> OUT_OF_MEMORY =
      List.of(
          "requires more system memory",
          "memory layout cannot be allocated",
          "out of memory",
          "out-of-memory",
          "out of device memory",
          "cudamalloc failed",
          "hipmalloc failed",
          "failed to allocate",
          "allocation failed",
          "not enough memory",
          "insufficient memory",
          "vk_error_out_of_device_memory",
          "erroroutofmemory");

  private static final List<String> RUNNER_DIED =
      List.of(
          "process has terminated",
          "runner has unexpectedly stopped",
          "model failed to load",
          "timed out waiting for llama");

  private ErrorMapper() {}

  /** An answer whose status is not 2xx. */
  static OllamaException ofStatus(ApiRequest request, int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    Where where = new Where(request.endpoint(), status, text);
    Optional<JsonNode> answer = json(body);
    Optional<String> error = answer.flatMap(Json::errorText);
    if (error.isPresent()) {
      String signIn = answer.map(node -> node.path("signin_url").textValue()).orElse(null);
      return ofText(request, status, error.get(), signIn, where);
    }
    return switch (status) {
      case 401, 403 ->
          new OllamaException.Unauthorised(
              "The server does not let this host in (see its OLLAMA_HOST and OLLAMA_ORIGINS)",
              where);
      case 429, 503 -> new OllamaException.ServerBusy("The server is busy", where);
      case 501 -> new OllamaException.Unsupported("The server cannot do this", where);
      case 404, 405 -> unknownEndpoint(where);
      default ->
          status >= 500
              ? new OllamaException.ServerError("The server failed", where)
              : new OllamaException.ProtocolViolation("An unexpected answer", where, null);
    };
  }

  /** An error line in the middle of a stream. */
  static OllamaException ofLine(ApiRequest request, int status, String error) {
    return ofText(request, status, error, null, new Where(request.endpoint(), status, error));
  }

  private static OllamaException ofText(
      ApiRequest request, int status, String error, @Nullable String signIn, Where where) {
    String text = error.toLowerCase(Locale.ROOT);
    if (text.contains("no space left on device")) {
      return new OllamaException.NoSpace("The disk that takes models is full", where);
    }
    if (containsAny(text, OUT_OF_MEMORY)) {
      return new OllamaException.OutOfMemory("The server ran out of memory", where);
    }
    if (containsAny(text, RUNNER_DIED)) {
      return new OllamaException.RunnerDied(
          "The process that runs the model ended (want of memory is a frequent cause)", where);
    }
    if (status == 501 || text.contains("does not support")) {
      return new OllamaException.Unsupported("The model cannot do this", where);
    }
    if (isNotFound(status, text)) {
      if (request.model() == null) {
        return unknownEndpoint(where);
      }
      return new OllamaException.ModelNotFound(
          request.model(), "No such model: " + request.model(), where);
    }
    if (status == 401 || status == 403 || text.contains("unauthorized")) {
      return new OllamaException.Unauthorised(
          request.model(), signIn, "Not signed in, or not allowed", where);
    }
    if (status == 429 || status == 503 || text.contains("manifest: 429")) {
      return new OllamaException.ServerBusy("The server is busy; try again later", where);
    }
    if (status == 499) {
      return new OllamaException.Cancelled("The server gave the request up", where, null);
    }
    boolean rejectedOption = text.startsWith("option ") && text.contains("must be of type");
    if ((status >= 400 && status < 500) || rejectedOption) {
      return new OllamaException.BadRequest("The server rejects the request", where);
    }
    return request.path().equals("api/pull")
        ? new OllamaException.RegistryFailed("The registry failed, or the way to it", where)
        : new OllamaException.ServerError("The server reports an error", where);
  }

  private static boolean isNotFound(int status, String text) {
    return status == 404 || text.contains("manifest: file does not exist");
  }

  private static boolean containsAny(String text, List<String> parts) {
    return parts.stream().anyMatch(text::contains);
  }

  private static OllamaException unknownEndpoint(Where where) {
    return new OllamaException.ProtocolViolation(
        "The server does not know this endpoint: not an Ollama, or a very old one", where, null);
  }

  private static Optional<JsonNode> json(byte[] body) {
    try {
      return Optional.of(Json.tree(body));
    } catch (IOException notJson) {
      return Optional.empty(); // the router's own errors are plain text; the status decides
    }
  }
}
