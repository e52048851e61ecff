package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever ends a call ends its HTTP call, and nothing is left behind. */
@Timeout(30)
class CancellationTest {
  private static final GenerateRequest ASK = GenerateRequest.of("m", "x");
  private static final String LINE = "{\"response\":\"a\",\"done\":false}\n";

  private static RawServer stalling() {
    return RawServer.stallingAfter(RawServer.chunkedHead() + RawServer.chunk(LINE));
  }

  @Test
  void cancelledToken_closesTheCall() throws Exception {
    TestToken token = new TestToken();
    try (RawServer server = stalling();
        OllamaClient client = OllamaClient.connect(server.url())) {
      CompletableFuture<OllamaAnswer> answer =
          CompletableFuture.supplyAsync(
              () -> client.cancelledBy(token).generate(ASK, chunk -> token.cancel()));
      ExecutionException e = assertThrows(ExecutionException.class, answer::get);
      assertInstanceOf(OllamaException.Cancelled.class, e.getCause());
      assertTrue(String.valueOf(e.getMessage()).contains("the test says so"));
      server.disconnected.await();
      assertEquals(0, token.registered());
    }
  }

  @Test
  void cancelledToken_closesACallThatWaitsForItsFirstByte() throws Exception {
    TestToken token = new TestToken();
    try (RawServer server = RawServer.stallingAfter("");
        OllamaClient client = OllamaClient.connect(server.url())) {
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(() -> client.cancelledBy(token).load("m"));
      server.requested.await();
      token.cancel();
      ExecutionException e = assertThrows(ExecutionException.class, load::get);
      assertInstanceOf(OllamaException.Cancelled.class, e.getCause());
      server.disconnected.await();
    }
  }

  @Test
  void tokenThatIsCancelledAlready_callsNobody() {
    TestToken token = new TestToken();
    token.cancel();
    try (RawServer server = RawServer.saying(200, "{\"models\":[]}");
        OllamaClient client = OllamaClient.connect(server.url())) {
      assertThrows(OllamaException.Cancelled.class, () -> client.cancelledBy(token).ps());
      assertEquals(1, server.requested.getCount());
    }
  }

  @Test
  void interrupt_endsTheCallAtOnceAndStaysSet() throws Exception {
    try (RawServer server = RawServer.stallingAfter("");
        OllamaClient client = OllamaClient.connect(server.url())) {
      AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("nothing"));
      AtomicBoolean flag = new AtomicBoolean();
      Thread caller =
          new Thread(
              () -> {
                try {
                  client.generate(ASK);
                } catch (OllamaException e) {
                  thrown.set(e);
                  flag.set(Thread.currentThread().isInterrupted());
                }
              });
      caller.start();
      server.requested.await();
      caller.interrupt();
      caller.join();
      assertInstanceOf(OllamaException.Cancelled.class, thrown.get());
      assertTrue(flag.get());
      server.disconnected.await();
    }
  }

  @Test
  void consumerThatThrows_endsTheCall() throws Exception {
    try (RawServer server = stalling();
        OllamaClient client = OllamaClient.connect(server.url())) {
      IllegalStateException own = new IllegalStateException("mine");
      assertEquals(
          own,
          assertThrows(
              IllegalStateException.class,
              () ->
                  client.generate(
                      ASK,
                      chunk -> {
                        throw own;
                      })));
      server.disconnected.await();
    }
  }

  @Test
  void close_endsWhatRunsAndLeavesNoThreadOrConnection() throws Exception {
    try (RawServer server = stalling()) {
      OllamaClient client = OllamaClient.connect(server.url());
      CompletableFuture<OllamaAnswer> answer =
          CompletableFuture.supplyAsync(() -> client.generate(ASK, chunk -> {}));
      server.requested.await();
      client.close();
      ExecutionException e = assertThrows(ExecutionException.class, answer::get);
      assertInstanceOf(OllamaException.Cancelled.class, e.getCause());
      server.disconnected.await();
      assertEquals(0, client.http.connections());
      assertFalse(ownThreads(), "a thread is left");
      assertThrows(IllegalStateException.class, client::ps);
      client.close();
    }
  }

  private static boolean ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("two-queue-ollama-"));
  }

  @Test
  void sharedHttpClient_staysOpen() throws Exception {
    OkHttpClient shared = new OkHttpClient();
    try (RawServer server = RawServer.saying(200, "{\"version\":\"1\"}")) {
      OllamaClient client = OllamaClient.builder().address(server.url()).httpClient(shared).build();
      assertEquals("1", client.version());
      client.close();
      assertEquals(1, shared.connectionPool().connectionCount());
      Request request = new Request.Builder().url(server.url() + "/api/version").build();
      try (Response response = shared.newCall(request).execute()) {
        assertEquals(200, response.code());
      }
    } finally {
      shared.connectionPool().evictAll();
      shared.dispatcher().executorService().shutdown();
      assertTrue(shared.dispatcher().executorService().awaitTermination(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void connection_isUsedAgain() {
    try (RawServer server =
            RawServer.answering(
                (head, out) ->
                    RawServer.write(
                        out,
                        head.contains("/api/ps")
                            ? RawServer.whole(200, "{\"models\":[]}")
                            : RawServer.whole(200, "{\"response\":\"\",\"done\":true}\n")));
        OllamaClient client = OllamaClient.connect(server.url())) {
      for (int i = 0; i < 5; i++) {
        client.ps();
        client.generate(ASK, chunk -> {});
      }
      assertEquals(1, client.http.connections());
    }
  }
}
