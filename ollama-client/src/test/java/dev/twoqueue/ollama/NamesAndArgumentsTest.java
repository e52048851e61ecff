package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalKind;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndArgumentsTest {

  @ParameterizedTest
  @CsvSource({
    "llama3, llama3:latest",
    "LLaMA3:8B, llama3:8b",
    "library/llama3, llama3:latest",
    "registry.ollama.ai/library/tiny-a:latest, tiny-a:latest",
    "someone/model:x, someone/model:x",
    "hf.co/bartowski/Llama-3.2-1B-GGUF:Q4_K_M, hf.co/bartowski/llama-3.2-1b-gguf:q4_k_m",
    "127.0.0.1:11511/slow/tiny, 127.0.0.1:11511/slow/tiny:latest",
    "https://registry.ollama.ai/library/x, x:latest",
    "llama3:local, llama3:latest",
    "_x:y, _x:y",
    "gpt-oss:120b:cloud, gpt-oss:120b-cloud",
  })
  void names_haveOneNormalForm(String text, String normal) {
    assertEquals(normal, ModelName.parse(text).toString());
    assertEquals(ModelName.parse(normal), ModelName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b/../c:!", ":x", "a:", "a//b", "-a", "a:b:c", "a/b.c/d", "/a", "ä"})
  void namesThatAreNone_areRefused(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ModelName.parse(text));
    assertTrue(e.toString().contains("model '"), e::toString);
  }

  @Test
  void overlongName_isRefusedAndCutInTheMessage() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ModelName.parse("a".repeat(5000)));
    assertTrue(e.toString().length() < 400);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-oss:120b-cloud, true", "x:cloud, true", "x:CLOUD, true", "x:20b:cloud, true",
    "cloud, false", "x-cloud, false", "x:cloudy, false", "x:cloud-8b, false"
  })
  void cloudModels_areToldByTheirTag(String text, boolean cloud) {
    assertEquals(cloud, ModelName.parse(text).isCloud());
  }

  @Property(tries = 300)
  void normalForm_isItsOwn(@ForAll @AlphaChars @StringLength(min = 1, max = 80) String part) {
    String normal = ModelName.parse("h.x/" + part + "/" + part + ":" + part).toString();
    assertEquals(normal, ModelName.parse(normal).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "'', http://127.0.0.1:11434/",
    "'  \"example\" ', http://example:11434/",
    "example:8080, http://example:8080/",
    ":8080, http://127.0.0.1:8080/",
    "0.0.0.0, http://127.0.0.1:11434/",
    "0.0.0.0:1234, http://127.0.0.1:1234/",
    "[::]:1234, http://[::1]:1234/",
    "::1, http://[::1]:11434/",
    "[::1], http://[::1]:11434/",
    "http://example, http://example/",
    "https://example, https://example/",
    "HTTPS://example:5/ollama, https://example:5/ollama/",
  })
  void ollamaHost_isReadInAllItsForms(String value, String url) {
    assertEquals(url, OllamaHost.fromEnvironment(value).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "x:port", "x:0", "x:70000", "x:-1", "a b", "http://"})
  void addressesThatAreNone_areRefused(String value) {
    if (!value.equals("http://")) {
      assertThrows(IllegalArgumentException.class, () -> OllamaClient.connect(value), value);
    } else {
      assertEquals("127.0.0.1", OllamaHost.parse(value, "address").host());
    }
  }

  @Test
  void uri_needsAHost() {
    assertThrows(
        IllegalArgumentException.class, () -> OllamaClient.connect(URI.create("mailto:a@b")));
    try (OllamaClient client = OllamaClient.connect(URI.create("http://localhost:11434"))) {
      assertEquals(URI.create("http://localhost:11434/"), client.address());
    }
  }

  @Test
  void keepAlive_isANumberOfSecondsThatTheServerCanHold() {
    assertEquals(-1, KeepAlive.FOREVER.seconds());
    assertEquals(90, KeepAlive.of(Duration.ofSeconds(90)).seconds());
    assertEquals(3, KeepAlive.of(Duration.ofMillis(2500)).seconds());
    assertEquals(1, KeepAlive.of(Duration.ofNanos(1)).seconds());
    assertFails("keepAlive", () -> KeepAlive.of(Duration.ofSeconds(-1)));
    assertFails("keepAlive", () -> KeepAlive.of(Duration.ofSeconds(10_000_000_000L)));
    assertFails("keepAlive", () -> KeepAlive.of(Duration.ofSeconds(Long.MAX_VALUE)));
    assertFails("keepAlive", () -> new KeepAlive(-2));
  }

  @Test
  void builder_refusesAbsurdValuesByName() {
    OllamaClientBuilder builder = OllamaClient.builder();
    assertFails("maxAnswerBytes", () -> builder.maxAnswerBytes(0));
    assertFails("maxLargeAnswerBytes", () -> builder.maxLargeAnswerBytes(-1));
    assertFails("context", () -> builder.context(0));
    assertFails("workerKeepAlive", () -> builder.workerKeepAlive(KeepAlive.UNLOAD));
    assertFails("keepAlive", () -> builder.lingerAfterClose(Duration.ofDays(-1)));
    assertFails("kind", () -> builder.assumedMemory(LocalKind.ORACLE, 1));
    assertFails("bytes", () -> builder.assumedMemory(LocalKind.PULL, -1));
    assertFails("model", () -> builder.alwaysResident(" "));
    assertFails("address", () -> builder.address(" "));
    assertFails("connect", () -> OllamaTimeouts.DEFAULTS.withConnect(Duration.ZERO));
    assertFails("quick", () -> OllamaTimeouts.DEFAULTS.withQuick(Duration.ofSeconds(-1)));
    assertFails("load", () -> OllamaTimeouts.DEFAULTS.withLoad(Duration.ofDays(1_000_000)));
    assertFails("idle", () -> OllamaTimeouts.DEFAULTS.withIdle(Duration.ZERO));
    assertFails("pullIdle", () -> OllamaTimeouts.DEFAULTS.withPullIdle(Duration.ZERO));
    assertFails("evict", () -> OllamaTimeouts.DEFAULTS.withEvict(Duration.ZERO));
    assertFails("overall", () -> OllamaTimeouts.DEFAULTS.withOverall(Duration.ZERO));
    assertFails("numParallel", () -> ServerAssumptions.DEFAULTS.withNumParallel(0));
    assertFails("cacheType", () -> ServerAssumptions.DEFAULTS.withCacheType("q9_9"));
    assertFails("context", () -> ServerAssumptions.DEFAULTS.withContext(-1));
  }

  @Test
  void requests_refuseWrongInputByName() {
    assertFails("model", () -> GenerateRequest.of(" ", "x"));
    assertFails("prompt", () -> GenerateRequest.of("m", " "));
    assertFails("messages", () -> ChatRequest.of("m", List.of()));
    assertFails("role", () -> new ChatMessage("", "x"));
    assertFails("texts", () -> EmbedRequest.of("m", List.of()));
    assertFails("texts", () -> EmbedRequest.of("m", List.of("a", "")));
    assertFails("num_ctx", () -> ModelOptions.context(0));
    assertFails("num_ctx", () -> ModelOptions.NONE.with("num_ctx", "many"));
    assertFails("num_batch", () -> ModelOptions.NONE.with("num_batch", Long.MAX_VALUE));
    assertFails("option", () -> ModelOptions.NONE.with(" ", 1));
    assertFails("own setter", () -> GenerateRequest.of("m", "x").withField("stream", true));
    try (OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
      assertFails("model", () -> client.show("", false));
      assertFails("model", () -> client.pull("a b", line -> {}));
      assertFails("model", () -> client.load(" "));
      assertFails("keepAlive", () -> client.load("m", ModelOptions.NONE, KeepAlive.UNLOAD));
      assertFails("model", () -> client.unload(""));
      assertFails("model", () -> client.delete(""));
      assertFails("concurrency", () -> client.embeddings("m").withConcurrency(0));
      assertFails("text", () -> client.embeddings("m").embed(" "));
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what callers that are not checked can do
  void null_isRefusedByName() {
    assertNull("model", () -> ModelName.parse(null));
    assertNull("address", () -> OllamaClient.connect((String) null));
    assertNull("address", () -> OllamaClient.connect((URI) null));
    assertNull("keepAlive", () -> KeepAlive.of(null));
    assertNull("connect", () -> OllamaTimeouts.DEFAULTS.withConnect(null));
    assertNull("timeouts", () -> OllamaClient.builder().timeouts(null));
    assertNull("server", () -> NamePredictor.of(null));
    assertNull("modelBytes", () -> NamePredictor.of(ServerAssumptions.DEFAULTS, null));
    assertNull("name", () -> ModelMetadata.ofName(null));
    assertNull("client", () -> OllamaClient.builder().httpClient(null));
    assertNull("prompt", () -> GenerateRequest.of("m", null));
    assertNull("content", () -> ChatMessage.user(null));
    assertNull("options", () -> ChatRequest.of("m", "x").withOptions(null));
    assertNull("client", () -> OllamaTasks.pull(null, "m"));
    try (OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
      assertNull("consumer", () -> client.pull("m", null));
      assertNull("token", () -> client.cancelledBy(null));
      assertNull("model", () -> OllamaTasks.pull(client, null));
      assertNull("options", () -> OllamaTasks.load(client, "m", null));
      assertNull("request", () -> OllamaTasks.chat(client, (ChatRequest) null));
      assertNull("consumer", () -> OllamaTasks.chat(client, ChatRequest.of("m", "x"), null));
    }
  }

  @Test
  void runnerOptions_areThoseThatForceAReload() {
    ModelOptions options =
        ModelOptions.context(8192).with("temperature", 0.5).with("num_gpu", 3).with("seed", 1);
    assertEquals("{num_ctx=8192, num_gpu=3}", options.runnerOptions().toString());
    assertEquals(8192, options.numCtx().orElse(0));
    assertFalse(options.equals(ModelOptions.NONE));
  }

  private static void assertFails(String word, Executable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
    assertTrue(e.toString().contains(word), e::toString);
  }

  private static void assertNull(String word, Executable action) {
    NullPointerException e = assertThrows(NullPointerException.class, action);
    assertTrue(e.toString().contains(word + " must not be null"), e::toString);
  }
}
