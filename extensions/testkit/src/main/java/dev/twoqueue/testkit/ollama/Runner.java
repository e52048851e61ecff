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

  /** A loading runner has no such time yet: the server then reckons from now. */
  Instant shownExpiry() {
    return expiresAt == null ? Instant.now().plusNanos(Math.max(0, keepAlive)) : expiresAt;
  }
}
