package dev.twoqueue.internal;

import dev.twoqueue.ExpectedStart;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Outcome;
import dev.twoqueue.Progress;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskCancelledException;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.TaskFailedException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskRefusedException;
import dev.twoqueue.TaskState;
import dev.twoqueue.TaskTimeoutException;
import dev.twoqueue.TwoQueueException;
import dev.twoqueue.WaitReason;
import dev.twoqueue.internal.engine.Job;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A submitted task: the engine's job, the host's handle. */
final class Entry<T extends @Nullable Object> extends Job implements TaskHandle<T> {
  private final DefaultScheduler scheduler;
  private final ScheduledTask<T> task;

  /** No code of the host's ever depends on this one, so completing it runs nothing but waiters. */
  private final CompletableFuture<Outcome<T>> done = new CompletableFuture<>();

  private static final VarHandle RUN = varHandle();

  private volatile @Nullable BodyRun<T> run;
  private volatile Progress progress = Progress.NONE;

  /** What its run time is worth; written before the body begins, and by the body's thread. */
  private RunKind runKind = RunKind.PLAIN;

  /** Completed when the body may go on after an await; another one at each await. */
  private volatile @Nullable CompletableFuture<Optional<TwoQueueException>> resumed;

  /** What a plain join of this task's body waits on; failed when it would wait for ever. */
  private volatile @Nullable CompletableFuture<?> joining;

  Entry(ScheduledTask<T> task, @Nullable ResidencyKey key, DefaultScheduler scheduler) {
    super(
        0, // numbered under the lock
        task.taskClass(),
        key,
        task.name(),
        task.startWithin().orElse(null),
        task.runTimeout().orElse(null));
    this.scheduler = scheduler;
    this.task = task;
  }

  /** What the time from a start to the end of its body is made of. */
  enum RunKind {
    PLAIN,
    WITH_SWAP,
    /** Of awaits too, so of other tasks' runs: not to be compared. */
    WITH_AWAITS
  }

  /** Its body is to begin. */
  void begins(boolean swap) {
    runKind = swap ? RunKind.WITH_SWAP : RunKind.PLAIN;
  }

  RunKind runKind() {
    return runKind;
  }

  DefaultScheduler scheduler() {
    return scheduler;
  }

  @Override
  public ScheduledTask<T> task() {
    return task;
  }

  Optional<LocalHeavyTask<?>> localTask() {
    return task instanceof LocalHeavyTask<?> local ? Optional.of(local) : Optional.empty();
  }

  // What the shell does with it.

  /** Made by whoever comes first: the start, or a cancel that overtakes it. */
  BodyRun<T> body(Executor callbacks) {
    BodyRun<T> body = run;
    if (body == null) {
      RUN.compareAndSet(this, null, new BodyRun<>(this, callbacks));
      body = Objects.requireNonNull(run);
    }
    return body;
  }

  private static VarHandle varHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Entry.class, "run", BodyRun.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  void resume(@Nullable TwoQueueException failure) {
    Objects.requireNonNull(resumed, "nobody awaits").complete(Optional.ofNullable(failure));
  }

  void failJoin(TwoQueueException failure) {
    CompletableFuture<?> waiting = joining;
    if (waiting != null) {
      waiting.completeExceptionally(failure);
    }
  }

  @SuppressWarnings("unchecked") // the engine hands back the outcome that this task's body made
  void complete(Outcome<?> outcome) {
    done.complete((Outcome<T>) outcome);
  }

  void progress(Progress reported) {
    progress = reported;
  }

  // What the body's thread does with it.

  /**
   * Gives the slot up, unless the other task has ended already.
   *
   * @return completes when this task occupies again, with the failure of its await if any
   */
  CompletableFuture<Optional<TwoQueueException>> suspendUntilEndOf(Entry<?> target) {
    CompletableFuture<Optional<TwoQueueException>> wait = new CompletableFuture<>();
    runKind = RunKind.WITH_AWAITS;
    return scheduler.suspend(this, target, () -> resumed = wait)
        ? wait
        : CompletableFuture.completedFuture(Optional.empty());
  }

  /** The result, or the exception that stands for another end; to be called after the end. */
  T result() {
    return resultOf(uninterruptibly(done));
  }

