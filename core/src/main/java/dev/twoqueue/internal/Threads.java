package dev.twoqueue.internal;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler's own threads: none while there is nothing to do. */
final class Threads {
  /** How long a pooled thread waits for more work before it ends. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  private Threads() {}

  /** A virtual thread a task where the JVM has them, else daemon threads that end when idle. */
  static Executor unbounded(String name) {
    ThreadFactory virtual = virtualFactory(name);
    return virtual == null ? pooled(name) : perTask(virtual);
  }

  private static Executor pooled(String name) {
    AtomicLong number = new AtomicLong();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KEEP_ALIVE.toMillis(),
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private static Executor perTask(ThreadFactory factory) {
    try {
      Method create = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
      return (ExecutorService) create.invoke(null, factory);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Java 21 has Executors.newThreadPerTaskExecutor", e);
    }
  }

  /** By reflection, since the library is compiled for Java 17. */
  private static @org.jspecify.annotations.Nullable ThreadFactory virtualFactory(String name) {
    if (Runtime.version().feature() < 21) {
      return null;
    }
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      Object named =
          type.getMethod("name", String.class, long.class).invoke(builder, name + "-", 0L);
      return (ThreadFactory) type.getMethod("factory").invoke(named);
    } catch (ReflectiveOperationException e) {
      LOG.warn("no virtual threads on this JVM, pooled threads are used", e);
      return null;
    }
  }
}
