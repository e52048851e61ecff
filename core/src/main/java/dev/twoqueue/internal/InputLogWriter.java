package dev.twoqueue.internal;

import dev.twoqueue.InputLog;
import dev.twoqueue.internal.engine.InputSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes lines under the scheduler's lock and writes them outside of it, on the callback executor,
 * one writer at a time. A file or a memory bound that is reached, and a disk that fails or hangs,
 * end the log with one warning and nothing else (I11).
 */
final class InputLogWriter implements InputSink, Runnable {
  /** The most characters that wait for a slow disk. */
  static final int MOST_WAITING = 8 << 20;

  /** How long a scheduler that has terminated waits for the disk. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The begin of the last line, which says why there are no more. */
  static final String END = "E\t";

  static final String TERMINATED = "terminated";
  static final String FULL = "full";
  static final String BEHIND = "behind";

  private static final Logger LOG = LoggerFactory.getLogger(InputLog.class);
  private static final int ROOM_FOR_END = 32;

  private enum Writing {
    IDLE,
    HANDED_OVER,
    UNDER_WAY
  }

  private final String name;
  private final long maxBytes;
  private final OutputStream out;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private StringBuilder waiting = new StringBuilder();
  private Writing writing = Writing.IDLE;
  private long bytes;
  private boolean refusalTold;
  private volatile boolean over;
  private volatile @Nullable String warning;
  private @Nullable Throwable cause;

  /** Makes the file, or says why it cannot be. */
  InputLogWriter(InputLogTarget target, Executor executor) {
    this.name = target.name();
    this.maxBytes = target.maxBytes();
    this.executor = executor;
    try {
      this.out = target.opener().open();
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "the input log "
              + name
              + " cannot be made: name a file that may be written, in a folder that is there",
          failed);
    }
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  public void add(CharSequence line) {
    lock.lock();
    try {
      int length = line.length() + 1;
      if (over) {
        return;
      }
      if (length > LONGEST_LINE || bytes + length > maxBytes - ROOM_FOR_END) {
        end(FULL);
        warning = "has reached its bound of " + maxBytes + " bytes: later inputs are not in it";
      } else if (waiting.length() + length > MOST_WAITING) {
        end(BEHIND);
        warning = "was written too slowly: " + MOST_WAITING + " characters wait, and no more will";
      } else {
        waiting.append(line).append('\n');
        bytes += length;
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(String why) {
    waiting.append(END).append(why).append('\n');
    over = true;
  }

  @Override
  public void broken(Throwable why) {
    lock.lock();
    try {
      if (!over) {
        over = true;
        warning = "ends early: an input could not be put into words";
        cause = why;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The scheduler has terminated: what comes after that decides nothing. */
  void terminated() {
    lock.lock();
    try {
      if (!over) {
        end(TERMINATED);
      }
    } finally {
      lock.unlock();
    }
    deliver();
  }

  /** Sees that what waits is written; outside the scheduler's lock. */
  void deliver() {
    warn();
    lock.lock();
    try {
      if (writing != Writing.IDLE || nothingToDo()) {
        return;
      }
      writing = Writing.HANDED_OVER;
    } finally {
      lock.unlock();
    }
    try {
      executor.execute(this);
    } catch (Throwable refused) {
      tellRefusal(refused);
    }
  }

  private boolean nothingToDo() {
    return waiting.length() == 0 && (!over || closed.getCount() == 0);
  }

  private void tellRefusal(Throwable refused) {
    boolean first;
    lock.lock();
    try {
      if (writing == Writing.HANDED_OVER) {
        writing = Writing.IDLE;
      }
      first = !refusalTold;
      refusalTold = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      LOG.warn("the input log {} waits: the callback executor does not write it", name, refused);
    }
  }

  private void warn() {
    if (warning == null) {
      return;
    }
    String what;
    Throwable why;
    lock.lock();
    try {
      what = warning;
      why = cause;
      warning = null;
    } finally {
      lock.unlock();
    }
    if (what != null) {
      LOG.warn("the input log {} {}", name, what, why);
    }
  }

  /** Writes what waits, unless somebody else does. */
  @Override
  public void run() {
    if (claim()) {
      write();
    }
  }

  /** For executors that say what they run. */
  @Override
  public String toString() {
    return "the writing of input log " + name;
  }

  private boolean claim() {
    lock.lock();
    try {
      boolean mine = writing == Writing.HANDED_OVER;
      if (mine) {
        writing = Writing.UNDER_WAY;
      }
      return mine;
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    try {
      for (String text = take(); text != null; text = take()) {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
    } catch (Throwable failed) {
      fail(failed);
    }
    warn();
  }

  /** What waits; null when nothing does, and the writer is done. */
  private @Nullable String take() throws IOException {
    boolean last;
    lock.lock();
    try {
      if (waiting.length() > 0) {
        String text = waiting.toString();
        waiting = new StringBuilder();
        return text;
      }
      last = over;
      if (!last) {
        writing = Writing.IDLE;
      }
    } finally {
      lock.unlock();
    }
    if (last) {
      out.close(); // still the one writer, and for ever
      closed.countDown();
    }
    return null;
  }

  private void fail(Throwable failed) {
    lock.lock();
    try {
      over = true;
      waiting = new StringBuilder();
      warning = "cannot be written, and ends early";
      cause = failed;
    } finally {
      lock.unlock();
    }
    Guard.run("closing the input log " + name, this::closeQuietly);
    closed.countDown();
  }

  private void closeQuietly() {
    try {
      out.close();
    } catch (IOException again) {
      LOG.debug("the input log {} could not be closed either", name, again);
    }
  }

  /**
   * Waits until a log that is over has been written, but not for long. Where the executor has not
   * begun to write, a thread of its own does.
   */
  void awaitWritten(Duration atMost) throws InterruptedException {
    if (takeOver()) {
      Thread writer = new Thread(this::write, "two-queue-input-log");
      writer.setDaemon(true);
      writer.start();
    }
    boolean patient = atMost.compareTo(PATIENCE) >= 0;
    long nanos = (patient ? PATIENCE : atMost).toNanos();
    if (!closed.await(nanos, TimeUnit.NANOSECONDS) && patient) {
      LOG.warn("the input log {} is not whole: it was not written within {}", name, PATIENCE);
    }
  }

  private boolean takeOver() {
    lock.lock();
    try {
      boolean mine = over && writing != Writing.UNDER_WAY && closed.getCount() > 0;
      if (mine) {
        writing = Writing.UNDER_WAY;
      }
      return mine;
    } finally {
      lock.unlock();
    }
  }
}
