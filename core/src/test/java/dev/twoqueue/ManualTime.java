package dev.twoqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Clock, timer and executor on the test's one thread: all stand still unless they are turned. */
final class ManualTime implements SchedulerClock, Executor {
  private static final Instant BEGINNING = Instant.parse("2026-05-13T10:58:00Z");

  private record Alarm(long at, long number, Runnable action) {}

  private final Queue<Runnable> ready = new ArrayDeque<>();
  private final TreeSet<Alarm> alarms =
      new TreeSet<>(Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::number));
  private long nanos;
  private long numbers;

  /** A builder whose scheduler lives in this time. */
  SchedulerBuilder scheduler() {
    return TwoQueueScheduler.builder().clock(this).executor(this).callbackExecutor(this);
  }

  @Override
  public void execute(Runnable work) {
    ready.add(work);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return BEGINNING.plusNanos(nanos);
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    Alarm alarm = new Alarm(nanos + delay.toNanos(), numbers++, action);
    alarms.add(alarm);
    return () -> alarms.remove(alarm);
  }

  /** Runs all that may run at this moment. */
  void run() {
    for (Runnable work = ready.poll(); work != null; work = ready.poll()) {
      work.run();
    }
  }

  /** Lets time pass, from timer to timer. */
  void pass(Duration duration) {
    long end = nanos + duration.toNanos();
    run();
    while (!alarms.isEmpty() && alarms.first().at() <= end) {
      Alarm next = alarms.first();
      alarms.remove(next);
      nanos = Math.max(nanos, next.at());
      next.action().run();
      run();
    }
    nanos = end;
    run();
  }

  void seconds(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  /** How long this time has run. */
  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  boolean timerArmed() {
    return !alarms.isEmpty();
  }

  /** Work that takes time, for asynchronous bodies. */
  <T> CompletionStage<T> after(Duration duration, T result) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    schedule(duration, () -> stage.complete(result));
    return stage;
  }
}
