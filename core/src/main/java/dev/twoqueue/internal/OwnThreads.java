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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler's own threads: none while there is nothing to do. A thread that has only the
 * scheduler's own code left to run, and finds that something is to be run next, goes on with that
 * itself; what is for another thread goes by {@link HandOver}.
 */
final class OwnThreads implements Executor {
  /** How long a pooled thread waits for more work before it ends. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(OwnThreads.class);

  /** What the calling thread is, if it is one of these; it is never anything else. */
  private static final ThreadLocal<@Nullable Worker> HERE = new ThreadLocal<>();

  private final Executor threads;
  private final boolean goesOn;
  private final Runnable searcher = this::searchHere;
  private final HandOver handOver = new HandOver();

  /**
   * Virtual threads where the JVM has them, else daemon threads that end when idle.
   *
   * @param goesOn false where code of the host's may run at any time on the thread that decides (in
   *     an executor or a clock of the host's): what hangs there must not delay what is to start
   */
  OwnThreads(String name, boolean goesOn) {
    ThreadFactory virtual = virtualFactory(name);
    this.threads = virtual == null ? pooled(name) : perTask(virtual);
    this.goesOn = goesOn;
  }

  @Override
  public void execute(Runnable work) {
    if (!handOver.add(work, HERE.get() == null)) {
      return;
    }
    try {
      threads.execute(searcher);
    } catch (Throwable thrown) {
      handOver.nobodyComes();
      boolean mine = handOver.takeBack(work);
      if (!handOver.isEmpty()) {
        LOG.error("no thread could be had, {} have to wait for the next that comes free", handOver);
      }
      if (mine) {
        throw thrown;
      }
    }
  }

  /** Runs it on this thread, as soon as what it runs now has returned, or else on another one. */
  void goOn(Runnable work) {
    Worker here = HERE.get();
    if (here == null || here.owner() != this || !here.hostIsDone || here.next != null) {
      execute(work);
    } else {
      here.next = work;
    }
  }

  /** Whether the calling thread is one of any scheduler's own. */
  static boolean isHere() {
    return HERE.get() != null;
  }

  /** Says that the calling thread runs no more code of the host's before it returns. */
  static void hostIsDone() {
    Worker here = HERE.get();
    if (here != null) {
      here.hostIsDone = here.owner().goesOn;
    }
  }

  /** On a thread that was woken to search. */
  private void searchHere() {
    Worker here = HERE.get();
    if (here == null) {
      here = new Worker();
      HERE.set(here);
    }
    here.run();
  }

  private final class Worker {
    private @Nullable Runnable next;
    private boolean hostIsDone;

    OwnThreads owner() {
      return OwnThreads.this;
    }

    void run() {
      for (Runnable work = taken(handOver.search()); work != null; work = next()) {
        run(work);
      }
    }

    private void run(Runnable work) {
      next = null;
      hostIsDone = false;
      Guard.run("work of the scheduler's", work);
      Thread.interrupted(); // one that the last body has left must not reach the next one
    }

    private @Nullable Runnable next() {
      return next != null ? next : taken(handOver.next());
    }

    private @Nullable Runnable taken(@Nullable Runnable work) {
      if (work != null && handOver.leavesSomeAlone()) {
        boolean woken = Guard.execute(threads, "what was handed over", searcher);
        if (!woken) {
          handOver.nobodyComes();
        }
      }
      return work;
    }
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
  private static @Nullable ThreadFactory virtualFactory(String name) {
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
