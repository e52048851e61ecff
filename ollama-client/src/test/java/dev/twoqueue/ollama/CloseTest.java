package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** After a close no connection and no thread is left, and a host's own HTTP client lives on. */
@Timeout(120)
class CloseTest {
  private static final OllamaTimeouts IMPATIENT =
      OllamaTimeouts.DEFAULTS.withIdle(Duration.ofMillis(100));

  private static final GenerateRequest ASK = GenerateRequest.of("m", "x");

  /** One server for every way in which a call can end. */
  private static void answer(String head, OutputStream out) throws IOException {
    if (head.contains("/api/version")) {
      RawServer.write(out, RawServer.whole(200, "{\"version\":\"1\"}"));
    } else if (head.contains("/api/tags")) {
      RawServer.write(out, RawServer.whole(500, "{\"error\":\"x\"}"));
    } else if (head.contains("/api/show")) {
      RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"mod");
      throw new IOException("closes");
    } else if (head.contains("/api/generate")) {
      RawServer.write(
          out, RawServer.chunkedHead() + RawServer.chunk("{\"response\":\"a\",\"done\":false}\n"));
    }
  }

  private static void useInEveryWay(OllamaClient client) {
    assertEquals("1", client.version());
    assertThrows(OllamaException.ServerError.class, client::tags);
    assertThrows(OllamaException.StreamBroken.class, () -> client.show("m", false));
    assertThrows(OllamaException.TimedOut.class, () -> client.generate(ASK, chunk -> {}));
    TestToken token = new TestToken();
    assertThrows(
        OllamaException.Cancelled.class,
        () -> client.cancelledBy(token).generate(ASK, chunk -> token.cancel()));
    assertThrows(
        IllegalStateException.class,
        () ->
            client.generate(
                ASK,
                chunk -> {
                  throw new IllegalStateException("the consumer's");
                }));
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  /** A pool has let go of its threads a moment before they have ended. */
  private static void assertItsThreadsEnd() throws InterruptedException {
    for (Thread thread : threads("two-queue-ollama-")) {
      thread.join(20_000);
    }
    assertEquals(List.of(), threads("two-queue-ollama-"));
  }

  private static OllamaClient client(RawServer server) {
    return OllamaClient.builder().address(server.url()).timeouts(IMPATIENT).build();
  }

  @Test
  void whateverItWasUsedFor_nothingIsLeftOfAClient() throws Exception {
    try (RawServer server = RawServer.answering(CloseTest::answer)) {
      for (int i = 0; i < 3; i++) {
        OllamaClient client = client(server);
        try (client) {
          useInEveryWay(client);
        }
        assertEquals(0, client.http.connections());
        assertItsThreadsEnd();
      }
    }
  }

  /** Calls on many threads are cut off by the close, and each says so. */
  @Test
  void callsThatRun_areCancelledByTheClose() throws Exception {
    try (RawServer server = RawServer.answering(CloseTest::answer)) {
      OllamaClient client = OllamaClient.connect(server.url());
      CountDownLatch answering = new CountDownLatch(20);
      List<CompletableFuture<OllamaAnswer>> calls = new ArrayList<>();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        CompletableFuture<OllamaAnswer> call = new CompletableFuture<>();
        calls.add(call);
        Thread caller =
            new Thread(
                () -> {
                  try {
                    call.complete(client.generate(ASK, chunk -> answering.countDown()));
                  } catch (RuntimeException e) {
                    call.completeExceptionally(e);
                  }
                });
        callers.add(caller);
        caller.start();
      }
      answering.await();
      client.close();
      for (CompletableFuture<OllamaAnswer> call : calls) {
        ExecutionException e =
            assertThrows(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS));
        assertInstanceOf(OllamaException.Cancelled.class, e.getCause());
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertEquals(0, client.http.connections());
      assertItsThreadsEnd();
    }
  }

  @Test
  void sharedHttpClient_isUntouched() throws Exception {
    OkHttpClient shared = new OkHttpClient();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (RawServer server = RawServer.answering(CloseTest::answer);
        RawServer hosts =
            RawServer.answering(
                (head, out) -> {
                  asked.countDown();
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  RawServer.write(out, RawServer.whole(200, "the host's"));
                })) {
      CompletableFuture<String> own =
          CompletableFuture.supplyAsync(
              () -> {
                Request request = new Request.Builder().url(hosts.url()).build();
                try (Response response = shared.newCall(request).execute()) {
                  return response.body().string();
                } catch (IOException e) {
                  return e.toString();
                }
              });
      asked.await();
      for (int i = 0; i < 3; i++) {
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .timeouts(IMPATIENT)
                .httpClient(shared)
                .build();
        try (client) {
          useInEveryWay(client);
        }
        assertItsThreadsEnd();
      }
      int inUse =
          shared.connectionPool().connectionCount() - shared.connectionPool().idleConnectionCount();
      assertEquals(1, inUse); // the host's own, which the closes did not cancel
      go.countDown();
      assertEquals("the host's", own.get(20, TimeUnit.SECONDS));
      assertFalse(shared.dispatcher().executorService().isShutdown());
    } finally {
      shared.connectionPool().evictAll();
      shared.dispatcher().executorService().shutdown();
    }
  }

  private static List<Thread> housekeeping() {
    return Stream.concat(threads("OkHttp").stream(), threads("Okio").stream()).toList();
  }

  /** OkHttp's own threads, which all its clients of a process share: daemons, gone in a minute. */
  @Test
  @EnabledIfSystemProperty(named = "twoqueue.housekeeping", matches = "true")
  void housekeepingThreads_endByThemselves() throws Exception {
    try (RawServer server = RawServer.answering(CloseTest::answer)) {
      try (OllamaClient client = client(server)) {
        useInEveryWay(client);
      }
      long begin = System.nanoTime();
      long deadline = begin + TimeUnit.SECONDS.toNanos(100);
      for (List<Thread> left = housekeeping(); !left.isEmpty(); left = housekeeping()) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        assertTrue(millis > 0, "OkHttp's threads stay: " + left);
        left.get(0).join(millis); // it may have started others meanwhile
      }
      System.out.println("all gone after " + (System.nanoTime() - begin) / 1_000_000_000 + " s");
    }
  }
}