  private T resultOf(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Succeeded<T> succeeded) {
      return succeeded.value();
    }
    throw exceptionOf(outcome);
  }

  private TwoQueueException exceptionOf(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Cancelled<T> cancelled) {
      return new TaskCancelledException(name(), cancelled.reason());
    }
    if (outcome instanceof Outcome.TimedOut<T> timedOut) {
      return new TaskTimeoutException(name(), timedOut.deadline(), timedOut.limit());
    }
    if (outcome instanceof Outcome.Refused<T> refused) {
      return new TaskRefusedException(name(), refused.reason(), refused.forecast());
    }
    if (outcome instanceof Outcome.Failed<T> failed) {
      return new TaskFailedException(name(), failed.cause());
    }
    throw new IllegalStateException("no exception stands for " + outcome);
  }

  /** Waits on a future that only the shell completes. */
  private static <V> V uninterruptibly(CompletableFuture<V> future) {
    // join() does not end at an interrupt and leaves it set.
    return future.join();
  }

  // What the host does with it.

  @Override
  public TaskState state() {
    return scheduler.stateOf(this);
  }

  TaskState endState(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Succeeded) {
      return TaskState.SUCCEEDED;
    }
    if (outcome instanceof Outcome.Failed) {
      return TaskState.FAILED;
    }
    if (outcome instanceof Outcome.Cancelled) {
      return TaskState.CANCELLED;
    }
    return outcome instanceof Outcome.TimedOut ? TaskState.TIMED_OUT : TaskState.REFUSED;
  }

  @Override
  public OptionalInt position() {
    return scheduler.positionOf(this);
  }

  @Override
  public Optional<WaitReason> waitsFor() {
    return scheduler.waitsFor(this);
  }

  @Override
  public Optional<ExpectedStart> expectedStart() {
    return scheduler.expectedStartOf(this);
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public Optional<Outcome<T>> outcome() {
    return Optional.ofNullable(done.getNow(null));
  }

  @Override
  public T join() {
    BodyRun<?> waiter = waiterHere();
    if (waiter == null) {
      return result();
    }
    CompletableFuture<?> wait = beginJoin(waiter);
    try {
      wait.join();
    } catch (CompletionException dead) {
      throw deadlock(dead.getCause());
    } finally {
      scheduler.endJoin(waiter.entry());
    }
    return result();
  }

  @Override
  public T get(Duration timeout) throws InterruptedException, TimeoutException {
    long nanos = nanos(Objects.requireNonNull(timeout, "timeout must not be null"));
    BodyRun<?> waiter = waiterHere();
    CompletableFuture<?> wait = waiter == null ? done : beginJoin(waiter);
    try {
      wait.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException dead) {
      throw deadlock(dead.getCause());
    } catch (TimeoutException late) {
      TimeoutException named = new TimeoutException(this + " has not ended within " + timeout);
      named.initCause(late);
      throw named;
    } finally {
      if (waiter != null) {
        scheduler.endJoin(waiter.entry());
      }
    }
    return result();
  }

  private static long nanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException tooLong) {
      return timeout.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  /** The body of the same scheduler that the calling thread runs, if this wait could block it. */
  private @Nullable BodyRun<?> waiterHere() {
    BodyRun<?> current = BodyRun.current();
    boolean ours = current != null && current.entry().scheduler == scheduler;
    return ours && !done.isDone() ? current : null;
  }

  private CompletableFuture<?> beginJoin(BodyRun<?> waiter) {
    CompletableFuture<@Nullable Void> wait = new CompletableFuture<>();
    onEnd(() -> wait.complete(null));
    waiter.entry().joining = wait;
    scheduler.beginJoin(waiter.entry(), this);
    return wait;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the action throws nothing
  private void onEnd(Runnable action) {
    done.thenRun(action);
  }

  private static RuntimeException deadlock(@Nullable Throwable cause) {
    if (cause instanceof TaskDeadlockException dead) {
      return dead;
    }
    throw new IllegalStateException("a join failed for an unknown reason", cause);
  }

  @Override
  public boolean cancel(String reason) {
    SchedulerSettings.notBlank(reason, "reason");
    return scheduler.cancel(this, reason);
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    View view = new View();
    onEnd(() -> scheduler.completeView(() -> view.completeFrom(done.join())));
    return view;
  }

  /** A future that the host may do with as it likes. */
  private final class View extends CompletableFuture<T> {
    void completeFrom(Outcome<T> outcome) {
      if (outcome instanceof Outcome.Succeeded<T> succeeded) {
        complete(succeeded.value());
      } else {
        TwoQueueException why = exceptionOf(outcome);
        if (why instanceof TaskCancelledException cancelled) {
          CancellationException cancellation = new CancellationException(cancelled.reason());
          cancellation.initCause(cancelled);
          completeExceptionally(cancellation);
        } else {
          completeExceptionally(why);
        }
      }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean first = !isDone();
      Entry.this.cancel("its future was cancelled");
      return super.cancel(mayInterruptIfRunning) && first;
    }

    @Override
    public T join() {
      awaitWhereSeen();
      return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
      awaitWhereSeen();
      return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      BodyRun<?> waiter = isDone() ? null : waiterHere();
      if (waiter == null) {
        return super.get(timeout, unit);
      }
      CompletableFuture<?> wait = beginJoin(waiter);
      try {
        CompletableFuture.anyOf(this, wait).get(timeout, unit);
      } catch (ExecutionException ended) {
        throwIfDeadlock(ended.getCause());
      } finally {
        scheduler.endJoin(waiter.entry());
      }
      return super.get(timeout, unit);
    }

    /** Waits as a plain join does, where the waiting task can be seen. */
    private void awaitWhereSeen() {
      BodyRun<?> waiter = isDone() ? null : waiterHere();
      if (waiter == null) {
        return;
      }
      CompletableFuture<?> wait = beginJoin(waiter);
      try {
        CompletableFuture.anyOf(this, wait).join();
      } catch (CompletionException | CancellationException ended) {
        throwIfDeadlock(ended.getCause());
      } finally {
        scheduler.endJoin(waiter.entry());
      }
    }

    private void throwIfDeadlock(@Nullable Throwable cause) {
      if (cause instanceof TaskDeadlockException dead) {
        throw dead;
      }
    }
  }
}
