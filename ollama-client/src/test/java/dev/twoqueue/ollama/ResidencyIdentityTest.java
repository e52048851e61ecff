package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which resident model a task's model is, and which part it plays (I5, I9). */
@Timeout(30)
class ResidencyIdentityTest {

  static List<String> versions() {
    return RecordedServer.VERSIONS;
  }

  private static String recorded(String version, String scenario, String name) {
    return RecordedServer.find(version, scenario, name).text();
  }

  /** A server with what the recordings' server had installed, and one answer of ps. */
  private static ScriptedServer server(String version, String ps) {
    ScriptedServer server =
        new ScriptedServer()
            .on("/api/ps", ps)
            .on("/api/tags", recorded(version, "catalogue", "tags"))
            .on("/api/show", 404, "{\"error\":\"model not found\"}");
    for (String model : List.of("tiny-a", "tiny-embed", "smollm2:135m", "gemma3:270m")) {
      String shown = recorded(version, "catalogue", "show-" + model);
      server.onModel("/api/show", ModelName.parse(model).toString(), 200, shown);
    }
    return server;
  }

  private static List<ResidentModel> observe(OllamaClient client) throws Exception {
    return assertInstanceOf(Residency.Observed.class, client.residencyProbe().observe()).models();
  }

  private static ResidencyKey key(OllamaClient client, String model, String... contexts) {
    Map<String, String> options = contexts.length == 0 ? Map.of() : Map.of("num_ctx", contexts[0]);
    return client.residencyProbe().normalise(new ResidencyKey(model, options));
  }

