package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A runner process and the model in it. Its fields are guarded by its scheduler's lock. */
final class Runner {
  enum State {
    LOADING,
    READY,
    UNLOADING
  }

  final SimulatedModel model;
  final RunnerOptions options;
  final Turnstile turnstile = new Turnstile();

  /** Completes when its process is gone. */
  final CompletableFuture<Void> gone = new CompletableFuture<>();

  State state = State.LOADING;
  long memory;

  /** 0.24 lists a runner before it is ready. */
  boolean listed;

  int users;
  long keepAlive;

  /** Set when it becomes idle: while it is used again it may lie in the past. */
  @Nullable Instant expiresAt;

  /** Why it leaves, once something has decided that it does. */
  Kind reason = Kind.UNLOADED;

  Runnable timer = () -> {};
  volatile boolean dead;

  Runner(SimulatedModel model, RunnerOptions options, long keepAlive) {
    this.model = model;
    this.options = options;
    this.keepAlive = keepAlive;
  }

  boolean serves(RunnerOptions asked) {
    return state == State.READY && !dead && options.equals(asked);
  }

  void timerOff() {
    timer.run();
    timer = () -> {};
  }

  /** A runner that has not been idle yet has no such time: the server then reckons from now. */
  Instant shownExpiry() {
    if (expiresAt != null) {
      return expiresAt;
    }
    // As recorded: what overflowed wraps to the far end of time again, while the runner leaves.
    boolean overflown = keepAlive == KeepAlive.OVERFLOWN;
    return Instant.now().plusNanos(overflown ? KeepAlive.FOR_EVER : Math.max(0, keepAlive));
  }
}
