package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class DrainOnSimulatedOllamaTest extends DrainOnServer {
  private final SimulatedOllama server =
      SimulatedOllama.builder()
          .model(
              SimulatedModel.of("llama3.2:3b"),
              SimulatedModel.of("qwen3:8b"),
              SimulatedModel.of("gpt-oss:20b"))
          .maxLoadedModels(1)
          .timeScale(0.002)
          .start();
  private final OllamaClient client = OllamaClient.connect(server.url());

  @AfterEach
  void close() {
    List<String> loads = server.activity().loads();
    client.close();
    server.close();
    assertEquals(loads.stream().distinct().toList(), loads, "a model was loaded twice");
  }

  @Override
  OllamaClient client() {
    return client;
  }

  @Override
  List<String> models() {
    return List.of("llama3.2:3b", "qwen3:8b", "gpt-oss:20b");
  }
}
