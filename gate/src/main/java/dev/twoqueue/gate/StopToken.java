package dev.twoqueue.gate;

import dev.twoqueue.CancellationToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler's token, which can be set from here as well. Thread-safe. */
final class StopToken implements CancellationToken {
  private static final Logger log = LoggerFactory.getLogger(StopToken.class);

  private final CancellationToken outer;
  private final List<Runnable> actions = new ArrayList<>();
  private @Nullable String stopped;

  StopToken(CancellationToken outer) {
    this.outer = outer;
  }

  /** Sets it, and runs the actions on this thread; false when it was set before. */
  boolean stop(String why) {
    List<Runnable> due;
    synchronized (actions) {
      if (stopped != null) {
        return false;
      }
      stopped = why;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(StopToken::run);
    return true;
  }

  Optional<String> stoppedBecause() {
    synchronized (actions) {
      return Optional.ofNullable(stopped);
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | LinkageError e) {
      log.warn("an action of a stopped task failed", e);
    }
  }

  @Override
  public boolean isCancelled() {
    return stoppedBecause().isPresent() || outer.isCancelled();
  }

  @Override
  public Optional<String> reason() {
    Optional<String> own = stoppedBecause();
    return own.isPresent() ? own : outer.reason();
  }

  @Override
  public Registration onCancel(Runnable action) {
    Arguments.notNull(action, "action");
    AtomicBoolean begun = new AtomicBoolean(); // both tokens may be set
    Runnable once =
        () -> {
          if (begun.compareAndSet(false, true)) {
            action.run();
          }
        };
    boolean late;
    synchronized (actions) {
      late = stopped != null;
      if (!late) {
        actions.add(once);
      }
    }
    if (late) {
      run(once);
    }
    Registration above = outer.onCancel(once);
    return () -> {
      begun.set(true);
      synchronized (actions) {
        actions.remove(once);
      }
      above.close();
    };
  }

  @Override
  public void throwIfCancelled() {
    stoppedBecause()
        .ifPresent(
            why -> {
              throw new CancellationException(why);
            });
    outer.throwIfCancelled();
  }
}
