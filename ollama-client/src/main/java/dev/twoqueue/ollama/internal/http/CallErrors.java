package dev.twoqueue.ollama.internal.http;

import org.jspecify.annotations.Nullable;

/** Says in a client's own exceptions why a call gave no answer. Safe for use by any thread. */
public interface CallErrors {

  /** Why no whole answer came. */
  enum Failure {
    /** No connection. */
    UNREACHABLE,
    /** A deadline passed, and the call was closed. */
    TIMED_OUT,
    /** The caller cancelled, was interrupted, or closed the client. */
    CANCELLED,
    /** The connection ended before the answer did. */
    BROKEN_OFF,
    /** The answer is malformed, has wrong types, or is too large. */
    VIOLATION
  }

  /**
   * The call failed between here and the server, or in reading the answer.
   *
   * @param failure why
   * @param what the same for people
   * @param where where
   * @param cause what was thrown; null when nothing was
   * @return to be thrown
   */
  RuntimeException failed(Failure failure, String what, Where where, @Nullable Throwable cause);

  /**
   * The server answered with a status other than 2xx.
   *
   * @param request what was asked
   * @param status the HTTP status
   * @param body the beginning of what it said, at most 64 KiB
   * @return to be thrown
   */
  RuntimeException refused(ApiRequest request, int status, byte[] body);

  /**
   * Whether an exception is the client's own: one that a reader of an answer throws passes as it
   * is.
   *
   * @param thrown what a reader threw
   * @return false for a defect
   */
  boolean isOwn(RuntimeException thrown);
}
