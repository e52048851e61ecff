package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import mockwebserver3.MockWebServer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded exchange that an endpoint of the client covers, replayed into it. */
@Timeout(60)
class RecordingsTest {
  private static final Map<String, String> OUTCOMES =
      Map.of(
          "ollama-0.24.0",
          "{BadRequest=34, ModelNotFound=14, NoSpace=1, ProtocolViolation=6, RunnerDied=4,"
              + " ServerBusy=5, ServerError=5, StreamBroken=5, Unauthorised=2, Unsupported=4,"
              + " answered=254} not covered: 19",
          "ollama-0.33.0-rc2",
          "{BadRequest=34, ModelNotFound=14, NoSpace=1, ProtocolViolation=6, RunnerDied=4,"
              + " ServerBusy=5, ServerError=5, StreamBroken=5, Unauthorised=2, Unsupported=5,"
              + " answered=235} not covered: 19");

  private static final Set<String> NOT_COVERED =
      Set.of(
          "/",
          "/v1/models",
          "/v1/chat/completions",
          "/v1/embeddings",
          "/api/embeddings",
          "/api/copy",
          "/api/create");

  /** What the recorded words of an error mean; the longest part that is found decides. */
  private static final Map<String, Class<? extends OllamaException>> MEANING =
      new LinkedHashMap<>();

  static {
    MEANING.put("no space left on device", OllamaException.NoSpace.class);
    MEANING.put("process has terminated", OllamaException.RunnerDied.class);
    MEANING.put("model failed to load", OllamaException.RunnerDied.class);
    MEANING.put("unexpectedly stopped", OllamaException.RunnerDied.class);
    MEANING.put("does not support", OllamaException.Unsupported.class);
    MEANING.put("file does not exist", OllamaException.ModelNotFound.class);
    MEANING.put("' not found", OllamaException.ModelNotFound.class);
    MEANING.put("\" not found", OllamaException.ModelNotFound.class);
    MEANING.put("maximum pending requests", OllamaException.ServerBusy.class);
    MEANING.put("manifest: 429", OllamaException.ServerBusy.class);
    MEANING.put("must be of type integer", OllamaException.BadRequest.class);
    MEANING.put("manifest: 500", OllamaException.ServerError.class);
    MEANING.put("realm host", OllamaException.ServerError.class);
    MEANING.put("digest mismatch", OllamaException.ServerError.class);
    MEANING.put("connection refused", OllamaException.ServerError.class);
    MEANING.put("tls: first record", OllamaException.ServerError.class);
    MEANING.put("is required", OllamaException.BadRequest.class);
    MEANING.put("missing request body", OllamaException.BadRequest.class);
    MEANING.put("unexpected EOF", OllamaException.BadRequest.class);
    MEANING.put("json: cannot unmarshal", OllamaException.BadRequest.class);
    MEANING.put("invalid model name", OllamaException.BadRequest.class);
    MEANING.put("is invalid", OllamaException.BadRequest.class);
    MEANING.put("invalid input type", OllamaException.BadRequest.class);
    MEANING.put("exceeds the context length", OllamaException.BadRequest.class);
    MEANING.put("exceeds the available context size", OllamaException.BadRequest.class);
    MEANING.put("time: ", OllamaException.BadRequest.class);
    MEANING.put("Unsupported type", OllamaException.BadRequest.class);
  }

  private MockWebServer server = new MockWebServer();
  private OllamaClient client = OllamaClient.connect("127.0.0.1:1");

