package dev.twoqueue.testkit.internal.http;

import java.io.IOException;

/** The client closed its side of the connection before it had its answer. */
public final class ClientGoneException extends IOException {
  private static final long serialVersionUID = 1;

  ClientGoneException() {
    super("the client went away");
  }
}
