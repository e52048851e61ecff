package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What each recorded exchange must give: read from the recording, not from the client. */
final class RecordedOutcomes {
  /** Requests that the client does not send: it refuses their arguments, or asks otherwise. */
  static final Set<String> SENT_OTHERWISE = sentOtherwise();

  /** What the recorded words of an error mean; the first part that is found decides. */
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
    MEANING.put("manifest: 500", OllamaException.RegistryFailed.class);
    MEANING.put("realm host", OllamaException.RegistryFailed.class);
    MEANING.put("digest mismatch", OllamaException.RegistryFailed.class);
    MEANING.put("connection refused", OllamaException.RegistryFailed.class);
    MEANING.put("tls: first record", OllamaException.RegistryFailed.class);
    MEANING.put("no such file or directory", OllamaException.ServerError.class);
    MEANING.put("exceeds file size", OllamaException.ServerError.class);
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

  private RecordedOutcomes() {}

  private static Set<String> sentOtherwise() {
    Set<String> names = new TreeSet<>();
    for (String endpoint : List.of("chat", "delete", "embed", "generate", "pull")) {
      for (String wrong : List.of("bad-json", "bad-name", "empty-body", "empty-object")) {
        names.add("request-errors " + endpoint + "-" + wrong);
      }
      names.add("request-errors " + endpoint + "-wrong-type");
      if (!endpoint.equals("pull")) { // these send the fields of all endpoints at once
        names.add("request-errors " + endpoint + "-unknown-model");
      }
    }
    for (String form :
        List.of(
            "boolean",
            "empty-string",
            "float-seconds",
            "large",
            "object",
            "string-minus-one",
            "word")) {
      names.add("keep-alive-forms load-" + form);
    }
    names.addAll(
        List.of(
            "request-errors bad-option-type",
            "request-errors negative-ctx",
            "catalogue show-bad-json",
            "catalogue show-empty",
            "embeddings absent",
            "embeddings empty-list",
            "embeddings empty-string",
            "embeddings wrong-type",
            "liveness bad-host",
            "liveness bad-origin",
            "load-and-unload load-by-chat",
            "load-and-unload unload-by-chat"));
    return names;
  }

  /** How many exchanges of a version end in what. */
  static String of(String version) {
    boolean newer = version.equals("ollama-0.33.0-rc2"); // refuses an embedding that 0.24 gives
    return "{BadRequest=44, ModelNotFound=16, NoSpace=1, ProtocolViolation=6, RegistryFailed=5,"
        + " RunnerDied=4, ServerBusy=5, ServerError=2, StreamBroken=5, Unauthorised=2, Unsupported="
        + (newer ? "5, answered=259" : "4, answered=278")
        + "} without a method: 41";
  }

