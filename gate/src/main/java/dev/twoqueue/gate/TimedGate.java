package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link Gates#withTimeout(Gate, Duration)}. */
final class TimedGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(TimedGate.class);
  private static final int MOST_THREADS = 64;

  /** Its threads end when there has been no look for a second: an idle host has none. */
  private static final Executor THREADS =
      new ThreadPoolExecutor(
          0, MOST_THREADS, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), TimedGate::daemon);

  private final AskedGate gate;
  private final Duration timeout;
  private final AtomicInteger hanging = new AtomicInteger();

  TimedGate(Gate gate, Duration timeout) {
    this.gate = new AskedGate(gate);
    this.timeout = timeout;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "two-queue-gate");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public String name() {
    return gate.name();
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    if (hanging.get() > 0) {
      return AskedGate.unknown("an earlier look, given up after " + timeout + ", still hangs");
    }
    Call call = new Call(request);
    try {
      THREADS.execute(call);
      return call.answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return AskedGate.unknown(MOST_THREADS + " looks of gates hang already");
    } catch (TimeoutException e) {
      return call.giveUp()
          ? AskedGate.unknown("no answer within " + timeout)
          : call.answer.get(); // it came just now
    } catch (ExecutionException e) {
      return AskedGate.unknown(
          "it failed: " + Looks.describe(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException e) {
      if (!call.giveUp()) {
        AskedGate.giveBack(call.answer.get());
      }
      throw e;
    }
  }

  private final class Call implements Runnable {
    private final GateRequest request;
    private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
    private @Nullable Thread thread;

    Call(GateRequest request) {
      this.request = request;
    }

    /** Whether there was no answer yet, and none will be used. */
    boolean giveUp() {
      boolean first = answer.completeExceptionally(new TimeoutException());
      if (first) {
        hanging.incrementAndGet();
        interrupt();
      }
      return first;
    }

    private synchronized void interrupt() {
      @Nullable Thread asking = thread;
      if (asking != null) {
        asking.interrupt();
      }
    }

    /** The thread that an interrupt may reach: not any more when it goes on to other work. */
    private synchronized void asks(@Nullable Thread asking) {
      thread = asking;
    }

    @Override
    public void run() {
      asks(Thread.currentThread());
      @Nullable Verdict verdict = null;
      @Nullable Throwable failure = null;
      try {
        verdict = gate.ask(request);
      } catch (Throwable thrown) { // whatever it is, the look must end
        failure = thrown;
      }
      asks(null);
      boolean used =
          verdict != null
              ? answer.complete(verdict)
              : answer.completeExceptionally(
                  failure == null ? new IllegalStateException("no verdict") : failure);
      if (!used) {
        hanging.decrementAndGet();
        log.warn("gate {} answered after its time, the answer is not used", gate.name());
        if (verdict != null) {
          AskedGate.giveBack(verdict);
        }
      }
    }
  }
}
