package dev.twoqueue.ollama;

import dev.twoqueue.CancellationToken;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;

/** A token that a test cancels. */
final class TestToken implements CancellationToken {
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;

  void cancel() {
    cancelled = true;
    actions.forEach(Runnable::run);
  }

  int registered() {
    return actions.size();
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
    actions.add(action);
    if (cancelled) {
      action.run();
    }
    return () -> actions.remove(action);
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled) {
      throw new CancellationException("the test says so");
    }
  }
}