  static @Nullable Class<? extends OllamaException> expectedError(Recorded recorded) {
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
      return OllamaException.ProtocolViolation.class; // cut by the recorder
    }
    String error = recorded.error();
    for (Map.Entry<String, Class<? extends OllamaException>> meaning : MEANING.entrySet()) {
      if (error.contains(meaning.getKey())) {
        return meaning.getValue();
      }
    }
    assertTrue(error.isEmpty(), "no meaning given for " + error);
    assertTrue(recorded.status() < 300, "no error in a status " + recorded.status());
    return null;
  }

  /** Holds a result against the recording, field by field. */
  static void check(Recorded recorded, Object result) {
    if (!RecordedCalls.hasMethod(recorded)) {
      String text = result instanceof List<?> lines ? join(lines) : result.toString();
      assertEquals(recorded.method().equals("HEAD") ? "" : recorded.text(), text);
      return;
    }
    JsonNode first = json(recorded.chunks().isEmpty() ? "{}" : recorded.chunks().get(0));
    switch (recorded.path()) {
      case "/api/version" -> assertEquals(first.path("version").asText(), result);
      case "/api/ps" -> checkEach(first, (List<?>) result, RecordedOutcomes::checkRunning);
      case "/api/tags" -> checkEach(first, (List<?>) result, RecordedOutcomes::checkInstalled);
      case "/api/show" -> checkShow(first, (ModelDetails) result);
      case "/api/delete" -> assertEquals("deleted", result);
      case "/api/embed" -> checkVectors(first.path("embeddings"), (List<?>) result);
      case "/api/pull" -> checkPull(recorded.chunks(), (List<?>) result);
      default -> {
        if (result instanceof OllamaAnswer answer) {
          checkAnswer(recorded, answer);
        } else {
          assertEquals(true, first.path("done").asBoolean());
          String reason = first.path("done_reason").asText(""); // old servers send none
          assertTrue(reason.isEmpty() || (reason + "ed").equals(result), reason);
        }
      }
    }
  }

  private static String join(List<?> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(text::append);
    return text.toString();
  }

  @FunctionalInterface
  private interface Check {
    void check(JsonNode recorded, Object read);
  }

  private static void checkEach(JsonNode answer, List<?> read, Check check) {
    assertEquals(answer.path("models").size(), read.size());
    for (int i = 0; i < read.size(); i++) {
      check.check(answer.path("models").path(i), read.get(i));
    }
  }

  private static void checkRunning(JsonNode recorded, Object read) {
    String expires = recorded.path("expires_at").asText("");
    long context = recorded.path("context_length").asLong();
    assertEquals(
        new RunningModel(
            recorded.path("name").asText(),
            recorded.path("size").asLong(),
            recorded.path("size_vram").asLong(),
            recorded.path("digest").asText(""),
            recorded.path("details").path("family").asText(""),
            expires.isEmpty()
                ? Optional.empty()
                : Optional.of(OffsetDateTime.parse(expires).toInstant()),
            context == 0 ? OptionalLong.empty() : OptionalLong.of(context)),
        read);
  }

  private static void checkInstalled(JsonNode recorded, Object read) {
    InstalledModel model = (InstalledModel) read;
    assertEquals(recorded.path("name").asText(), model.name());
    assertEquals(recorded.path("size").asLong(), model.sizeBytes());
    assertEquals(recorded.path("digest").asText(""), model.digest());
    assertEquals(recorded.path("details").path("family").asText(""), model.family());
    assertEquals(recorded.path("capabilities").size(), model.capabilities().size());
  }

  private static void checkShow(JsonNode recorded, ModelDetails details) {
    recorded
        .path("model_info")
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual()) {
                assertEquals(field.getValue().asText(), details.modelInfo().get(field.getKey()));
              }
            });
    assertEquals(recorded.path("tensors").size(), details.tensors().size());
    assertEquals(recorded.path("capabilities").size(), details.capabilities().size());
    assertEquals(recorded.path("parameters").asText(), details.parameters());
  }

  private static void checkVectors(JsonNode recorded, List<?> read) {
    assertEquals(recorded.size(), read.size());
    for (int i = 0; i < read.size(); i++) {
      float[] vector = new float[recorded.path(i).size()];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = recorded.path(i).path(j).floatValue();
      }
      assertArrayEquals(vector, (float[]) read.get(i));
    }
  }

  private static void checkPull(List<String> chunks, List<?> read) {
    assertEquals(chunks.size(), read.size());
    for (int i = 0; i < read.size(); i++) {
      JsonNode line = json(chunks.get(i));
      PullProgress progress = (PullProgress) read.get(i);
      assertEquals(line.path("status").asText(), progress.status());
      assertEquals(line.path("digest").asText(""), progress.digest().orElse(""));
      assertEquals(line.path("total").asLong(), progress.totalBytes());
      assertEquals(line.path("completed").asLong(), progress.completedBytes());
    }
  }

  private static void checkAnswer(Recorded recorded, OllamaAnswer answer) {
    StringBuilder text = new StringBuilder();
    JsonNode last = json("{}");
    for (String line : recorded.chunks()) {
      last = json(line);
      text.append(last.path("message").path("content").asText(last.path("response").asText("")));
    }
    assertEquals(text.toString(), answer.text());
    assertEquals(last.path("done").asBoolean(), answer.done());
    assertEquals(last.path("model").asText(), answer.model());
    assertEquals(last.path("done_reason").asText(""), answer.doneReason().orElse(""));
    assertEquals(last.path("total_duration").asLong(), answer.metrics().total().toNanos());
    assertEquals(last.path("eval_count").asLong(), answer.metrics().tokens());
    assertEquals(last.path("prompt_eval_count").asLong(), answer.metrics().promptTokens());
  }

  private static JsonNode json(String line) {
    try {
      return Json.tree(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }
}