  @BeforeEach
  void start() throws IOException {
    server.setServerSocketFactory(new PromptSockets()); // else each answer takes 40 ms
    server.start();
    client.close();
    client = OllamaClient.connect(server.url("/").toString());
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
  void everyCoveredExchange_givesItsResultOrItsTypedError(String version) {
    Map<String, Integer> outcomes = new TreeMap<>();
    int notCovered = 0;
    for (Recorded recorded : RecordedServer.all(version)) {
      if (NOT_COVERED.contains(recorded.path())) {
        notCovered++;
        continue;
      }
      String outcome;
      try {
        outcome = replay(recorded);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(recorded + ": " + recorded.text(), e);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    String expected = OUTCOMES.get(version);
    assertEquals(expected, outcomes + " not covered: " + notCovered);
  }

  private String replay(Recorded recorded) {
    server.enqueue(RecordedServer.response(recorded));
    Class<? extends OllamaException> expected = expectedError(recorded);
    if (expected == null) {
      check(recorded, call(recorded).apply(client));
      return "answered";
    }
    OllamaException e = assertThrows(OllamaException.class, () -> call(recorded).apply(client));
    assertInstanceOf(expected, e);
    assertEquals(recorded.status(), e.status().orElse(0));
    assertTrue(e.toString().contains(e.endpoint()));
    return e.getClass().getSimpleName();
  }

  private static @Nullable Class<? extends OllamaException> expectedError(Recorded recorded) {
    if (!recorded.complete()) { // the recording client, or the server, went away
      return OllamaException.StreamBroken.class;
    }
    if (recorded.scenario().equals("liveness") && recorded.status() >= 400) {
      return recorded.status() == 403
          ? OllamaException.Unauthorised.class
          : OllamaException.ProtocolViolation.class;
    }
    if (recorded.path().equals("/api/embed")
        && recorded.status() == 200
        && recorded.text().contains("\"embeddings\":[]")) {
      return OllamaException.ProtocolViolation.class; // our requests always have a text
    }
    if (recorded.name().startsWith("show-verbose") && !recorded.text().endsWith("}")) {
      return OllamaException.ProtocolViolation.class;
    }
    String error = recorded.error();
    for (Map.Entry<String, Class<? extends OllamaException>> meaning : MEANING.entrySet()) {
      if (error.contains(meaning.getKey())) {
        return meaning.getValue();
      }
    }
    if (recorded.status() == 501) {
      return OllamaException.Unsupported.class;
    }
    assertTrue(error.isEmpty(), "no meaning given for " + error);
    return null;
  }

  /** The call that has this answer. Requests that the client cannot make get a similar one's. */
  private static Function<OllamaApi, Object> call(Recorded recorded) {
    JsonNode body = recorded.body();
    String model =
        body.path("model").asText("m").matches("[\\w.:/-]+") ? body.path("model").asText("m") : "m";
    boolean streamed = body.path("stream").asBoolean(true);
    return switch (recorded.path()) {
      case "/api/version", "/api/nothing" -> OllamaApi::version;
      case "/api/ps" -> OllamaApi::ps;
      case "/api/tags" -> OllamaApi::tags;
      case "/api/show" -> api -> api.show(model, body.path("verbose").asBoolean());
      case "/api/delete" -> done(api -> api.delete(model));
      case "/api/pull" -> api -> pull(api, model);
      case "/api/embed" -> api -> api.embed(EmbedRequest.of(model, texts(body.path("input"))));
      case "/api/generate", "/api/chat" -> {
        boolean chat = recorded.path().equals("/api/chat");
        boolean asks = body.path("prompt").asText("").length() + body.path("messages").size() > 0;
        if (!asks && !chat) {
          String text = recorded.text();
          yield text.contains("\"done_reason\":\"unload\"")
              ? done(api -> api.unload(model))
              : done(api -> api.load(model));
        }
        yield chat
            ? api -> chat(api, ChatRequest.of(model, "x"), streamed)
            : api -> generate(api, GenerateRequest.of(model, "x"), streamed);
      }
      default -> throw new AssertionError("no call for " + recorded.path());
    };
  }

  private static Function<OllamaApi, Object> done(java.util.function.Consumer<OllamaApi> call) {
    return api -> {
      call.accept(api);
      return "done";
    };
  }

  private static List<PullProgress> pull(OllamaApi api, String model) {
    List<PullProgress> lines = new ArrayList<>();
    api.pull(model, lines::add);
    return lines;
  }

  private static OllamaAnswer chat(OllamaApi api, ChatRequest request, boolean streamed) {
    return streamed ? api.chat(request, chunk -> {}) : api.chat(request);
  }

  private static OllamaAnswer generate(OllamaApi api, GenerateRequest request, boolean streamed) {
    return streamed ? api.generate(request, chunk -> {}) : api.generate(request);
  }

  private static List<String> texts(JsonNode input) {
    List<String> texts = new ArrayList<>();
    if (input.isArray()) {
      input.forEach(text -> texts.add(text.asText()));
    }
    return texts.isEmpty() ? List.of("x") : texts;
  }

  private static void check(Recorded recorded, Object result) {
    JsonNode first;
    try {
      first =
          new ObjectMapper()
              .readTree(recorded.chunks().isEmpty() ? "{}" : recorded.chunks().get(0));
    } catch (IOException e) {
      throw new AssertionError(recorded.toString(), e);
    }
    if (result instanceof OllamaAnswer answer) {
      StringBuilder text = new StringBuilder();
      for (String line : recorded.chunks()) {
        text.append(textOf(line));
      }
      assertEquals(text.toString(), answer.text());
      assertEquals(!recorded.text().contains("\"model\":\"\""), answer.done());
    } else if (recorded.path().equals("/api/ps") || recorded.path().equals("/api/tags")) {
      assertEquals(first.path("models").size(), ((List<?>) result).size());
    } else if (recorded.path().equals("/api/embed")) {
      List<?> vectors = (List<?>) result;
      assertEquals(first.path("embeddings").size(), vectors.size());
      assertEquals(first.path("embeddings").path(0).size(), ((float[]) vectors.get(0)).length);
    } else if (result instanceof ModelDetails details) {
      assertEquals(
          first.path("model_info").path("general.architecture").asText(),
          details.modelInfo().get("general.architecture"));
      assertEquals(first.path("tensors").size(), details.tensors().size());
    } else if (recorded.path().equals("/api/pull")) {
      assertEquals(recorded.chunks().size(), ((List<?>) result).size());
    }
  }

  private static String textOf(String line) {
    try {
      JsonNode node = new ObjectMapper().readTree(line);
      return node.path("message").path("content").asText(node.path("response").asText(""));
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void pinnedModel_expiresInTheYear2319() {
    server.enqueue(
        RecordedServer.response(
            RecordedServer.find("ollama-0.33.0-rc2", "keep-alive-forms", "ps-minus-one")));
    RunningModel model = client.ps().get(0);
    assertTrue(model.isPinned());
    assertTrue(model.expiresAt().orElseThrow().isAfter(Instant.parse("2318-01-01T00:00:00Z")));
    assertEquals(2048, model.contextLength().orElse(0));
    assertEquals("tiny-a:latest", model.name());
    assertEquals(3_722_444, model.sizeBytes());
    assertEquals("llama", model.family());
  }

  @Test
  void loadWithARefusedKeepAlive_isABadRequest() throws Exception {
    server.enqueue(
        RecordedServer.response(
            RecordedServer.find("ollama-0.33.0-rc2", "keep-alive-forms", "load-minus-one")));
    client.load("tiny-a", ModelOptions.context(512), KeepAlive.FOREVER);
    ByteString body = server.takeRequest().getBody();
    assertEquals(
        "{\"model\":\"tiny-a\",\"stream\":false,\"options\":{\"num_ctx\":512},\"keep_alive\":-1}",
        body == null ? "" : body.utf8());
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
    assertEquals("smollm2:135m", answer.model());
    assertFalse(answer.text().isEmpty());
  }

  @Test
  void modelThatIsNotThere_isNamed() {
    server.enqueue(
        RecordedServer.response(
            RecordedServer.find("ollama-0.24.0", "request-errors", "embed-unknown-model")));
    OllamaException.ModelNotFound e =
        assertThrows(
            OllamaException.ModelNotFound.class,
            () -> client.embed(EmbedRequest.of("nope", List.of("x"))));
    assertEquals("nope", e.model().orElse(""));
  }
}
