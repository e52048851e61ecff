package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.CallErrors;
import dev.twoqueue.ollama.internal.http.Where;
import org.jspecify.annotations.Nullable;

/** Failed calls as members of {@link OllamaException}. */
final class OllamaErrors implements CallErrors {
  @Override
  public RuntimeException failed(
      Failure failure, String what, Where where, @Nullable Throwable cause) {
    return switch (failure) {
      case UNREACHABLE -> new OllamaException.Unreachable(what, where, cause);
      case TIMED_OUT -> new OllamaException.TimedOut(what, where);
      case CANCELLED -> new OllamaException.Cancelled(what, where, cause);
      case BROKEN_OFF -> new OllamaException.StreamBroken(what, where, cause);
      case VIOLATION -> new OllamaException.ProtocolViolation(what, where, cause);
    };
  }

  @Override
  public RuntimeException refused(ApiRequest request, int status, byte[] body) {
    return ErrorMapper.ofStatus(request, status, body);
  }

  @Override
  public boolean isOwn(RuntimeException thrown) {
    return thrown instanceof OllamaException;
  }
}
