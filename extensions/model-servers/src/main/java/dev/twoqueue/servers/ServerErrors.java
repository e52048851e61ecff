package dev.twoqueue.servers;

import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.CallErrors;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Failed calls as members of {@link ModelServerException}. */
final class ServerErrors implements CallErrors {
  @Override
  public RuntimeException failed(
      Failure failure, String what, Where where, @Nullable Throwable cause) {
    return switch (failure) {
      case UNREACHABLE -> new ModelServerException.Unreachable(what, where, cause);
      case TIMED_OUT -> new ModelServerException.TimedOut(what, where);
      case CANCELLED -> new ModelServerException.Cancelled(what, where, cause);
      case BROKEN_OFF -> new ModelServerException.StreamBroken(what, where, cause);
      case VIOLATION -> new ModelServerException.ProtocolViolation(what, where, cause);
    };
  }

  @Override
  public RuntimeException refused(ApiRequest request, int status, byte[] body) {
    Where where = new Where(request.endpoint(), status, new String(body, StandardCharsets.UTF_8));
    return switch (status) {
      case 401, 403 ->
          new ModelServerException.Unauthorised(
              "The server does not let this host in: give an HTTP client that sends its key",
              where);
      case 404, 405 -> notFound(request, body, where);
      case 429, 503 ->
          new ModelServerException.ServerBusy("The server is busy; try again later", where);
      default ->
          status >= 400 && status < 500
              ? new ModelServerException.BadRequest("The server rejects the request", where)
              : status >= 500
                  ? new ModelServerException.ServerError("The server reports an error", where)
                  : new ModelServerException.ProtocolViolation("An unexpected answer", where, null);
    };
  }

  /** A router that does not know the path answers text; a server without the model says so. */
  private static RuntimeException notFound(ApiRequest request, byte[] body, Where where) {
    return request.model() != null && errorText(body).isPresent()
        ? new ModelServerException.ModelNotFound("No such model: " + request.model(), where)
        : new ModelServerException.ProtocolViolation(
            "The server does not know this endpoint: another server, or a very old one",
            where,
            null);
  }

  /** What an answer says went wrong. */
  static Optional<String> errorText(byte[] body) {
    try {
      return Json.errorText(Json.tree(body));
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  @Override
  public boolean isOwn(RuntimeException thrown) {
    return thrown instanceof ModelServerException;
  }
}
