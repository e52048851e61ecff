package dev.twoqueue.gate;

import dev.twoqueue.Lease;
import dev.twoqueue.ScheduledTask;
import java.util.ArrayList;
import java.util.List;

/**
 * What admitted tasks are still to write, by file system: a task that waits in {@code await} has
 * its download half done while the next one is looked at. What is written already shows in the free
 * space, so that only the rest counts, once. Thread-safe.
 */
final class Writes {
  private final List<Write> inFlight = new ArrayList<>();

  private static final class Write {
    private final ScheduledTask<?> task;
    private final String fileSystem;
    private final long total;
    private long done;

    Write(ScheduledTask<?> task, String fileSystem, long total) {
      this.task = task;
      this.fileSystem = fileSystem;
      this.total = total;
    }
  }

  /** A task may write so much; closed when it has ended. */
  Lease begin(ScheduledTask<?> task, String fileSystem, long bytes) {
    Write write = new Write(task, fileSystem, bytes);
    synchronized (inFlight) {
      inFlight.add(write);
    }
    return () -> {
      synchronized (inFlight) {
        inFlight.remove(write);
      }
    };
  }

  /** It has written so much of it. */
  void progress(ScheduledTask<?> task, long bytes) {
    synchronized (inFlight) {
      for (Write write : inFlight) {
        if (write.task == task) {
          write.done = Math.max(write.done, bytes);
          return;
        }
      }
    }
  }

  /** What others than this task are still to write there, in bytes. */
  long othersOn(String fileSystem, ScheduledTask<?> task) {
    long sum = 0;
    synchronized (inFlight) {
      for (Write write : inFlight) {
        if (write.task != task && write.fileSystem.equals(fileSystem)) {
          sum = saturatedAdd(sum, Math.max(0, write.total - write.done));
        }
      }
    }
    return sum;
  }

  static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
