package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that is absent, slow, fails, closes halfway, sends far too much or the wrong types. */
@Timeout(30)
class HostileServerTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final OllamaTimeouts QUICK =
      new OllamaTimeouts(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, Duration.ofSeconds(5));

  /** For what ends by itself, however busy this machine is. */
  private static final OllamaTimeouts PATIENT =
      OllamaTimeouts.DEFAULTS.withOverall(Duration.ofSeconds(20));

  private static final Map<String, Consumer<OllamaApi>> CALLS =
      Map.ofEntries(
          Map.entry("version", OllamaApi::version),
          Map.entry("ps", OllamaApi::ps),
          Map.entry("tags", OllamaApi::tags),
          Map.entry("show", api -> api.show("m", true)),
          Map.entry("generate", api -> api.generate(GenerateRequest.of("m", "x"))),
          Map.entry(
              "generate streamed", api -> api.generate(GenerateRequest.of("m", "x"), c -> {})),
          Map.entry("chat", api -> api.chat(ChatRequest.of("m", "x"))),
          Map.entry("chat streamed", api -> api.chat(ChatRequest.of("m", "x"), c -> {})),
          Map.entry("embed", api -> api.embed(EmbedRequest.of("m", List.of("x")))),
          Map.entry("pull", api -> api.pull("m", line -> {})),
          Map.entry("load", api -> api.load("m")),
          Map.entry("unload", api -> api.unload("m")));

  static Stream<Arguments> calls() {
    return CALLS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(call -> Arguments.of(call.getKey(), call.getValue()));
  }

  private static OllamaClient client(String url) {
    return OllamaClient.builder().address(url).timeouts(PATIENT).build();
  }

  private static <T extends OllamaException> T fails(
      Class<T> type, RawServer server, Consumer<OllamaApi> call) {
    OllamaTimeouts timeouts = type == OllamaException.TimedOut.class ? QUICK : PATIENT;
    try (OllamaClient client =
        OllamaClient.builder().address(server.url()).timeouts(timeouts).build()) {
      return assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> assertThrows(type, () -> call.accept(client)));
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void absentServer_isUnreachable(String name, Consumer<OllamaApi> call) throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (OllamaClient client = client("127.0.0.1:" + free)) {
      OllamaException e =
          assertThrows(OllamaException.Unreachable.class, () -> call.accept(client));
      assertTrue(e.status().isEmpty(), name);
      assertTrue(e.toString().contains(e.endpoint()), e::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void silentServer_timesOut(String name, Consumer<OllamaApi> call) throws Exception {
    Duration brief = Duration.ofMillis(100);
    Duration overall = Duration.ofMillis(200); // a whole answer has only this bound
    try (RawServer server = RawServer.stallingAfter("");
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .timeouts(new OllamaTimeouts(SHORT, brief, brief, brief, brief, brief, overall))
                .build()) {
      assertThrows(OllamaException.TimedOut.class, () -> call.accept(client), name);
      server.disconnected.await();
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void status500WithoutJson_isAServerError(String name, Consumer<OllamaApi> call) {
    try (RawServer server = RawServer.saying(500, "<html>no")) {
      OllamaException e = fails(OllamaException.ServerError.class, server, call);
      assertEquals(500, e.status().orElse(0), name);
      assertEquals("<html>no", e.received());
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void answerThatIsNoJson_isAViolationThatShowsIt(String name, Consumer<OllamaApi> call) {
    try (RawServer server = RawServer.saying(200, "<html>\u0007hello")) {
      OllamaException e = fails(OllamaException.ProtocolViolation.class, server, call);
      assertTrue(e.toString().contains("<html> hello"), name + e);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void wrongTypes_areViolations(String name, Consumer<OllamaApi> call) {
    for (String body :
        List.of(
            "[]",
            "7",
            "{}",
            "null",
            "{\"models\":{},\"version\":1,\"model_info\":[],\"response\":1,\"message\":3,"
                + "\"embeddings\":[{}],\"status\":{},\"done\":\"x\"}")) {
      try (RawServer server = RawServer.saying(200, body)) {
        fails(OllamaException.ProtocolViolation.class, server, call);
      } catch (AssertionError e) {
        throw new AssertionError(name + " " + body, e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void connectionThatEndsHalfway_isBrokenOff(String name, Consumer<OllamaApi> call) {
    try (RawServer server =
        RawServer.answering(
            (head, out) -> {
              RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"models\":[");
              throw new IOException("closes");
            })) {
      OllamaException e = fails(OllamaException.StreamBroken.class, server, call);
      assertEquals(200, e.status().orElse(0), name);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void connectionThatEndsBeforeAnAnswer_isBrokenOff(String name, Consumer<OllamaApi> call) {
    try (RawServer server =
        RawServer.answering(
            (head, out) -> {
              throw new IOException("closes");
            })) {
      OllamaException e = fails(OllamaException.StreamBroken.class, server, call);
      assertTrue(e.status().isEmpty(), name);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void gigabyteOfJson_isReadUpToTheBound(String name, Consumer<OllamaApi> call) throws Exception {
    try (RawServer server = RawServer.answering(HostileServerTest::gigabyte);
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .maxLargeAnswerBytes(OllamaClientBuilder.DEFAULT_MAX_ANSWER_BYTES)
                .build()) {
      OllamaException e =
          assertThrows(OllamaException.ProtocolViolation.class, () -> call.accept(client), name);
      assertTrue(e.toString().contains("too large"), e::toString);
      server.disconnected.await();
      // The rest of what was sent lies in the buffers of the two sockets.
      assertTrue(server.sent.get() < 16_000_000, name + server.sent);
    }
  }

  private static void gigabyte(String head, OutputStream out) throws IOException {
    RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{\"models\":[\"");
    byte[] block = "a".repeat(1 << 16).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (long sent = 12; sent < 1_000_000_000; sent += block.length) {
      out.write(block);
    }
  }

  @Test
  void streamThatStalls_timesOutAfterItsIdleTime() {
    String line = "{\"response\":\"a\",\"done\":false}\n";
    AtomicReference<String> seen = new AtomicReference<>("");
    try (RawServer server =
        RawServer.stallingAfter(RawServer.chunkedHead() + RawServer.chunk(line))) {
      OllamaException e =
          fails(
              OllamaException.TimedOut.class,
              server,
              api ->
                  api.generate(
                      GenerateRequest.of("m", "x"),
                      chunk -> seen.accumulateAndGet(chunk.text(), String::concat)));
      assertEquals("a", seen.get());
      assertTrue(e.toString().contains("further line"), e::toString);
    }
  }

  @Test
  void dripFedAnswer_endsAtTheDeadlineOfTheCall() {
    try (RawServer server =
        RawServer.answering(
            (head, out) -> {
              RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              while (true) {
                RawServer.write(out, " ");
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
              }
            })) {
      fails(OllamaException.TimedOut.class, server, OllamaApi::ps);
    }
  }

  @Test
  void streamThatEndsWithoutItsLastLine_isBrokenOff() {
    String line = "{\"response\":\"a\",\"done\":false}\n";
    for (Consumer<OllamaApi> call :
        List.<Consumer<OllamaApi>>of(
            api -> api.generate(GenerateRequest.of("m", "x"), chunk -> {}))) {
      try (RawServer server = RawServer.saying(200, line)) {
        fails(OllamaException.StreamBroken.class, server, call);
      }
    }
    try (RawServer server = RawServer.saying(200, "{\"status\":\"pulling manifest\"}\n")) {
      fails(OllamaException.StreamBroken.class, server, api -> api.pull("m", progress -> {}));
    }
  }

  @Test
  void emptyStream_isAnEmptyAnswerThatIsNotDone() {
    try (RawServer server = RawServer.saying(200, "");
        OllamaClient client = client(server.url())) {
      OllamaAnswer answer = client.generate(GenerateRequest.of("m", "x"), chunk -> {});
      assertEquals(List.of(false, ""), List.of(answer.done(), answer.text()));
    }
  }

  @Test
  void errorLineInTheMiddleOfAStream_isTyped() {
    String lines =
        "{\"response\":\"a\",\"done\":false}\n{\"error\":\"CUDA error: out of memory\"}\n";
    try (RawServer server = RawServer.saying(200, lines)) {
      OllamaException e =
          fails(
              OllamaException.OutOfMemory.class,
              server,
              api -> api.generate(GenerateRequest.of("m", "x"), chunk -> {}));
      assertEquals(200, e.status().orElse(0));
    }
  }

  /** Its answer is empty; anything else comes from somebody else, or is an error. */
  @Test
  void answerToADeletion_isLookedAt() {
    try (RawServer server = RawServer.saying(200, "<html>welcome")) {
      fails(OllamaException.ProtocolViolation.class, server, api -> api.delete("m"));
    }
    try (RawServer server = RawServer.saying(200, "{\"error\":\"in use\"}")) {
      fails(OllamaException.ServerError.class, server, api -> api.delete("m"));
    }
    try (RawServer server = RawServer.saying(200, "");
        OllamaClient client = client(server.url())) {
      client.delete("m");
    }
  }

  @Test
  void redirect_isNotFollowed() {
    try (RawServer server =
        RawServer.stallingAfter(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) {
      assertInstanceOf(
          OllamaException.ProtocolViolation.class,
          fails(OllamaException.ProtocolViolation.class, server, OllamaApi::version));
    }
  }

  @Test
  void nestingWithoutEnd_isAViolation() {
    try (RawServer server = RawServer.saying(200, "{\"models\":" + "[".repeat(100_000))) {
      fails(OllamaException.ProtocolViolation.class, server, OllamaApi::ps);
    }
  }
}
