package dev.twoqueue.testkit.internal.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. This thread only reads: while a handler works, it waits for the next
 * request's first byte, and so sees at once when the client closes instead.
 */
final class Connection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final Socket socket;
  private final ExchangeHandler handler;
  private final Executor threads;
  private final Consumer<Connection> whenClosed;

  Connection(
      Socket socket, ExchangeHandler handler, Executor threads, Consumer<Connection> whenClosed) {
    this.socket = socket;
    this.handler = handler;
    this.threads = threads;
    this.whenClosed = whenClosed;
  }

  @Override
  public void run() {
    HttpExchange inFlight = null;
    try {
      RequestReader reader = new RequestReader(socket.getInputStream(), socket.getOutputStream());
      while (reader.awaitNext()) {
        if (inFlight != null) {
          inFlight.awaitEnd();
        }
        HttpExchange exchange = new HttpExchange(reader.read(), socket);
        inFlight = exchange;
        threads.execute(() -> serve(exchange));
      }
    } catch (IOException | RuntimeException ended) {
      // A reset, a client that does not speak HTTP, or the server's own close.
      LOG.debug("connection ended", ended);
    } finally {
      end(inFlight);
    }
  }

  private void end(@Nullable HttpExchange inFlight) {
    if (inFlight != null) {
      inFlight.clientWentAway();
    }
    close();
    whenClosed.accept(this);
  }

  private void serve(HttpExchange exchange) {
    try {
      handler.handle(exchange);
    } catch (IOException gone) {
      LOG.debug("answer broken off", gone);
    } catch (RuntimeException | Error bug) {
      LOG.error("handler failed on {}", exchange.request().path(), bug);
      apologise(exchange, bug);
    } finally {
      if (!exchange.end()) {
        close();
      }
    }
  }

  private static void apologise(HttpExchange exchange, Throwable bug) {
    if (exchange.started()) {
      return;
    }
    try {
      byte[] text = ("handler failed: " + bug).getBytes(StandardCharsets.UTF_8);
      exchange.respond(500, Map.of("Content-Type", "text/plain"), text);
    } catch (IOException gone) {
      LOG.debug("answer broken off", gone);
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      LOG.warn("could not close a connection", failed);
    }
  }
}
