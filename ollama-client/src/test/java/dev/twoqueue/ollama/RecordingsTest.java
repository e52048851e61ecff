package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.testkit.internal.http.PromptSockets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded exchange of every scenario, replayed into the client. */
@Timeout(60)
class RecordingsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private MockWebServer server = new MockWebServer();
  private OllamaClient client = OllamaClient.connect("127.0.0.1:1");

  @BeforeEach
  void start() throws IOException {
    server.setServerSocketFactory(new PromptSockets()); // else each answer takes 40 ms
    server.start();
    client.close();
    client =
        OllamaClient.builder()
            .address(server.url("/").toString())
            .timeouts(new OllamaTimeouts(LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT))
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  static List<String> versions() {
    return RecordedServer.VERSIONS;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyExchange_givesItsResultOrItsTypedError(String version) throws Exception {
    Map<String, Integer> outcomes = new TreeMap<>();
    TreeSet<String> sentOtherwise = new TreeSet<>();
    int withoutMethod = 0;
    for (Recorded recorded : RecordedServer.all(version)) {
      try {
        outcomes.merge(replay(recorded, RecordedServer.response(recorded)), 1, Integer::sum);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(recorded + ": " + recorded.text(), e);
      }
      RecordedRequest sent = server.takeRequest();
      if (!RecordedCalls.hasMethod(recorded)) {
        withoutMethod++;
      } else if (!sentAsRecorded(recorded, sent)) {
        sentOtherwise.add(recorded.request());
      }
    }
    assertEquals(RecordedOutcomes.of(version), outcomes + " without a method: " + withoutMethod);
    assertEquals(RecordedOutcomes.SENT_OTHERWISE, sentOtherwise);
  }

  /** Chunks are a matter of the network: however an answer is cut, it means the same. */
  @ParameterizedTest
  @MethodSource("versions")
  void answerInOtherPieces_meansTheSame(String version) {
    int streams = 0;
    for (Recorded recorded : RecordedServer.all(version)) {
      if (recorded.chunks().size() > 1 && recorded.text().length() < 100_000) {
        streams++;
        for (int bytes : List.of(1, 3, 1000)) {
          replay(recorded, RecordedServer.responseCut(recorded, bytes));
        }
      }
    }
    assertTrue(streams >= 25, "only " + streams + " streams");
  }

  private String replay(Recorded recorded, MockResponse answer) {
    server.enqueue(answer);
    Class<? extends OllamaException> expected = RecordedOutcomes.expectedError(recorded);
    if (expected == null) {
      RecordedOutcomes.check(recorded, RecordedCalls.of(recorded).apply(client));
      return "answered";
    }
    OllamaException e =
        assertThrows(OllamaException.class, () -> RecordedCalls.of(recorded).apply(client));
    assertInstanceOf(expected, e);
    assertEquals(recorded.status(), e.status().orElse(0));
    assertTrue(e.toString().contains(e.endpoint()));
    if (e instanceof OllamaException.ModelNotFound notFound) {
      JsonNode model = recorded.body().path("model");
      assertEquals(model.isTextual() ? model.asText() : "m", notFound.model().orElse(""));
    }
    return e.getClass().getSimpleName();
  }

  private static boolean sentAsRecorded(Recorded recorded, RecordedRequest sent)
      throws IOException {
    ByteString body = sent.getBody();
    JsonNode json =
        body == null || body.size() == 0
            ? Json.object().nullNode()
            : RecordedCalls.normal(Json.tree(body.toByteArray()));
    return recorded.json().path("request").path("headers").path("Host").isMissingNode()
        && recorded.json().path("request").path("headers").path("Origin").isMissingNode()
        && recorded.method().equals(sent.getMethod())
        && recorded.path().equals(sent.getUrl().encodedPath())
        && sameBody(RecordedCalls.normal(recorded.body()), json);
  }

  private static boolean sameBody(@Nullable JsonNode recorded, JsonNode sent) {
    boolean none = recorded == null || recorded.isMissingNode() || recorded.isNull();
    return none ? sent.isNull() : sent.equals(recorded);
  }

  @Test
  void timings_areReadInNanoseconds() {
    server.enqueue(
        RecordedServer.response(
            RecordedServer.find("ollama-0.33.0-rc2", "generate-and-chat", "generate-stream")));
    OllamaAnswer answer = client.generate(GenerateRequest.of("smollm2:135m", "x"), chunk -> {});
    assertEquals(1_118_203_712, answer.metrics().total().toNanos());
    assertEquals(12, answer.metrics().tokens());
    assertEquals("length", answer.doneReason().orElse(""));
  }
}
