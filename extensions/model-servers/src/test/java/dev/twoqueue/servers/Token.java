package dev.twoqueue.servers;

import dev.twoqueue.CancellationToken;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** A token that a test cancels; {@link ModelServer} asks it and registers its calls with it. */
final class Token implements CancellationToken {
  private volatile boolean cancelled;

  void cancel() {
    cancelled = true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public Optional<String> reason() {
    return cancelled ? Optional.of("the test says so") : Optional.empty();
  }

  @Override
  public Registration onCancel(Runnable action) {
    return () -> {};
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled) {
      throw new CancellationException("the test says so");
    }
  }
}
