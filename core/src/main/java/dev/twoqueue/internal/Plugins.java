package dev.twoqueue.internal;

import dev.twoqueue.SchedulerClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what a host plugged in, on the callback executor and for a limited time (I11). Exactly one
 * answer comes of every question: what was returned, or why there is nothing.
 */
final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

  private final Executor executor;

  /** Where the next question of a look is asked: on the same thread, where that is one of ours. */
  private final Executor asking;

  private final SchedulerClock clock;

  Plugins(Executor executor, SchedulerClock clock) {
    this.executor = executor;
    this.asking = executor instanceof OwnThreads own ? own::goOn : executor;
    this.clock = clock;
  }

  /** Runs something of the host's that has no answer, by itself. */
  void run(String what, Runnable action) {
    if (!Guard.execute(executor, what, () -> Guard.run(what, action))) {
      Guard.run(what, action);
    }
  }

  /** Thrown away by the answer: there is none, for the reason in the message. */
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswer(String reason, @Nullable Throwable cause) {
      super(reason, cause);
    }

    /** Why there is no answer, for people. */
    static String reason(@Nullable NoAnswer none) {
      return none == null ? "no answer" : String.valueOf(none.getMessage());
    }
  }

  /**
   * Asks.
   *
   * @param what names the plug-in in reasons and logs
   * @param call the question; one that hangs is interrupted after the timeout
   * @param late takes an answer that came too late
   * @param answer takes the answer, or the reason why there is none; on a thread of the executor or
   *     of the clock
   */
  <T> void ask(
      String what,
      Duration timeout,
      Callable<? extends @Nullable T> call,
      Consumer<T> late,
      BiConsumer<@Nullable T, @Nullable NoAnswer> answer) {
    Question<T> question = new Question<>(what, late, answer);
    question.timer =
        clock.schedule(
            timeout,
            () ->
                question.noAnswer(new NoAnswer(what + " did not answer within " + timeout, null)));
    if (!Guard.execute(asking, what, () -> question.run(call))) {
      question.noAnswer(new NoAnswer(what + " could not be run: the executor threw", null));
    }
  }

  private static final class Question<T> {
    private final String what;
    private final Consumer<T> late;
    private final BiConsumer<@Nullable T, @Nullable NoAnswer> answer;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean answered;
    private @Nullable Thread asking;
    private volatile SchedulerClock.@Nullable Timer timer;

    Question(String what, Consumer<T> late, BiConsumer<@Nullable T, @Nullable NoAnswer> answer) {
      this.what = what;
      this.late = late;
      this.answer = answer;
    }

    void run(Callable<? extends @Nullable T> call) {
      if (!begin()) {
        return; // timed out before it was asked
      }
      T value = null;
      NoAnswer none = null;
      try {
        value = call.call();
        if (value == null) {
          none = new NoAnswer(what + " returned null", null);
        }
      } catch (Throwable thrown) {
        none = new NoAnswer(what + " failed: " + thrown, thrown);
      }
      if (win()) {
        OwnThreads.hostIsDone();
        answered(value, none);
      } else if (value != null) {
        LOG.warn("{} answered too late, its answer is not used", what);
        late.accept(value);
      }
    }

    private boolean begin() {
      lock.lock();
      try {
        asking = Thread.currentThread();
        return !answered;
      } finally {
        lock.unlock();
      }
    }

    void noAnswer(NoAnswer none) {
      if (win()) {
        answered(null, none);
      }
    }

    private void answered(@Nullable T value, @Nullable NoAnswer none) {
      SchedulerClock.Timer armed = timer;
      if (armed != null) {
        armed.cancel();
      }
      answer.accept(value, none);
    }

    /** Only the first answer counts; a question that lost its time is told by an interrupt. */
    private boolean win() {
      lock.lock();
      try {
        boolean first = !answered;
        answered = true;
        if (asking == Thread.currentThread()) {
          asking = null;
          if (!first) {
            Thread.interrupted(); // must not reach the thread's next work
          }
        } else if (asking != null) {
          asking.interrupt();
        }
        return first;
      } finally {
        lock.unlock();
      }
    }
  }
}
