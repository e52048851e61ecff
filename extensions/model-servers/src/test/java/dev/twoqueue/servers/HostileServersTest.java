package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that are absent, slow, broken, huge or lie about types: never "nothing is resident". */
@Timeout(60)
class HostileServersTest {

  /** One kind of server, the request of its probe, and a right answer to that. */
  record Kind(ModelServerBuilder<?> builder, String look, String right) {
    @Override
    public String toString() {
      return look;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind(
            LlamaServer.builder(),
            "GET /models",
            Recording.of("llama-server-b10488/router.json").named("models-after-swap").body()),
        new Kind(
            LlamaSwap.builder(),
            "GET /running",
            Recording.of("llama-swap-250/swap.json").named("running-a").body()),
        new Kind(
            LmStudio.builder(),
            "GET /api/v1/models",
            "{\"models\":[{\"type\":\"llm\",\"key\":\"m\",\"size_bytes\":7,\"loaded_instances\":"
                + "[{\"id\":\"m\",\"config\":{\"context_length\":4096}}]}]}"),
        new Kind(
            LocalAi.builder(),
            "GET /system",
            "{\"backends\":[],\"loaded_models\":[{\"id\":\"m\",\"process\":{\"rss_bytes\":7}}]}"));
  }

  private static Residency look(ModelServer server) {
    try {
      return server.residencyProbe().observe();
    } catch (Exception e) {
      throw new AssertionError("a probe throws nothing", e);
    }
  }

  /** What one server answers, by what a test calls it. */
  private static void assertUnknown(Kind kind, Map<String, MockResponse> answers) {
    try (FakeServer server = new FakeServer();
        ModelServer client = kind.builder().address(server.url()).build()) {
      answers.forEach(
          (what, answer) -> {
            server.on(kind.look(), answer);
            assertInstanceOf(Residency.Unknown.class, look(client), what);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void rightAnswer_isSeen(Kind kind) {
    try (FakeServer server = new FakeServer().on(kind.look(), kind.right());
        ModelServer client = kind.builder().address(server.url()).build()) {
      Residency.Observed seen = assertInstanceOf(Residency.Observed.class, look(client));
      assertEquals(1, seen.workers().size());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyTruncatedAnswer_isUnknown(Kind kind) {
    String right = kind.right().strip();
    Map<String, MockResponse> answers = new LinkedHashMap<>();
    for (int end = 0; end < right.length(); end += Math.max(1, right.length() / 12)) {
      answers.put("to " + end, FakeServer.answer(200, right.substring(0, end)));
    }
    assertTrue(answers.size() >= 12);
    assertUnknown(kind, answers);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void wrongTypesAndStatuses_areUnknown(Kind kind) {
    List<String> bodies = new ArrayList<>(List.of("[]", "null", "7", "\"x\"", "{}", "<html>"));
    for (String list : List.of("data", "running", "models", "loaded_models")) {
      for (String wrong : List.of("null", "7", "[null]", "[[]]", "[{}]")) {
        bodies.add("{\"" + list + "\":" + wrong + "}");
      }
      bodies.add("{\"" + list + "\":[{\"id\":\" \",\"model\":\"\",\"key\":\"\"}]}");
    }
    Map<String, MockResponse> answers = new LinkedHashMap<>();
    bodies.forEach(body -> answers.put(body, FakeServer.answer(200, body)));
    for (int status : new int[] {204, 302, 400, 401, 403, 404, 429, 500, 502, 503}) {
      answers.put("status " + status, FakeServer.answer(status, status == 204 ? "" : "{}"));
    }
    assertUnknown(kind, answers);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void brokenAndEndlessAnswers_areUnknown(Kind kind) {
    Buffer endless = new Buffer().writeUtf8("{\"x\":\"" + "x".repeat(8_000_000));
    assertUnknown(
        kind,
        Map.of(
            "8 MB", new MockResponse.Builder().body(endless).build(),
            "closed",
                new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build(),
            "closed in the body",
                new MockResponse.Builder()
                    .body(kind.right())
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build()));
  }

  /** A byte in each of 100 answers is another: a typed error, or what the bytes then say. */
  @ParameterizedTest
  @MethodSource("kinds")
  void changedBytes_giveAResidencyAndNoOtherException(Kind kind) {
    Random random = new Random(5);
    byte[] right = kind.right().getBytes(StandardCharsets.UTF_8);
    Supplier<MockResponse> changed =
        () -> {
          byte[] bytes = right.clone();
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
          return new MockResponse.Builder()
              .body(new Buffer().write(ByteString.of(bytes, 0, bytes.length)))
              .build();
        };
    int unknown = 0;
    try (FakeServer server = new FakeServer().on(kind.look(), body -> changed.get());
        ModelServer client = kind.builder().address(server.url()).build()) {
      for (int i = 0; i < 100; i++) {
        Residency seen = look(client);
        unknown += seen instanceof Residency.Unknown ? 1 : 0;
        assertFalse(seen.toString().contains(" within "), seen::toString); // it hung
      }
    }
    assertTrue(unknown > 0, "no change did any harm");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void serverThatSaysNothing_isUnknownWithinTheDeadline(Kind kind) throws IOException {
    Duration quick = Duration.ofMillis(200);
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ModelServer client =
            kind.builder()
                .address("127.0.0.1:" + silent.getLocalPort())
                .timeouts(new ServerTimeouts(quick, quick, quick, quick))
                .build()) {
      long began = System.nanoTime();
      Residency.Unknown unknown = assertInstanceOf(Residency.Unknown.class, look(client));
      assertTrue(unknown.reason().contains("within PT0.2S"), unknown::reason);
      assertTrue(System.nanoTime() - began < Duration.ofSeconds(20).toNanos());
      assertThrows(ModelServerException.StillLoaded.class, () -> client.unload("m"));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void absentServer_isUnreachable(Kind kind) throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    try (ModelServer client = kind.builder().address("127.0.0.1:" + port).build()) {
      assertThrows(ModelServerException.Unreachable.class, client::residents);
      assertInstanceOf(Residency.Unknown.class, look(client));
    }
  }

  @Test
  void close_endsACallThatWaits() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      LlamaSwap client = LlamaSwap.connect("127.0.0.1:" + silent.getLocalPort());
      List<Throwable> thrown = new ArrayList<>();
      Thread asking =
          new Thread(
              () ->
                  thrown.add(
                      assertThrows(ModelServerException.Cancelled.class, client::residents)));
      asking.start();
      silent.accept().getInputStream().read(); // the question has come
      client.close();
      asking.join();
      assertEquals(1, thrown.size());
    }
  }

  @Test
  void statuses_areTyped() {
    Map<Integer, Class<? extends ModelServerException>> types =
        Map.of(
            400, ModelServerException.BadRequest.class,
            401, ModelServerException.Unauthorised.class,
            404, ModelServerException.ProtocolViolation.class,
            429, ModelServerException.ServerBusy.class,
            500, ModelServerException.ServerError.class,
            503, ModelServerException.ServerBusy.class);
    types.forEach(
        (status, type) -> {
          try (FakeServer server =
                  new FakeServer().on("GET /running", FakeServer.answer(status, "why"));
              LlamaSwap client = LlamaSwap.connect(server.url())) {
            ModelServerException e = assertThrows(type, client::residents);
            assertEquals(status, e.status().orElse(0));
            assertEquals("GET /running", e.endpoint());
            assertTrue(e.toString().contains("why"), e::toString);
          }
        });
  }
}
