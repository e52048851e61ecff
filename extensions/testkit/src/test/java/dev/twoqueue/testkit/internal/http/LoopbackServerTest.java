package dev.twoqueue.testkit.internal.http;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LoopbackServerTest {

  private static LoopbackServer server(ExchangeHandler handler) {
    return LoopbackServer.start(0, "loopback-test", handler);
  }

  private static void echo(HttpExchange exchange) throws IOException {
    exchange.respond(200, Map.of(), exchange.request().body());
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("loopback-test"))
        .count();
  }

  @Test
  void one_connection_serves_requests_that_were_sent_together() throws IOException {
    try (LoopbackServer server = server(LoopbackServerTest::echo);
        Http http = Http.open(server.url(), "POST", "/", Map.of(), "first")) {
      String second =
          String.join(
              "\r\n",
              "POST / HTTP/1.1",
              "Host: x",
              "Transfer-Encoding: chunked",
              "",
              "3",
              "sec",
              "3;x=y",
              "ond",
              "0",
              "Trailer: t",
              "",
              "");
      http.socket().getOutputStream().write(second.getBytes(StandardCharsets.US_ASCII));
      assertEquals("first", http.reply().body());
      assertEquals("second", http.reply().body());
    }
  }

  @Test
  void a_body_comes_whole_when_it_is_short_and_in_chunks_when_it_is_long() {
    try (LoopbackServer server = server(LoopbackServerTest::echo)) {
      Http.Reply whole = Http.post(server.url(), "/", "x".repeat(2048));
      assertEquals("2048", whole.headers().get("Content-Length"));
      Http.Reply chunked = Http.post(server.url(), "/", "x".repeat(2049));
      assertEquals("chunked", chunked.headers().get("Transfer-Encoding"));
      assertEquals(2049, chunked.body().length());
    }
  }

  @Test
  void a_client_that_expects_100_is_told_to_continue() throws IOException {
    try (LoopbackServer server = server(LoopbackServerTest::echo);
        Http http =
            Http.open(server.url(), "POST", "/", Map.of("Expect", "100-continue"), "body")) {
      assertEquals(100, http.reply().status());
      assertEquals("body", http.reply().body());
    }
  }

  @Test
  void a_handler_learns_at_once_that_its_client_went_away() throws Exception {
    CompletableFuture<IOException> told = new CompletableFuture<>();
    CompletableFuture<Void> working = new CompletableFuture<>();
    ExchangeHandler waits =
        exchange -> {
          working.complete(null);
          try {
            exchange.await(new CompletableFuture<Void>());
          } catch (IOException gone) {
            told.complete(gone);
            throw gone;
          } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
          }
        };
    try (LoopbackServer server = server(waits);
        Http http = Http.open(server.url(), "GET", "/", Map.of(), "")) {
      working.get(20, TimeUnit.SECONDS);
      http.leave();
      assertEquals(ClientGoneException.class, told.get(20, TimeUnit.SECONDS).getClass());
    }
  }

  @Test
  void a_pause_ends_by_itself_while_the_client_waits() {
    ExchangeHandler pauses =
        exchange -> {
          exchange.pause(1_000_000);
          echo(exchange);
        };
    try (LoopbackServer server = server(pauses)) {
      assertEquals("still here", Http.post(server.url(), "/", "still here").body());
    }
  }

  @Test
  void a_reset_and_an_answer_broken_off_reach_the_client_as_such() {
    ExchangeHandler breaks =
        exchange -> {
          if (exchange.request().path().equals("/reset")) {
            exchange.reset();
            return;
          }
          exchange.startStream(200, Map.of());
          exchange.write(new byte[] {'x'});
          exchange.breakOff();
        };
    try (LoopbackServer server = server(breaks)) {
      Throwable reset =
          assertThrows(RuntimeException.class, () -> Http.get(server.url(), "/reset"));
      assertInstanceOf(SocketException.class, reset.getCause());
      Throwable broken =
          assertThrows(RuntimeException.class, () -> Http.get(server.url(), "/half"));
      assertInstanceOf(EOFException.class, broken.getCause());
    }
  }

  @Test
  void a_handler_that_fails_answers_500_and_the_server_goes_on() {
    ExchangeHandler fails =
        exchange -> {
          if (exchange.request().path().equals("/bug")) {
            throw new IllegalStateException("a bug");
          }
          echo(exchange);
        };
    try (LoopbackServer server = server(fails)) {
      assertEquals(500, Http.get(server.url(), "/bug").status());
      assertEquals(200, Http.get(server.url(), "/").status());
    }
  }

  @Test
  void what_is_not_http_closes_the_connection_only() throws IOException {
    try (LoopbackServer server = server(LoopbackServerTest::echo)) {
      for (String nonsense : new String[] {"hello\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n"}) {
        try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write(nonsense.getBytes(StandardCharsets.US_ASCII));
          assertEquals(-1, socket.getInputStream().read());
        }
      }
      String tooLong = Long.toString(1L << 40);
      assertThrows(
          RuntimeException.class,
          () -> Http.send(server.url(), "POST", "/", Map.of("content-length", tooLong), ""));
      assertEquals(200, Http.get(server.url(), "/").status());
    }
  }

  @Test
  void close_ends_handlers_connections_and_threads() throws Exception {
    CompletableFuture<Void> working = new CompletableFuture<>();
    LoopbackServer server =
        server(
            exchange -> {
              working.complete(null);
              exchange.pause(Long.MAX_VALUE);
            });
    URI url = server.url();
    try (Http idle = Http.open(url, "GET", "/", Map.of(), "")) {
      working.get(20, TimeUnit.SECONDS);
      assertTrue(threads() > 0);
      server.close();
      assertThrows(IOException.class, idle::reply);
    }
    eventually("no thread is left", () -> threads() == 0);
    assertThrows(ConnectException.class, () -> Http.open(url, "GET", "/", Map.of(), ""));
    LoopbackServer.start(url.getPort(), "loopback-test", LoopbackServerTest::echo).close();
  }

  @Test
  void a_port_in_use_is_told() {
    try (LoopbackServer server = server(LoopbackServerTest::echo)) {
      int port = server.url().getPort();
      RuntimeException taken =
          assertThrows(
              RuntimeException.class,
              () -> LoopbackServer.start(port, "loopback-test", LoopbackServerTest::echo));
      assertTrue(
          String.valueOf(taken.getMessage()).contains(Integer.toString(port)), taken.toString());
    }
  }

  @Test
  void an_answer_in_time_beats_the_client_that_goes()
      throws TimeoutException, InterruptedException, ExecutionException {
    CompletableFuture<String> got = new CompletableFuture<>();
    ExchangeHandler awaits =
        exchange -> {
          try {
            got.complete(exchange.await(CompletableFuture.completedFuture("value")));
            echo(exchange);
          } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
          }
        };
    try (LoopbackServer server = server(awaits)) {
      assertEquals(200, Http.get(server.url(), "/").status());
      assertEquals("value", got.get(20, TimeUnit.SECONDS));
    }
  }
}
