package dev.twoqueue.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.twoqueue.ollama.OllamaException.Where;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Turns what went wrong between here and the server into a member of the family. */
final class Failures {
  private Failures() {}

  static OllamaException translate(Throwable cause, Where where, boolean closed) {
    if (closed) {
      return new OllamaException.Cancelled("The call was closed", where, cause);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof OllamaException known) {
      return known;
    }
    if (cause instanceof RuntimeException defect) {
      throw new IllegalStateException("unexpected failure at " + where.endpoint(), defect);
    }
    if (cause instanceof BoundedInput.TooLargeException) {
      return violation("The answer is too large: " + cause.getMessage(), where, cause);
    }
    if (cause instanceof Json.MalformedException) {
      return violation("The answer is not what is documented: " + cause.getMessage(), where, cause);
    }
    if (cause instanceof JsonProcessingException malformed) {
      return violation("The answer is no JSON: " + malformed.getOriginalMessage(), where, cause);
    }
    // The client reports a body that ends too early as a protocol error, too.
    if (cause instanceof ProtocolException && !isEarlyEnd(cause)) {
      return violation("The answer is no HTTP: " + cause.getMessage(), where, cause);
    }
    if (isUnreachable(cause) && where.status() == 0) {
      return new OllamaException.Unreachable("The server cannot be reached", where, cause);
    }
    return new OllamaException.StreamBroken(
        where.status() == 0
            ? "The connection ended before an answer came"
            : "The connection ended in the middle of the answer",
        where,
        cause);
  }

  private static OllamaException violation(String what, Where where, Throwable cause) {
    return new OllamaException.ProtocolViolation(what, where, cause);
  }

  private static boolean isEarlyEnd(Throwable cause) {
    String message = cause.getMessage();
    return message != null && message.contains("unexpected end of stream");
  }

  private static boolean isUnreachable(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException
        || cause instanceof SocketTimeoutException // only connecting has a timeout of its own
        || cause instanceof SSLException;
  }
}
