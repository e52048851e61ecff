package dev.twoqueue.testkit;

import dev.twoqueue.SchedulerBuilder;
import dev.twoqueue.SchedulerClock;
import dev.twoqueue.TaskHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock, a timer and an executor that are turned by hand, so that a host's orchestration is
 * tested without sleeping: nothing runs and no time passes except in {@link #runUntilIdle}, {@link
 * #advance} and {@link #await}, on the thread that calls them.
 *
 * <p>Bodies, gates and listeners run on that one thread, so they must not block: a task that takes
 * time is an asynchronous one that ends {@link #after} a while. Work may be handed over by any
 * thread; it is run by the thread that turns.
 */
public final class VirtualTime {
  private static final Instant BEGINNING = Instant.parse("2026-05-13T10:58:00Z");

  private record Alarm(long at, long number, Runnable action) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> ready = new ArrayList<>();
  private final TreeSet<Alarm> alarms =
      new TreeSet<>(Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::number));
  private final @Nullable Random random;
  private long nanos;
  private long numbers;
  private long armed;

  /** Time that stands still; work runs in the order in which it was handed over. */
  public VirtualTime() {
    this.random = null;
  }

  /**
   * Time that stands still; work runs in a random order, to find what depends on one.
   *
   * @param seed the same seed gives the same order
   */
  public VirtualTime(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Makes a scheduler live in this time.
   *
   * @param builder gets clock, executor and callback executor
   * @return the builder
   */
  public SchedulerBuilder install(SchedulerBuilder builder) {
    return builder.clock(clock()).executor(executor()).callbackExecutor(executor());
  }

  /**
   * The clock.
   *
   * @return starts at 2026-05-13 10:58 UTC
   */
  public SchedulerClock clock() {
    return new SchedulerClock() {
      @Override
      public long nanos() {
        return locked(() -> nanos);
      }

      @Override
      public Instant instant() {
        return now();
      }

      @Override
      public Timer schedule(Duration delay, Runnable action) {
        Alarm alarm =
            locked(
                () -> {
                  armed++;
                  return new Alarm(nanos + delay.toNanos(), numbers++, action);
                });
        locked(() -> alarms.add(alarm));
        return () -> locked(() -> alarms.remove(alarm));
      }
    };
  }

  /**
   * The executor.
   *
   * @return keeps what it is given until {@link #runUntilIdle}
   */
  public Executor executor() {
    return work -> {
      Objects.requireNonNull(work, "work must not be null");
      locked(() -> ready.add(work));
    };
  }

  /**
   * The time of day.
   *
   * @return now
   */
  public Instant now() {
    return locked(() -> BEGINNING.plusNanos(nanos));
  }

  /**
   * How many timers were armed so far; tells whether somebody polls.
   *
   * @return a count
   */
  public long timersArmed() {
    return locked(() -> armed);
  }

  /** Runs what was handed over, and what that hands over, until nothing is left at this time. */
  public void runUntilIdle() {
    while (runOne()) {
      // Each piece of work may hand over more.
    }
  }

  /**
   * Runs one piece of work.
   *
   * @return whether there was one
   */
  public boolean runOne() {
    Runnable work =
        locked(
            () ->
                ready.isEmpty()
                    ? null
                    : ready.remove(random == null ? 0 : random.nextInt(ready.size())));
    if (work == null) {
      return false;
    }
    work.run();
    return true;
  }

  /**
   * Lets time pass, from timer to timer, and runs what there is to run at each.
   *
   * @param duration how long
   * @throws IllegalArgumentException when negative
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration must not be negative, was " + duration);
    }
    long end = locked(() -> nanos + duration.toNanos());
    runUntilIdle();
    while (ring(end)) {
      runUntilIdle();
    }
    locked(() -> nanos = end);
    runUntilIdle();
  }

  /**
   * Lets time pass until a task has ended.
   *
   * @param <T> the type of its result
   * @param handle the task
   * @return its result
   * @throws AssertionError when nothing is left that could end it
   */
  public <T extends @Nullable Object> T await(TaskHandle<T> handle) {
    runUntilIdle();
    while (handle.outcome().isEmpty()) {
      if (!ring(Long.MAX_VALUE)) {
        throw new AssertionError(
            "nothing is left to run, and "
                + handle.task()
                + " is "
                + handle.state()
                + handle.waitsFor().map(reason -> ": " + reason.text()).orElse(""));
      }
      runUntilIdle();
    }
    return handle.join();
  }

  /**
   * Work that takes time, for asynchronous bodies.
   *
   * @param <T> the type of its result
   * @param duration how long it takes
   * @param result made when that time has passed
   * @return completes then
   */
  public <T> CompletionStage<T> after(Duration duration, Supplier<T> result) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    clock().schedule(duration, () -> stage.completeAsync(result, executor()));
    return stage;
  }

  private boolean ring(long end) {
    Alarm next =
        locked(
            () -> {
              if (alarms.isEmpty() || alarms.first().at() > end) {
                return null;
              }
              Alarm first = alarms.pollFirst();
              nanos = Math.max(nanos, first.at());
              return first;
            });
    if (next == null) {
      return false;
    }
    next.action().run();
    return true;
  }

  private <R extends @Nullable Object> R locked(Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
