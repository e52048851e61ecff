package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hosts give, right and wrong. */
@Timeout(30)
class BuildersTest {
  @Test
  void addresses_areUsualPortsUnlessGiven() {
    assertAddress("http://127.0.0.1:1234/", LmStudio.builder());
    assertAddress("http://127.0.0.1:8080/", LlamaServer.builder());
    assertAddress("http://127.0.0.1:8080/", LlamaSwap.builder());
    assertAddress("http://127.0.0.1:8080/", LocalAi.builder());
    assertAddress("http://box:1234/", LmStudio.builder().address("box"));
    assertAddress("https://box/x/", LmStudio.builder().address("https://box/x"));
  }

  private static void assertAddress(String expected, ModelServerBuilder<?> builder) {
    try (ModelServer server = builder.build()) {
      assertEquals(expected, server.address().toString().replace(":443", ""));
    }
  }

  @Test
  void wrongArguments_areNamedAtOnce() {
    ModelServerBuilder<LocalAi> builder = LocalAi.builder();
    assertNames("address", () -> builder.address(" "));
    assertNames("address", () -> builder.address("ftp://box"));
    assertNames("models", () -> builder.alwaysResident("a", ""));
    assertNames("model", () -> builder.modelBytes("", 1));
    assertNames("bytes", () -> builder.modelBytes("m", 0));
    Duration second = Duration.ofSeconds(1);
    assertNames("connect", () -> new ServerTimeouts(Duration.ZERO, second, second, second));
    assertNames("quick", () -> new ServerTimeouts(second, second.negated(), second, second));
    assertNames("load", () -> ServerTimeouts.DEFAULTS.withLoad(Duration.ofDays(40_000)));
    assertNames("evict", () -> ServerTimeouts.DEFAULTS.withEvict(Duration.ZERO));
    try (LmStudio studio = LmStudio.connect("127.0.0.1:1")) {
      assertNames("model", () -> studio.load("", new Token()));
      assertNames("contextLength", () -> studio.load("m", 0, new Token()));
      assertNames("model", () -> studio.unload(" "));
    }
  }

  private static void assertNames(String argument, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(String.valueOf(e.getMessage()).startsWith(argument + " "), e::toString);
  }

  @Test
  void sharedClient_sendsTheHostsKeyAndStaysOpen() throws Exception {
    OkHttpClient shared =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().header("Authorization", "Bearer key").build()))
            .build();
    try (FakeServer server = new FakeServer().on("GET /running", "{\"running\":[]}")) {
      try (LlamaSwap swap = LlamaSwap.builder().address(server.url()).httpClient(shared).build()) {
        assertEquals(Residency.of(List.of()), swap.residencyProbe().observe());
      }
      assertEquals(1, server.count("GET /running"));
      assertEquals(List.of("Bearer key"), server.keys);
      assertEquals(1, shared.connectionPool().connectionCount());
    } finally {
      shared.connectionPool().evictAll();
      shared.dispatcher().executorService().shutdown();
    }
  }

  @Test
  void closedClient_leavesNoThreadOfItsOwn() {
    try (FakeServer server = new FakeServer().on("GET /running", "{\"running\":[]}")) {
      LlamaSwap swap = LlamaSwap.connect(server.url());
      assertEquals(List.of(), swap.residents());
      swap.close();
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (hasThread() && System.nanoTime() < deadline) {
        Thread.onSpinWait(); // the pool has ended, its thread is about to
      }
      assertFalse(hasThread());
      assertThrows(IllegalStateException.class, swap::residents);
    }
  }

  private static boolean hasThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("two-queue-servers-"));
  }
}
