package dev.twoqueue.internal;

import dev.twoqueue.AsyncTaskBody;
import dev.twoqueue.CancellationToken;
import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Outcome;
import dev.twoqueue.Progress;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskContext;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body under way: runs it, tells it to stop, and reports its real end exactly once. What the
 * body sees of its scheduler.
 */
final class BodyRun<T extends @Nullable Object>
    implements TaskContext, CancellationToken, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(BodyRun.class);
  private static final ThreadLocal<@Nullable BodyRun<?>> CURRENT = new ThreadLocal<>();

  /** One registration: the same code registered twice is two of them. */
  private static final class Action {
    final Runnable code;

    Action(Runnable code) {
      this.code = code;
    }
  }

  private final Entry<T> entry;
  private final Executor callbacks;

  /**
   * A monitor, since there is one for each task and it allocates nothing; nobody waits while it is
   * held, so it pins no virtual thread.
   */
  private final Object lock = new Object();

  private List<Action> onCancel = List.of();
  private @Nullable Thread thread;
  private boolean claimed;
  private boolean interrupted;
  private boolean reported;
  private volatile @Nullable String told;

  BodyRun(Entry<T> entry, Executor callbacks) {
    this.entry = entry;
    this.callbacks = callbacks;
  }

  /** The body that the calling thread runs. */
  static @Nullable BodyRun<?> current() {
    return CURRENT.get();
  }

  Entry<T> entry() {
    return entry;
  }

  /** Runs the body; on a thread of the executor. */
  @Override
  public void run() {
    switch (enter()) {
      case CLAIMED -> LOG.warn("the executor ran {} again, or after it had failed", entry);
      case TOLD -> report(new Outcome.Cancelled<>(String.valueOf(told)));
      default -> {
        Outcome<T> outcome = null;
        BodyRun<?> around = CURRENT.get(); // where an executor of the host's runs at once
        CURRENT.set(this);
        try {
          outcome = call();
        } catch (Throwable thrown) {
          if (thrown instanceof Error) {
            LOG.error("{} ended with an error", entry, thrown);
          }
          outcome = new Outcome.Failed<>(thrown);
        } finally {
          goBackTo(around);
        }
        if (leave(outcome != null)) {
          OwnThreads.hostIsDone();
          entry.scheduler().bodyEnded(entry, outcome);
        }
      }
    }
  }

  private static void goBackTo(@Nullable BodyRun<?> around) {
    if (around == null && !OwnThreads.isHere()) {
      CURRENT.remove(); // nothing of ours stays on a thread of the host's
    } else {
      CURRENT.set(around);
    }
  }

  /** The outcome; null when an asynchronous body has begun and reports by itself. */
  private @Nullable Outcome<T> call() throws Exception {
    ScheduledTask<T> task = entry.task();
    TaskBody<T> body;
    AsyncTaskBody<T> async;
    if (task instanceof LocalHeavyTask<T> local) {
      body = local.body().orElse(null);
      async = local.asyncBody().orElse(null);
    } else {
      FleetTask<T> fleet = (FleetTask<T>) task;
      body = fleet.body().orElse(null);
      async = fleet.asyncBody().orElse(null);
    }
    if (body != null) {
      return new Outcome.Succeeded<>(body.run(this));
    }
    CompletionStage<T> stage = async == null ? null : async.start(this);
    if (stage == null) {
      throw new NullPointerException("the asynchronous body returned null");
    }
    stage.whenComplete(
        (value, thrown) ->
            report(
                thrown == null
                    ? new Outcome.Succeeded<>(value)
                    : new Outcome.Failed<>(unwrapped(thrown))));
    return null;
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  /** The body could not be handed to its executor. */
  void failedToRun(String why) {
    if (claim()) {
      report(new Outcome.Failed<>(new IllegalStateException(why)));
    } else {
      LOG.warn("{} goes on all the same: {}", entry, why);
    }
  }

  private void report(Outcome<T> outcome) {
    if (firstReport()) {
      entry.scheduler().bodyEnded(entry, outcome);
    }
  }

  /** False for a stage that completed twice. */
  private boolean firstReport() {
    synchronized (lock) {
      boolean first = !reported;
      reported = true;
      onCancel = List.of();
      return first;
    }
  }

  /** Only the first one may run the body, or say that it cannot be run. */
  private boolean claim() {
    synchronized (lock) {
      boolean first = !claimed;
      claimed = true;
      return first;
    }
  }

  private enum Entered {
    NOW,
    CLAIMED,
    TOLD
  }

  private Entered enter() {
    synchronized (lock) {
      if (!claim()) {
        return Entered.CLAIMED;
      }
      if (told != null) {
        return Entered.TOLD;
      }
      thread = Thread.currentThread();
      return Entered.NOW;
    }
  }

  /**
   * After this no interrupt of ours can reach the thread, and none is left on it.
   *
   * @return whether the body has ended by this, and nobody has said so before
   */
  private boolean leave(boolean ended) {
    synchronized (lock) {
      thread = null;
      if (interrupted) {
        Thread.interrupted();
      }
      return ended && firstReport();
    }
  }

  /** Tells the body to stop (I8). */
  void tell(String reason) {
    List<Action> actions;
    synchronized (lock) {
      told = reason;
      actions = onCancel;
      onCancel = List.of();
      if (thread != null) {
        interrupted = true;
        thread.interrupt();
      }
    }
    actions.forEach(this::callBack);
  }

  private void callBack(Action action) {
    Guard.execute(
        callbacks,
        "a cancellation action of " + entry,
        () -> Guard.run("a cancellation action of " + entry, action.code));
  }

  @Override
  public long id() {
    return entry.id();
  }

  @Override
  public ScheduledTask<?> task() {
    return entry.task();
  }

  @Override
  public CancellationToken cancellation() {
    return this;
  }

  @Override
  public void progress(Progress progress) {
    entry.progress(Objects.requireNonNull(progress, "progress must not be null"));
  }

  @Override
  public <R extends @Nullable Object> R await(TaskHandle<R> handle) {
    Entry<R> target = ours(handle);
    if (CURRENT.get() != this) {
      throw new IllegalStateException(
          "await is for the body's own thread while it runs; " + entry + " was called elsewhere");
    }
    // join() does not end at an interrupt, and leaves it set: until it occupies again, the body
    // must not go on, whatever it was told.
    entry.suspendUntilEndOf(target).join().ifPresent(BodyRun::rethrow);
    throwIfCancelled();
    return target.result();
  }

  private static void rethrow(TwoQueueException failure) {
    throw failure;
  }

  @Override
  public <R extends @Nullable Object> CompletionStage<R> awaitAsync(TaskHandle<R> handle) {
    Entry<R> target = ours(handle);
    return entry
        .suspendUntilEndOf(target)
        .thenApplyAsync(
            failure -> {
              failure.ifPresent(BodyRun::rethrow);
              throwIfCancelled();
              return target.result();
            },
            callbacks);
  }

  private <R extends @Nullable Object> Entry<R> ours(TaskHandle<R> handle) {
    Objects.requireNonNull(handle, "handle must not be null");
    if (handle instanceof Entry<R> target && target.scheduler() == entry.scheduler()) {
      return target;
    }
    throw new IllegalArgumentException("handle belongs to another scheduler: " + handle);
  }

  @Override
  public boolean isCancelled() {
    return told != null;
  }

  @Override
  public Optional<String> reason() {
    return Optional.ofNullable(told);
  }

  @Override
  public void throwIfCancelled() {
    if (told != null) {
      throw new CancellationException(entry + " was told to stop: " + told);
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    Action registered = new Action(Objects.requireNonNull(action, "action must not be null"));
    if (!register(registered)) {
      callBack(registered);
    }
    return () -> {
      synchronized (lock) {
        onCancel = without(registered);
      }
    };
  }

  private boolean register(Action action) {
    synchronized (lock) {
      if (told != null) {
        return false;
      }
      List<Action> more = new ArrayList<>(onCancel);
      more.add(action);
      onCancel = more;
      return true;
    }
  }

  private List<Action> without(Action registered) {
    return onCancel.stream().filter(other -> other != registered).toList();
  }
}
