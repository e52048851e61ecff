package dev.twoqueue.servers;

import dev.twoqueue.ollama.internal.http.Where;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Why a model server did not do what it was asked. Unchecked, so that it passes through lambdas and
 * task bodies; the family is sealed, so that a caller can act on each member. The message holds
 * what happened, the endpoint, the status and the first bytes of what came.
 */
public abstract sealed class ModelServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String endpoint;
  private final int status;

  private ModelServerException(String what, Where where, @Nullable Throwable cause) {
    super(where.describe(what), cause);
    this.endpoint = where.endpoint();
    this.status = where.status();
  }

  /**
   * The endpoint that was called.
   *
   * @return for example {@code POST /models/load}
   */
  public final String endpoint() {
    return endpoint;
  }

  /**
   * The HTTP status.
   *
   * @return empty when no answer came
   */
  public final OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /** No connection. */
  public static final class Unreachable extends ModelServerException {
    private static final long serialVersionUID = 1L;

    Unreachable(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** A deadline of {@link ServerTimeouts} passed. */
  public static final class TimedOut extends ModelServerException {
    private static final long serialVersionUID = 1L;

    TimedOut(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The caller cancelled, was interrupted (its flag is set again), or closed the client. */
  public static final class Cancelled extends ModelServerException {
    private static final long serialVersionUID = 1L;

    Cancelled(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** The connection ended before the answer did. What the server did meanwhile is unknown. */
  public static final class StreamBroken extends ModelServerException {
    private static final long serialVersionUID = 1L;

    StreamBroken(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** The answer is malformed, has wrong types, is too large, or is not one of this server's. */
  public static final class ProtocolViolation extends ModelServerException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** The server has no such model. */
  public static final class ModelNotFound extends ModelServerException {
    private static final long serialVersionUID = 1L;

    ModelNotFound(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The server does not accept the request as it is. */
  public static final class BadRequest extends ModelServerException {
    private static final long serialVersionUID = 1L;

    BadRequest(String what, Where where) {
      super(what, where, null);
    }
  }

  /** A key is missing or wrong. */
  public static final class Unauthorised extends ModelServerException {
    private static final long serialVersionUID = 1L;

    Unauthorised(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The server has too much to do, or is still loading. Try again later. */
  public static final class ServerBusy extends ModelServerException {
    private static final long serialVersionUID = 1L;

    ServerBusy(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The model could not be loaded, or left again at once. Want of memory is a frequent cause. */
  public static final class LoadFailed extends ModelServerException {
    private static final long serialVersionUID = 1L;

    LoadFailed(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** The model was told to leave and did not, as far as can be seen. */
  public static final class StillLoaded extends ModelServerException {
    private static final long serialVersionUID = 1L;

    StillLoaded(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** This server, or this mode or version of it, cannot do what was asked. */
  public static final class Unsupported extends ModelServerException {
    private static final long serialVersionUID = 1L;

    Unsupported(String what, Where where) {
      super(what, where, null);
    }
  }

  /** Any other error that the server reports. */
  public static final class ServerError extends ModelServerException {
    private static final long serialVersionUID = 1L;

    ServerError(String what, Where where) {
      super(what, where, null);
    }
  }
}
