package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResidencyTest {
  private static final String UNLOADED =
      "{\"response\":\"\",\"done\":true,\"done_reason\":\"unload\"}";

  private static String ps(String... names) {
    return psUntil("2319-03-04T14:08:22.170187623Z", names);
  }

  private static String psUntil(String expires, String... names) {
    List<String> entries =
        java.util.Arrays.stream(names)
            .map(
                name ->
                    "{\"name\":\""
                        + name
                        + "\",\"size\":10,\"digest\":\"d\",\"details\":{\"family\":\"llama\"},"
                        + "\"expires_at\":\""
                        + expires
                        + "\",\"context_length\":2048}")
            .toList();
    return "{\"models\":[" + String.join(",", entries) + "]}";
  }

  private static OllamaClient client(ScriptedServer server) {
    return OllamaClient.builder()
        .address(server.url())
        .alwaysResident("Tiny-Embed")
        .timeouts(OllamaTimeouts.DEFAULTS.withEvict(Duration.ofMillis(300)))
        .build();
  }

  @Test
  void observation_hasNormalNamesOptionsRolesAndExpiry() {
    String answer =
        "{\"models\":[{\"name\":\"A:Latest\",\"size\":5,\"expires_at\":\"2026-11-22T15:26:33.1+01:00\","
            + "\"context_length\":4096,\"details\":{\"family\":\"qwen3\",\"families\":null}},"
            + "{\"name\":\"tiny-embed:latest\",\"size\":6,\"details\":{\"family\":\"llama\"}},"
            + "{\"name\":\"nomic-embed-text:latest\",\"details\":{\"family\":\"nomic-bert\"},"
            + "\"expires_at\":\"2319-03-04T14:08:22Z\"}]}";
    try (ScriptedServer server = new ScriptedServer().on("/api/ps", answer);
        OllamaClient client = client(server)) {
      Residency.Observed seen =
          assertInstanceOf(Residency.Observed.class, observe(client.residencyProbe()));
      ResidentModel worker = seen.models().get(0);
      assertEquals("a:latest", worker.model());
      assertEquals(Map.of("num_ctx", "4096"), worker.runnerOptions());
      assertEquals(5, worker.bytes());
      assertEquals("2026-11-22T14:26:33.100Z", worker.expiresAt().orElseThrow().toString());
      assertEquals(List.of(worker), seen.workers());
      assertEquals(Map.of(), seen.models().get(1).runnerOptions());
      assertEquals(Optional.empty(), seen.models().get(2).expiresAt());
    }
  }

  private static Residency observe(ResidencyProbe probe) {
    try {
      return probe.observe();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void failingServer_isUnknownAndNeverEmpty() {
    for (String body : List.of("{}", "{\"models\":null}", "[]", "", "{\"models\":[{}]}")) {
      try (ScriptedServer server = new ScriptedServer().on("/api/ps", body);
          OllamaClient client = client(server)) {
        assertInstanceOf(Residency.Unknown.class, observe(client.residencyProbe()), body);
      }
    }
  }

  @Test
  void keys_areBroughtToTheFormThatIsObserved() {
    try (OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
      ResidencyProbe probe = client.residencyProbe();
      Map<String, String> options = Map.of("num_ctx", "8192");
      assertEquals(
          new ResidencyKey("llama3:latest", options),
          probe.normalise(new ResidencyKey("registry.ollama.ai/library/LLama3", options)));
      assertEquals("not a name", probe.normalise(ResidencyKey.of("Not a Name")).model());
      assertTrue(probe.evictor().isPresent());
    }
  }

  @Test
  void eviction_unloadsOnceAndWaitsUntilTheModelIsGone() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer()
                .on("/api/generate", UNLOADED)
                .on("/api/ps", ps("a:latest", "b:latest"), ps("A:latest"), ps("b:latest"));
        OllamaClient client = client(server)) {
      client.evictor().evict(ResidentModel.worker("a:latest", 0));
      assertEquals(3, server.count("/api/ps"));
      assertEquals(1, server.count("{\"model\":\"a:latest\",\"keep_alive\":0,\"stream\":false}"));
    }
  }

  @Test
  void modelThatStays_failsTheEvictionWithinItsDeadline() {
    try (ScriptedServer server =
            new ScriptedServer().on("/api/generate", UNLOADED).on("/api/ps", ps("a:latest"));
        OllamaClient client = client(server)) {
      EvictionFailedException e =
          assertThrows(
              EvictionFailedException.class,
              () -> client.evictor().evict(ResidentModel.worker("a:latest", 0)));
      assertTrue(e.toString().contains("a:latest did not leave"), e::toString);
      assertEquals(1, server.count("/api/generate"));
    }
  }

  @Test
  void probeThatFailsMeanwhile_isNotTakenForGone() {
    try (ScriptedServer server =
            new ScriptedServer()
                .on("/api/generate", UNLOADED)
                .on("/api/ps", ps("a:latest"))
                .on("/api/ps", 500, "no");
        OllamaClient client = client(server)) {
      EvictionFailedException e =
          assertThrows(
              EvictionFailedException.class,
              () -> client.evictor().evict(ResidentModel.worker("a:latest", 0)));
      assertInstanceOf(OllamaException.ServerError.class, e.getCause());
    }
  }

  @Test
  void modelDeletedWhileLoaded_isSaidToStay() {
    for (String[] zombie :
        new String[][] {
          {"2319-03-04T14:08:22Z", "until the server is restarted"},
          {"2026-11-22T14:26:33Z", "leaves by itself at 2026-11-22T14:26:33Z"}
        }) {
      try (ScriptedServer server =
              new ScriptedServer()
                  .on("/api/generate", 404, "{\"error\":\"model 'a' not found\"}")
                  .on("/api/ps", psUntil(zombie[0], "a:latest"));
          OllamaClient client = client(server)) {
        EvictionFailedException e =
            assertThrows(
                EvictionFailedException.class,
                () -> client.evictor().evict(ResidentModel.worker("a:latest", 0)));
        assertTrue(e.toString().contains(zombie[1]), e::toString);
      }
    }
  }

  @Test
  void deletedModelThatHasLeft_isEvicted() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer()
                .on("/api/generate", 404, "{\"error\":\"model 'a' not found\"}")
                .on("/api/ps", ps("b:latest"));
        OllamaClient client = client(server)) {
      client.evictor().evict(ResidentModel.worker("a:latest", 0));
      assertEquals(1, server.count("/api/ps"));
    }
  }

  @Test
  void interrupt_endsAnEviction() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer().on("/api/generate", UNLOADED).on("/api/ps", ps("a:latest"));
        OllamaClient client = OllamaClient.builder().address(server.url()).build()) {
      AtomicBoolean ended = new AtomicBoolean();
      Thread evicting =
          new Thread(
              () -> {
                try {
                  client.evictor().evict(ResidentModel.worker("a:latest", 0));
                } catch (InterruptedException | OllamaException.Cancelled e) {
                  ended.set(true);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      evicting.start();
      Eventually.holds("it looks", () -> server.count("/api/ps") > 0);
      evicting.interrupt();
      evicting.join();
      assertTrue(ended.get());
    }
  }

  @Test
  void close_letsGoOfWhatWasPinned() throws Exception {
    String done = "{\"message\":{\"content\":\"x\"},\"done\":true}";
    String loaded = "{\"response\":\"\",\"done\":true,\"done_reason\":\"load\"}";
    String all = ps("same:latest", "other:latest", "foreign:latest");
    try (ScriptedServer server =
        new ScriptedServer()
            .on("/api/chat", done)
            // Each task sees nothing, loads, and looks twice afterwards.
            .on("/api/ps", ps(), all, all, ps(), all, all, ps(), all)
            .on("/api/generate", loaded, loaded, loaded, loaded, UNLOADED)) {
      try (OllamaClient client = client(server)) {
        for (String model : List.of("same", "other", "gone")) {
          ModelOptions options = ModelOptions.context(model.equals("same") ? 2048 : 1024);
          TestTask.run(OllamaTasks.chat(client, ChatRequest.of(model, "x").withOptions(options)));
        }
      }
      assertEquals(3, server.count("\"keep_alive\":-1"));
      assertEquals(
          1,
          server.count(
              "/api/generate {\"model\":\"same:latest\",\"stream\":false,"
                  + "\"options\":{\"num_ctx\":2048},\"keep_alive\":300}"));
      assertEquals(1, server.count("/api/generate {\"model\":\"other:latest\",\"keep_alive\":0"));
      assertEquals(5, server.count("/api/generate"));
    }
  }
}
