package dev.twoqueue.testkit.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections on loopback. Each has a thread that reads, so that a client's going away is
 * noticed at once, and one that answers. All threads are daemons.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);
  private static final int BACKLOG = 1024;
  private static final long CLOSE_SECONDS = 10;

  private final ServerSocket listening;
  private final String name;
  private final ExchangeHandler handler;
  private final ExecutorService threads;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private LoopbackServer(ServerSocket listening, String name, ExchangeHandler handler) {
    this.listening = listening;
    this.name = name;
    this.handler = handler;
    AtomicInteger count = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts a server.
   *
   * @param port 0 for any that is free
   * @param name begins its threads' names
   * @param handler answers
   * @return listening already
   * @throws UncheckedIOException when the port is taken
   */
  public static LoopbackServer start(int port, String name, ExchangeHandler handler) {
    try {
      ServerSocket listening = new ServerSocket();
      // A server that is started again at the same port must not wait for old connections to fade.
      listening.setReuseAddress(true);
      listening.bind(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          BACKLOG);
      LoopbackServer server = new LoopbackServer(listening, name, handler);
      server.threads.execute(server::accept);
      return server;
    } catch (IOException taken) {
      throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, taken);
    }
  }

  /**
   * Where it listens.
   *
   * @return for example {@code http://127.0.0.1:41234}
   */
  public URI url() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        Connection connection = new Connection(socket, handler, threads, connections::remove);
        connections.add(connection);
        threads.execute(connection);
        if (listening.isClosed()) {
          connection.close();
        }
      } catch (SocketException closed) {
        if (!listening.isClosed()) {
          LOG.warn("{} could not accept a connection", name, closed);
        }
      } catch (RejectedExecutionException closed) {
        LOG.debug("{} is closing", name, closed);
      } catch (IOException failed) {
        LOG.warn("{} could not accept a connection", name, failed);
      }
    }
  }

  /** Closes every socket and waits until no thread is left. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException failed) {
      LOG.warn("{} could not close its port", name, failed);
    }
    connections.forEach(Connection::close);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} still has threads {} s after its close", name, CLOSE_SECONDS);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }
}
