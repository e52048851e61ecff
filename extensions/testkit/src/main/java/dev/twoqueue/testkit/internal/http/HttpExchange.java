package dev.twoqueue.testkit.internal.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request and the way back to its client. For the thread that handles it; only {@link
 * #clientGone} may be called from any.
 */
public final class HttpExchange {
  /** Go's server sends a body of unknown length whole up to this size, and in chunks beyond. */
  private static final int LARGEST_WHOLE = 2048;

  private final HttpRequest request;
  private final Socket socket;
  private final OutputStream out;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean started;
  private boolean streaming;
  private boolean closing;

  HttpExchange(HttpRequest request, Socket socket) throws IOException {
    this.request = request;
    this.socket = socket;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 8192);
    this.closing = request.wantsClose();
  }

  /**
   * What was asked.
   *
   * @return read to its end
   */
  public HttpRequest request() {
    return request;
  }

  /**
   * Completes when the client closes its side, whatever the handler does at that time.
   *
   * @return never completes exceptionally
   */
  public CompletableFuture<Void> clientGone() {
    return gone.copy();
  }

  /**
   * Lets time pass.
   *
   * @param nanos real nanoseconds
   * @throws IOException when the client went away meanwhile, or the server is closing
   */
  public void pause(long nanos) throws IOException {
    try {
      gone.get(nanos, TimeUnit.NANOSECONDS);
      throw new ClientGoneException();
    } catch (TimeoutException timePassed) {
      // What was asked for.
    } catch (InterruptedException closing) {
      throw interrupted(closing);
    } catch (ExecutionException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Waits for a result.
   *
   * @param <T> its type
   * @param result what to wait for
   * @return the result
   * @throws ExecutionException when it completed exceptionally
   * @throws IOException when the client went away meanwhile, or the server is closing
   */
  public <T extends @Nullable Object> T await(CompletableFuture<T> result)
      throws IOException, ExecutionException {
    try {
      if (!result.isDone()) {
        CompletableFuture.anyOf(result.handle((value, failure) -> ""), gone).get();
      }
      if (!result.isDone()) {
        throw new ClientGoneException();
      }
      return result.get();
    } catch (InterruptedException closing) {
      throw interrupted(closing);
    }
  }

  private static IOException interrupted(InterruptedException closing) {
    Thread.currentThread().interrupt();
    InterruptedIOException told = new InterruptedIOException("the server is closing");
    told.initCause(closing);
    return told;
  }

  /**
   * Answers at once and whole.
   *
   * @param status for example 200
   * @param headers beside Date and the body's length
   * @param body may be empty
   * @throws IOException when the client cannot be reached
   */
  public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
    boolean head = request.method().equals("HEAD");
    if (body.length > LARGEST_WHOLE && !head) {
      startStream(status, headers);
      write(body);
      endStream();
      return;
    }
    begin(status, headers, "Content-Length: " + body.length);
    if (!head) {
      out.write(body);
    }
    out.flush();
  }

  /**
   * Begins an answer that comes in chunks.
   *
   * @param status for example 200
   * @param headers beside Date and Transfer-Encoding
   * @throws IOException when the client cannot be reached
   */
  public void startStream(int status, Map<String, String> headers) throws IOException {
    begin(status, headers, "Transfer-Encoding: chunked");
    streaming = true;
  }

  /**
   * Sends one chunk of a stream.
   *
   * @param chunk not empty
   * @throws IOException when the client cannot be reached
   */
  public void write(byte[] chunk) throws IOException {
    if (!streaming || chunk.length == 0) {
      throw new IllegalStateException(streaming ? "an empty chunk ends a stream" : "no stream");
    }
    ascii(Integer.toHexString(chunk.length) + "\r\n");
    out.write(chunk);
    ascii("\r\n");
    out.flush();
  }

  /**
   * Ends a stream as the protocol wants it.
   *
   * @throws IOException when the client cannot be reached
   */
  public void endStream() throws IOException {
    streaming = false;
    ascii("0\r\n\r\n");
    out.flush();
  }

  /**
   * Tells whether something of the answer has been sent.
   *
   * @return true from the status line on
   */
  public boolean started() {
    return started;
  }

  /**
   * Closes the connection where the answer stands, as a server that dies does.
   *
   * @throws IOException when closing fails
   */
  public void breakOff() throws IOException {
    out.flush();
    socket.close();
  }

  /**
   * Resets the connection: the client gets an error instead of an end.
   *
   * @throws IOException when closing fails
   */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private void begin(int status, Map<String, String> headers, String length) throws IOException {
    if (started) {
      throw new IllegalStateException("answered already");
    }
    started = true;
    ascii("HTTP/1.1 " + status + " " + reason(status) + "\r\n");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      ascii(header.getKey() + ": " + header.getValue() + "\r\n");
    }
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    ascii("Date: " + date.replace(" UTC", " GMT") + "\r\n" + length + "\r\n");
    ascii(closing ? "Connection: close\r\n\r\n" : "\r\n");
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }

  /** Called by the connection when the handler is done; false when the connection must close. */
  boolean end() {
    boolean usable = started && !streaming && !closing;
    ended.complete(null);
    return usable;
  }

  void awaitEnd() {
    ended.join();
  }

  void clientWentAway() {
    gone.complete(null);
  }
}