  private static boolean served(ResidencyKey key, List<ResidentModel> seen) {
    return seen.stream()
        .anyMatch(model -> model.role() == ResidentModel.Role.WORKER && key.mayBeServedBy(model));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void otherSpellingsOfAName_areTheSameModel(String version) throws Exception {
    try (ScriptedServer server = server(version, recorded(version, "same-weights", "ps"));
        OllamaClient client = OllamaClient.connect(server.url())) {
      List<ResidentModel> seen = observe(client);
      for (String name :
          List.of(
              "tiny-a",
              "TINY-A:Latest",
              "library/tiny-a",
              "registry.ollama.ai/library/tiny-a:latest",
              "https://registry.ollama.ai/library/tiny-a")) {
        assertTrue(served(key(client, name), seen), name);
      }
      for (String name : List.of("tiny-b", "someone/tiny-a", "other.host/library/tiny-a:latest")) {
        assertFalse(served(key(client, name), observe(client)), name);
      }
    }
  }

  /** The server shows the name that was loaded first; a copy has the same digest. */
  @ParameterizedTest
  @MethodSource("versions")
  void copyOfAModel_isServedByTheNameThatWasLoadedFirst(String version) throws Exception {
    try (ScriptedServer server = server(version, recorded(version, "same-weights", "ps"));
        OllamaClient client = OllamaClient.connect(server.url())) {
      assertEquals(1, observe(client).size());
      assertEquals(0, server.count("/api/tags"));
      ResidencyKey alias = key(client, "Tiny-A:alias", "2048");
      ResidencyKey otherContext = key(client, "tiny-a:alias", "256");
      ResidencyKey otherModel = key(client, "tiny-a:ctx256", "2048");
      List<ResidentModel> seen = observe(client);
      assertTrue(served(alias, seen), seen::toString);
      assertFalse(served(otherContext, seen), seen::toString);
      assertFalse(served(otherModel, seen), seen::toString);
      assertEquals(List.of("tiny-a:latest", "tiny-a:alias"), names(seen));
      assertEquals(List.of(true, false), seen.stream().map(m -> m.bytes() > 0).toList());
    }
  }

  private static List<String> names(List<ResidentModel> models) {
    return models.stream().map(ResidentModel::model).toList();
  }

  /** A name that got other weights meanwhile must not pass for one that is resident. */
  @Test
  void digestsAreLookedUpEachTime() throws Exception {
    String version = "ollama-0.33.0-rc2";
    String tags = recorded(version, "catalogue", "tags");
    String moved = tags.replace("\"tiny-a:alias\"", "\"elsewhere:alias\"");
    try (ScriptedServer server =
            new ScriptedServer()
                .on("/api/ps", recorded(version, "same-weights", "ps"))
                .on("/api/tags", tags, moved);
        OllamaClient client = OllamaClient.connect(server.url())) {
      ResidencyKey alias = key(client, "tiny-a:alias");
      assertTrue(served(alias, observe(client)));
      assertFalse(served(alias, observe(client)));
    }
  }

  @Test
  void catalogueThatFails_leavesTheNames() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer()
                .on("/api/ps", recorded("ollama-0.24.0", "same-weights", "ps"))
                .on("/api/tags", 500, "no");
        OllamaClient client = OllamaClient.connect(server.url())) {
      ResidencyKey alias = key(client, "tiny-a:alias");
      List<ResidentModel> seen = observe(client);
      assertFalse(served(alias, seen));
      assertTrue(served(key(client, "tiny-a"), seen));
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void otherContext_isAnotherKey(String version) throws Exception {
    for (Recorded ps : RecordedServer.read(version, "same-weights")) {
      if (!ps.name().equals("ps") || ps.text().equals("{\"models\":[]}")) {
        continue;
      }
      try (ScriptedServer server = server(version, ps.text());
          OllamaClient client = OllamaClient.connect(server.url())) {
        RunningModel running = client.ps().get(0);
        String shown = String.valueOf(running.contextLength().orElseThrow());
        List<ResidentModel> seen = observe(client);
        assertTrue(served(key(client, running.name(), shown), seen));
        assertFalse(served(key(client, running.name(), "777"), seen));
      }
    }
  }

  /** Each of these reloads the model, as the server's list of runner options says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "num_ctx",
        "num_batch",
        "num_gpu",
        "main_gpu",
        "use_mmap",
        "num_thread",
        "draft_num_predict"
      })
  void optionThatForcesAReload_isPartOfTheKey(String option) {
    try (OllamaClient client = OllamaClient.connect("127.0.0.1:1")) {
      Object value = option.equals("use_mmap") ? (Object) true : (Object) 3;
      ResidencyKey with = keyOf(client, ModelOptions.NONE.with(option, value));
      ResidencyKey other =
          keyOf(
              client,
              ModelOptions.NONE.with(
                  option, option.equals("use_mmap") ? (Object) false : (Object) 4));
      assertFalse(with.equals(other), option);
      assertFalse(with.equals(keyOf(client, ModelOptions.NONE)), option);
      ResidencyKey sampled =
          keyOf(client, ModelOptions.NONE.with(option, value).with("temperature", 0.1));
      assertEquals(with, sampled); // what only samples loads nothing
    }
  }

  private static ResidencyKey keyOf(OllamaClient client, ModelOptions options) {
    ResidencyProbe probe = client.residencyProbe();
    return probe.normalise(
        OllamaTasks.chat(client, ChatRequest.of("M", "x").withOptions(options))
            .residencyKey()
            .orElseThrow());
  }

  /** tiny-embed is of the family llama: only its capabilities tell what it is. */
  @ParameterizedTest
  @MethodSource("versions")
  void embeddingModel_isToldByWhatItCanDo(String version) throws Exception {
    String both = RecordedServer.read(version, "two-slots-with-embedding").get(2).text();
    try (ScriptedServer server = server(version, both);
        OllamaClient client = OllamaClient.connect(server.url())) {
      Residency.Observed seen = (Residency.Observed) client.residencyProbe().observe();
      assertEquals(List.of("tiny-embed:latest", "smollm2:135m"), names(seen.models()));
      assertEquals(List.of("smollm2:135m"), names(seen.workers()));
      client.residencyProbe().observe();
      assertEquals(2, server.count("/api/show")); // once for each model
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void embeddingModelThatTheHostUses_isNoWorker(String version) throws Exception {
    String both = RecordedServer.read(version, "two-slots-with-embedding").get(2).text();
    try (ScriptedServer server = new ScriptedServer().on("/api/ps", both);
        OllamaClient client = OllamaClient.connect(server.url())) {
      assertEquals(2, ((Residency.Observed) client.residencyProbe().observe()).workers().size());
      client.embeddings("Tiny-Embed");
      Residency.Observed seen = (Residency.Observed) client.residencyProbe().observe();
      assertEquals(List.of("smollm2:135m"), names(seen.workers()));
    }
  }

  @Test
  void alwaysResidentModel_isKnownByItsDigestToo() throws Exception {
    String version = "ollama-0.24.0";
    try (ScriptedServer server = server(version, recorded(version, "same-weights", "ps"));
        OllamaClient client =
            OllamaClient.builder().address(server.url()).alwaysResident("tiny-a:alias").build()) {
      assertEquals(
          List.of(ResidentModel.Role.ALWAYS_RESIDENT),
          observe(client).stream().map(ResidentModel::role).toList());
    }
  }

  @Test
  void contextThatTheServerCutDown_isKnownWithoutAForecast() throws Exception {
    String version = "ollama-0.33.0-rc2";
    try (ScriptedServer server =
            server(version, recorded(version, "keep-alive-forms", "ps-minus-one"))
                .on("/api/chat", "{\"message\":{\"content\":\"x\"},\"done\":true}");
        OllamaClient client = OllamaClient.connect(server.url())) {
      ResidencyKey wanted = key(client, "tiny-a", "8192");
      assertFalse(served(wanted, observe(client)));
      TestTask.run(
          OllamaTasks.chat(
              client, ChatRequest.of("tiny-a", "x").withOptions(ModelOptions.context(8192))));
      assertTrue(served(wanted, observe(client))); // it was made for 2048 tokens
    }
  }
}
