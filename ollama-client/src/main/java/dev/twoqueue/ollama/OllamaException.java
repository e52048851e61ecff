package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.Where;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Why a call to the server gave no answer. Unchecked, so that it passes through lambdas and task
 * bodies; the family is sealed, so that a caller can act on each member. The message holds what
 * happened, the endpoint, the status and the first bytes of what came.
 */
public abstract sealed class OllamaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String endpoint;
  private final int status;
  private final String received;

  private OllamaException(String what, Where where, @Nullable Throwable cause) {
    super(where.describe(what), cause);
    this.endpoint = where.endpoint();
    this.status = where.status();
    this.received = where.received();
  }

  /**
   * The endpoint that was called.
   *
   * @return for example {@code POST /api/generate}
   */
  public final String endpoint() {
    return endpoint;
  }

  /**
   * The HTTP status. Errors in the middle of a stream have 200.
   *
   * @return empty when no answer came
   */
  public final OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /**
   * The beginning of what the server sent, control characters replaced.
   *
   * @return at most 300 characters and an ellipsis; empty when nothing came
   */
  public final String received() {
    return received;
  }

  /** The model is not installed, or the registry does not know it. Pull it, or correct the name. */
  public static final class ModelNotFound extends OllamaException {
    private static final long serialVersionUID = 1L;
    private final @Nullable String model;

    ModelNotFound(@Nullable String model, String what, Where where) {
      super(what, where, null);
      this.model = model;
    }

    /**
     * Which model.
     *
     * @return as the request named it; empty when it named none
     */
    public Optional<String> model() {
      return Optional.ofNullable(model);
    }
  }

  /** The server does not accept the request as it is. */
  public static final class BadRequest extends OllamaException {
    private static final long serialVersionUID = 1L;

    BadRequest(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The model cannot do what was asked: generate, chat, embed, tools, thinking. */
  public static final class Unsupported extends OllamaException {
    private static final long serialVersionUID = 1L;

    Unsupported(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The server says that memory did not suffice. */
  public static final class OutOfMemory extends OllamaException {
    private static final long serialVersionUID = 1L;

    OutOfMemory(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The file system that takes models is full. */
  public static final class NoSpace extends OllamaException {
    private static final long serialVersionUID = 1L;

    NoSpace(String what, Where where) {
      super(what, where, null);
    }
  }

  /**
   * The process that runs the model ended or did not start. Want of memory is a frequent cause that
   * the server does not name: a killed runner is all it sees.
   */
  public static final class RunnerDied extends OllamaException {
    private static final long serialVersionUID = 1L;

    RunnerDied(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The server, or the registry behind it, has too much to do. Try again later. */
  public static final class ServerBusy extends OllamaException {
    private static final long serialVersionUID = 1L;

    ServerBusy(String what, Where where) {
      super(what, where, null);
    }
  }

  /** No connection. */
  public static final class Unreachable extends OllamaException {
    private static final long serialVersionUID = 1L;

    Unreachable(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** A deadline of {@link OllamaTimeouts} passed. The call was closed. */
  public static final class TimedOut extends OllamaException {
    private static final long serialVersionUID = 1L;

    TimedOut(String what, Where where) {
      super(what, where, null);
    }
  }

  /** The caller cancelled, was interrupted (its flag is set again), or closed the client. */
  public static final class Cancelled extends OllamaException {
    private static final long serialVersionUID = 1L;

    Cancelled(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /** The connection ended before the answer did. What the server did meanwhile is unknown. */
  public static final class StreamBroken extends OllamaException {
    private static final long serialVersionUID = 1L;

    StreamBroken(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /**
   * Not signed in to a cloud model or registry, or this host may not talk to the server. Sign in
   * where {@link #signInUrl} says, or let this host in.
   */
  public static final class Unauthorised extends OllamaException {
    private static final long serialVersionUID = 1L;
    private final @Nullable String model;
    private final @Nullable String signInUrl;

    Unauthorised(String what, Where where) {
      this(null, null, what, where);
    }

    Unauthorised(@Nullable String model, @Nullable String signInUrl, String what, Where where) {
      super(what, where, null);
      this.model = model;
      this.signInUrl = signInUrl;
    }

    /**
     * Which model, for example one with the tag {@code cloud}.
     *
     * @return as the request named it; empty when it named none
     */
    public Optional<String> model() {
      return Optional.ofNullable(model);
    }

    /**
     * Where a person can sign in, for a cloud model.
     *
     * @return as the server sent it, unchecked; empty when it sent none
     */
    public Optional<String> signInUrl() {
      return Optional.ofNullable(signInUrl);
    }
  }

  /** The answer is malformed, has wrong types, is too large, or is none of Ollama's. */
  public static final class ProtocolViolation extends OllamaException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String what, Where where, @Nullable Throwable cause) {
      super(what, where, cause);
    }
  }

  /**
   * A pull failed at the registry or on the way to it: it cannot be reached, fails itself, or sends
   * what does not match its manifest. Try again later, or correct the host in the name.
   */
  public static final class RegistryFailed extends OllamaException {
    private static final long serialVersionUID = 1L;

    RegistryFailed(String what, Where where) {
      super(what, where, null);
    }
  }

  /** Any other error that the server reports. */
  public static final class ServerError extends OllamaException {
    private static final long serialVersionUID = 1L;

    ServerError(String what, Where where) {
      super(what, where, null);
    }
  }
}
