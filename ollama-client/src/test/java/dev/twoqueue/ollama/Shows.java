package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.WorkingSet;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A server with one model, for tests of forecasts. */
final class Shows {
  static final Residency NOTHING = Residency.of(List.of());
  static final long SIZE = 42_472_252_128L;

  private Shows() {}

  /** Metadata of a measured model. */
  static ObjectNode info(String model) {
    String file = "/memory-oracle/models/" + model + ".json";
    try (InputStream in = Objects.requireNonNull(Shows.class.getResourceAsStream(file))) {
      return (ObjectNode) new ObjectMapper().readTree(in).path("model_info");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** An answer of {@code /api/show}. */
  static String show(JsonNode info, String parameters) {
    return "{\"model_info\":" + info + ",\"parameters\":\"" + parameters + "\"}";
  }

  /** A server on which {@code m} is installed. */
  static ScriptedServer server(String... shows) {
    return serverOf("m:latest", shows);
  }

  /** A server on which that model is installed. */
  static ScriptedServer serverOf(String model, String... shows) {
    return new ScriptedServer()
        .on(
            "/api/tags",
            "{\"models\":[{\"name\":\"" + model + "\",\"size\":" + SIZE + ",\"digest\":\"d\"}]}")
        .on("/api/show", shows);
  }

  static OllamaClient client(ScriptedServer server) {
    return OllamaClient.builder().address(server.url()).contextFromServer().build();
  }

  static LocalHeavyTask<?> task(String model, Map<String, ?> options) {
    LocalHeavyTask.Builder<String> task =
        LocalHeavyTask.<String>builder(LocalKind.ORACLE, "t", context -> "").model(model);
    options.forEach(task::runnerOption);
    return task.build();
  }

  static WorkingSet.Known known(WorkingSet need) {
    return assertInstanceOf(WorkingSet.Known.class, need);
  }
}
