package dev.twoqueue.gate.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands lines to a reader on a thread of its own, so that a reader that throws or hangs hurts
 * neither the process nor its task. Bounded: while the reader is behind, the process waits for it;
 * a reader that takes nothing for a while loses lines, and they are counted.
 */
final class LineRelay {
  private static final Logger log = LoggerFactory.getLogger(LineRelay.class);
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String name;
  private final Consumer<String> reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<String> waiting = new ArrayDeque<>();
  private int characters;
  private long taken;
  private long lost;
  private boolean isHung;
  private boolean isClosed;
  private boolean isIdle = true;
  private boolean hasThrown;
  private @Nullable Thread thread;

  LineRelay(String name, Consumer<String> reader) {
    this.name = name;
    this.reader = reader;
  }

  /** Queues a line. Called by one thread. */
  void offer(String line) {
    lock.lock();
    try {
      if (isFull() && (isHung || !waitForProgress(() -> !isFull()))) {
        isHung = true;
        lost++;
        return;
      }
      waiting.add(line);
      characters += line.length() + 1;
      changed.signalAll();
      if (thread == null) {
        thread = new Thread(this::deliver, "two-queue-output-" + name);
        thread.setDaemon(true);
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the reader has taken everything, or takes nothing more; then ends the thread.
   *
   * @return how many lines it did not get
   */
  long close() {
    lock.lock();
    try {
      waitForProgress(() -> waiting.isEmpty() && isIdle);
      isClosed = true;
      lost += waiting.size();
      waiting.clear();
      changed.signalAll();
      if (!isIdle && thread != null) {
        log.warn("The reader of the output of '{}' hangs: it is interrupted", name);
        thread.interrupt();
      }
      return lost;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return characters >= MOST_CHARACTERS;
  }

  /** A condition of {@link #waitForProgress}. */
  @FunctionalInterface
  private interface Goal {
    boolean isReached();
  }

  /** Waits as long as the reader takes a line now and then. */
  private boolean waitForProgress(Goal goal) {
    long before = taken;
    long left = PATIENCE.toNanos();
    boolean interrupted = false;
    while (!goal.isReached() && left > 0) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException told) {
        interrupted = true; // the task was told to stop: the process ends, and so does this wait
      }
      if (taken > before) {
        before = taken;
        left = PATIENCE.toNanos();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return goal.isReached();
  }

  private void deliver() {
    while (true) {
      @Nullable String line = next();
      if (line == null) {
        return;
      }
      try {
        reader.accept(line);
      } catch (RuntimeException | Error thrown) {
        if (!hasThrown) {
          hasThrown = true;
          log.warn("The reader of the output of '{}' threw; it gets the next lines", name, thrown);
        }
      }
      tookOne();
    }
  }

  private @Nullable String next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !isClosed) {
        changed.awaitUninterruptibly();
      }
      String line = waiting.poll();
      if (line != null) {
        characters -= line.length() + 1;
        isIdle = false;
      }
      return line;
    } finally {
      lock.unlock();
    }
  }

  private void tookOne() {
    lock.lock();
    try {
      isIdle = true;
      isHung = false;
      taken++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
