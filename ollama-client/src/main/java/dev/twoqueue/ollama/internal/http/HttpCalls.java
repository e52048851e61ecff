package dev.twoqueue.ollama.internal.http;

import dev.twoqueue.CancellationToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Blocking calls with deadlines, bounds and cancellation. Safe for use by any thread. */
public final class HttpCalls implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Duration GRACE_AFTER_DONE = Duration.ofMillis(500);
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final OkHttpClient http;
  private final boolean shared;
  private final HttpUrl base;
  private final Duration overall;
  private final int maxLineBytes;
  private final CallErrors errors;
  private final ExecutorService workers;
  private final Set<Call> running = ConcurrentHashMap.newKeySet();

  /**
   * Calls to one server.
   *
   * @param base where it is
   * @param shared the host's client; null for one of its own
   * @param limits how long and how much at most
   * @param threads what its threads are called, before a number
   * @param errors the exceptions that its calls throw
   */
  public HttpCalls(
      HttpUrl base,
      @Nullable OkHttpClient shared,
      Limits limits,
      String threads,
      CallErrors errors) {
    this.base = base;
    this.shared = shared != null;
    this.overall = limits.overall();
    this.maxLineBytes = limits.maxLineBytes();
    this.errors = errors;
    // Only connecting is timed by OkHttp: every other wait is the caller's, see Exchange.
    this.http =
        (shared == null ? new OkHttpClient.Builder() : shared.newBuilder())
            .connectTimeout(limits.connect())
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .callTimeout(Duration.ZERO)
            .followRedirects(false)
            .build();
    this.workers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> thread(threads, work));
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * How long and how much at most.
   *
   * @param connect until there is a connection
   * @param overall for any call as a whole
   * @param maxLineBytes of one line of a streamed answer
   */
  public record Limits(Duration connect, Duration overall, int maxLineBytes) {}

  /** Reads a whole body. */
  @FunctionalInterface
  public interface BodyReader<T> {
    T read(BoundedInput body) throws IOException;
  }

  /** Takes the lines of a stream. */
  @FunctionalInterface
  public interface LineHandler {
    /** Returns whether this was the last line. */
    boolean line(byte[] text, Exchange exchange) throws IOException;
  }

  /**
   * A call whose answer is read as a whole.
   *
   * @param deadline for all of it
   * @param maxBytes how much of the body is read at most
   */
  public <T> T whole(
      ApiRequest request,
      Duration deadline,
      long maxBytes,
      BodyReader<T> reader,
      @Nullable CancellationToken token) {
    Call call = http.newCall(httpRequest(request));
    try (Exchange exchange = new Exchange(request, call, overall, errors, token)) {
      begin(
          exchange,
          call,
          (response, to) -> {
            BoundedInput body = new BoundedInput(response.body().byteStream(), maxBytes);
            T value;
            try {
              value = reader.read(body);
            } finally {
              to.remember(body.head());
            }
            to.tell(new Exchange.Result(value));
          });
      Exchange.Signal signal = exchange.next(deadline, "answer");
      if (signal instanceof Exchange.Result result) {
        @SuppressWarnings("unchecked") // the reader above made it
        T value = (T) result.value();
        return value;
      }
      throw new IllegalStateException("a whole answer cannot be " + signal);
    } finally {
      running.remove(call);
    }
  }

  /**
   * A call whose answer comes line by line. The handler runs on the caller's thread.
   *
   * @param first until the first line
   * @param idle between lines
   * @return whether the handler saw its last line; false when the stream ended before
   */
  public boolean lines(
      ApiRequest request,
      Duration first,
      Duration idle,
      LineHandler handler,
      @Nullable CancellationToken token) {
    Call call = http.newCall(httpRequest(request));
    try (Exchange exchange = new Exchange(request, call, overall, errors, token)) {
      begin(exchange, call, this::readLines);
      Exchange.Signal signal = exchange.next(first, "answer");
      while (true) {
        if (!(signal instanceof Exchange.Line line)) {
          return false;
        }
        if (handle(handler, line.text().toByteArray(), exchange)) {
          exchange.awaitEnd(GRACE_AFTER_DONE);
          return true;
        }
        signal = exchange.next(idle, "further line");
      }
    } finally {
      running.remove(call);
    }
  }

  private boolean handle(LineHandler handler, byte[] line, Exchange exchange) {
    try {
      return handler.line(line, exchange);
    } catch (IOException malformed) {
      exchange.remember(new String(line, StandardCharsets.UTF_8));
      throw Failures.translate(malformed, exchange.where(), false, errors);
    }
  }

  private void readLines(Response response, Exchange to) throws IOException, InterruptedException {
    BufferedSource source = response.body().source();
    while (true) {
      long end = source.indexOf((byte) '\n', 0, maxLineBytes + 1L);
      if (end < 0 && source.getBuffer().size() > maxLineBytes) {
        to.remember(source.readUtf8(Math.min(512, maxLineBytes)));
        throw new BoundedInput.TooLargeException(maxLineBytes);
      }
      ByteString line = end < 0 ? source.readByteString() : source.readByteString(end);
      if (!line.utf8().isBlank()) {
        to.tell(new Exchange.Line(line));
      }
      if (end < 0) {
        to.tell(new Exchange.End());
        return;
      }
      source.skip(1);
    }
  }

  private void begin(Exchange exchange, Call call, Exchange.Reader reader) {
    running.add(call);
    try {
      exchange.begin(workers, reader);
    } catch (RejectedExecutionException closed) {
      throw new IllegalStateException("the client is closed", closed);
    }
  }

  private Request httpRequest(ApiRequest request) {
    HttpUrl url = base.resolve(request.path());
    if (url == null) {
      throw new IllegalArgumentException("no path: " + request.path());
    }
    RequestBody body = request.body() == null ? null : new OneShot(Json.bytes(request.body()));
    Request.Builder http = new Request.Builder().url(url).method(request.method(), body);
    if (request.accept() != null) {
      http.header("Accept", request.accept());
    }
    return http.build();
  }

  /** Cancels what runs, ends the threads, and closes the connections unless they are shared. */
  @Override
  public void close() {
    workers.shutdown();
    running.forEach(Call::cancel);
    workers.shutdownNow();
    boolean interrupted = false;
    try {
      workers.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (!shared) {
      http.connectionPool().evictAll();
      http.dispatcher().executorService().shutdown();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many connections are open. */
  public int connections() {
    return http.connectionPool().connectionCount();
  }

  /** A body that OkHttp never sends twice: a repeated load or answer would be work done twice. */
  private static final class OneShot extends RequestBody {
    private final byte[] bytes;

    private OneShot(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
