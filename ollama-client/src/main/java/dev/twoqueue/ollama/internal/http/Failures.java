package dev.twoqueue.ollama.internal.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.twoqueue.ollama.internal.http.CallErrors.Failure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Tells apart what can go wrong between here and the server. */
final class Failures {
  private Failures() {}

  static RuntimeException translate(
      Throwable cause, Where where, boolean closed, CallErrors errors) {
    if (closed) {
      return errors.failed(Failure.CANCELLED, "The call was closed", where, cause);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException thrown) {
      return errors.isOwn(thrown)
          ? thrown
          : new IllegalStateException("unexpected failure at " + where.endpoint(), thrown);
    }
    String violation = violation(cause);
    if (!violation.isEmpty()) {
      return errors.failed(Failure.VIOLATION, violation, where, cause);
    }
    if (isUnreachable(cause) && where.status() == 0) {
      return errors.failed(Failure.UNREACHABLE, "The server cannot be reached", where, cause);
    }
    return errors.failed(
        Failure.BROKEN_OFF,
        where.status() == 0
            ? "The connection ended before an answer came"
            : "The connection ended in the middle of the answer",
        where,
        cause);
  }

  /** What is wrong with the answer; empty when nothing is known to be. */
  private static String violation(Throwable cause) {
    if (cause instanceof BoundedInput.TooLargeException) {
      return "The answer is too large: " + cause.getMessage();
    }
    if (cause instanceof Json.MalformedException) {
      return "The answer is not what is documented: " + cause.getMessage();
    }
    if (cause instanceof JsonProcessingException malformed) {
      return "The answer is no JSON: " + malformed.getOriginalMessage();
    }
    // The client reports a body that ends too early as a protocol error, too.
    if (cause instanceof ProtocolException && !isEarlyEnd(cause)) {
      return "The answer is no HTTP: " + cause.getMessage();
    }
    return "";
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
