package dev.twoqueue.testkit.ollama;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Lets one request at a time into a runner, in order, as OLLAMA_NUM_PARALLEL=1 does. */
final class Turnstile {
  private final ArrayDeque<CompletableFuture<Void>> line = new ArrayDeque<>();

  /** Completes when it is this request's turn; to be given to {@link #leave} in any case. */
  synchronized CompletableFuture<Void> enter() {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    line.addLast(turn);
    line.getFirst().complete(null);
    return turn;
  }

  synchronized void leave(CompletableFuture<Void> turn) {
    line.removeIf(each -> each == turn);
    if (!line.isEmpty()) {
      line.getFirst().complete(null);
    }
  }
}
