package dev.twoqueue.servers;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Waits for work whatever happens to the waiting thread. A server that goes on with a load when its
 * client leaves, and does not show it before it is done, leaves no other way to know how it ended.
 */
final class ToTheEnd {
  private ToTheEnd() {}

  /** Runs it on a thread of its own; an interrupt is kept in the caller's flag. */
  static void run(Runnable work) {
    FutureTask<?> task = new FutureTask<>(work, "done");
    Thread thread = new Thread(task, "two-queue-servers-to-the-end");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failed.getCause(); // a Runnable throws nothing else
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
