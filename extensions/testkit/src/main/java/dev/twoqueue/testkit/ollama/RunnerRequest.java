package dev.twoqueue.testkit.ollama;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request's claim on a runner. Its fields are guarded by the scheduler's lock. */
final class RunnerRequest {
  final SimulatedModel model;
  final RunnerOptions options;
  final @Nullable Long keepAlive;

  /** Completes with the runner, or with an {@link ApiError}. */
  final CompletableFuture<Runner> granted = new CompletableFuture<>();

  @Nullable Runner runner;
  boolean ended;

  RunnerRequest(SimulatedModel model, RunnerOptions options, @Nullable Long keepAlive) {
    this.model = model;
    this.options = options;
    this.keepAlive = keepAlive;
  }
}
