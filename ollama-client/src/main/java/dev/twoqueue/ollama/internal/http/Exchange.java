package dev.twoqueue.ollama.internal.http;

import dev.twoqueue.CancellationToken;
import dev.twoqueue.ollama.internal.http.CallErrors.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange between two threads: a worker reads the socket, where a read cannot be
 * interrupted on a platform thread; the caller waits here, where it can, and keeps every deadline.
 * Whatever ends the caller's wait closes the call, and with it the worker's read.
 */
public final class Exchange implements AutoCloseable {

  /** What the worker tells the caller. */
  sealed interface Signal {}

  /** A line of a streamed answer. */
  record Line(ByteString text) implements Signal {}

  /** A whole answer, read. */
  record Result(Object value) implements Signal {}

  /** The end of a streamed answer. */
  record End() implements Signal {}

  private record Refused(ByteString body) implements Signal {}

  private record Failed(Throwable cause, boolean cancelled) implements Signal {}

  /** Reads an answer with a 2xx status, on the worker's thread. */
  @FunctionalInterface
  interface Reader {
    void read(Response response, Exchange to) throws IOException, InterruptedException;
  }

  private static final int LONGEST_ERROR = 64 * 1024;

  // One line waits, one is read, one is used: what is buffered stays three lines at most.
  private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(1);
  private final ApiRequest request;
  private final Call call;
  private final CallErrors errors;
  private final @Nullable CancellationToken token;
  private final long overallDeadline;
  private volatile int status;
  private volatile String head = "";
  private volatile boolean finished;
  private @Nullable Future<?> worker;
  private CancellationToken.@Nullable Registration registration;

  Exchange(
      ApiRequest request,
      Call call,
      Duration overall,
      CallErrors errors,
      @Nullable CancellationToken token) {
    this.request = request;
    this.call = call;
    this.errors = errors;
    this.token = token;
    this.overallDeadline = System.nanoTime() + overall.toNanos();
  }

  /** Watches the token, then lets the worker begin. */
  void begin(ExecutorService workers, Reader reader) {
    throwIfCancelled();
    if (token != null) {
      registration = token.onCancel(call::cancel);
    }
    worker = workers.submit(() -> work(reader));
  }

  private void work(Reader reader) {
    try {
      try (Response response = call.execute()) {
        status = response.code();
        read(response, reader);
      } catch (IOException e) { // no answer came
        signals.put(new Failed(e, call.isCanceled()));
      } catch (RuntimeException | Error e) {
        signals.put(new Failed(e, false));
      } finally {
        finished = true;
      }
    } catch (InterruptedException abandoned) {
      // By the caller, who has gone, or by the client's close: then the caller still waits.
      signals.clear();
      signals.add(new Failed(abandoned, true));
      Thread.currentThread().interrupt();
    }
  }

  private void read(Response response, Reader reader) throws InterruptedException {
    try {
      if (response.isSuccessful()) {
        reader.read(response, this);
      } else {
        signals.put(new Refused(beginning(response)));
      }
    } catch (IOException | RuntimeException | Error e) {
      boolean told = call.isCanceled();
      call.cancel(); // closing alone would go on reading what is left, to use the connection again
      signals.put(new Failed(e, told));
    }
  }

  private static ByteString beginning(Response response) throws IOException {
    return ByteString.of(response.body().byteStream().readNBytes(LONGEST_ERROR));
  }

  /** For the worker. */
  void tell(Signal signal) throws InterruptedException {
    signals.put(signal);
  }

  /** For the worker: the first bytes of the body, for messages. */
  void remember(String firstBytes) {
    head = firstBytes;
  }

  /**
   * Waits for the next signal.
   *
   * @throws RuntimeException of the client's own family when the call failed, the wait or the whole
   *     call took too long, or the caller was told to stop
   */
  Signal next(Duration wait, String forWhat) {
    throwIfCancelled();
    long overall = overallDeadline - System.nanoTime();
    Signal signal;
    try {
      signal = signals.poll(Math.min(wait.toNanos(), overall), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.failed(Failure.CANCELLED, "The calling thread was interrupted", where(), e);
    }
    throwIfCancelled();
    if (signal == null) {
      boolean whole = overall <= wait.toNanos();
      throw errors.failed(
          Failure.TIMED_OUT,
          whole ? "The call as a whole took too long" : "No " + forWhat + " within " + wait,
          where(),
          null);
    }
    if (signal instanceof Refused refused) {
      throw errors.refused(request, status, refused.body().toByteArray());
    }
    if (signal instanceof Failed failed) {
      throw Failures.translate(failed.cause(), where(), failed.cancelled(), errors);
    }
    return signal;
  }

  /** After the last line that matters: lets the connection be used again, if it ends soon. */
  void awaitEnd(Duration wait) {
    try {
      Signal signal;
      long deadline = System.nanoTime() + wait.toNanos();
      do {
        signal = signals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } while (signal instanceof Line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the answer is complete; the caller sees the flag
    }
  }

  /** The HTTP status; 0 as long as none came. */
  public int status() {
    return status;
  }

  /** Which call, and what has come of its answer. */
  public Where where() {
    return new Where(request.endpoint(), status, head);
  }

  private void throwIfCancelled() {
    if (token != null && token.isCancelled()) {
      throw errors.failed(
          Failure.CANCELLED,
          "The call was cancelled: " + token.reason().orElse("no reason given"),
          where(),
          null);
    }
  }

  /** Closes the call unless it has ended by itself. */
  @Override
  public void close() {
    if (registration != null) {
      registration.close();
    }
    if (!finished) {
      call.cancel();
      if (worker != null) {
        worker.cancel(true);
      }
    }
  }
}
