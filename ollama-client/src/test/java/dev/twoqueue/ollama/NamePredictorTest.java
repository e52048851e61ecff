package dev.twoqueue.ollama;

import static dev.twoqueue.ollama.Shows.NOTHING;
import static dev.twoqueue.ollama.Shows.client;
import static dev.twoqueue.ollama.Shows.info;
import static dev.twoqueue.ollama.Shows.known;
import static dev.twoqueue.ollama.Shows.server;
import static dev.twoqueue.ollama.Shows.serverOf;
import static dev.twoqueue.ollama.Shows.show;
import static dev.twoqueue.ollama.Shows.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is forecast where only names and versions are known. */
@Timeout(30)
class NamePredictorTest {
  private static final long GIB = 1L << 30;
  private static final String MODEL = "llama3.1:8b-instruct-q4_K_M";

  @Test
  void name_givesAWideRangeThatSaysSo() {
    NamePredictor predictor = NamePredictor.of(ServerAssumptions.DEFAULTS);
    WorkingSet.Known need = known(predictor.predict(task(MODEL, Map.of("num_ctx", 8192)), NOTHING));
    assertEquals(6.5, need.likelyBytes() / (double) GIB, 1.5, need::toString);
    assertTrue(need.lowBytes() < need.likelyBytes() - GIB, need::toString);
    assertTrue(need.highBytes() > need.likelyBytes() + 4 * GIB, need::toString);
    assertTrue(
        need.assumptions().toString().contains("only the model's name is known (8b parameters"),
        need::toString);
    assertTrue(
        need.alternatives().stream().anyMatch(other -> other.change().contains("num_ctx 4096")),
        need::toString);
  }

  @Test
  void whatANameCannotTell_isUnknown() {
    NamePredictor predictor = NamePredictor.of(ServerAssumptions.DEFAULTS);
    for (LocalHeavyTask<?> task :
        List.of(
            task("mistral-small", Map.of("num_ctx", 8192)),
            task(MODEL, Map.of()),
            LocalHeavyTask.of(LocalKind.LOAD, "t", context -> ""))) {
      assertInstanceOf(WorkingSet.Unknown.class, predictor.predict(task, NOTHING));
    }
    NamePredictor told = NamePredictor.of(ServerAssumptions.DEFAULTS.withContext(4096));
    assertTrue(known(told.predict(task(MODEL, Map.of()), NOTHING)).highBytes() > 5 * GIB);
  }

  @Test
  void residentModel_takesNothingMore() {
    NamePredictor predictor = NamePredictor.of(ServerAssumptions.DEFAULTS);
    Residency here = Residency.of(List.of(ResidentModel.worker(MODEL, 5 * GIB)));
    assertEquals(0, known(predictor.predict(task(MODEL, Map.of()), here)).highBytes());
  }

  @Test
  void unreadableMetadata_leavesTheName() throws Exception {
    String info = "{\"model_info\":{\"general.architecture\":\"llama\",\"llama.block_count\":-3}}";
    try (ScriptedServer server = serverOf(MODEL, info);
        OllamaClient client = client(server)) {
      WorkingSet.Known need =
          known(
              client.workingSetPredictor().predict(task(MODEL, Map.of("num_ctx", 4096)), NOTHING));
      assertTrue(need.highBytes() > 7 * GIB, need::toString);
      String assumed = need.assumptions().toString();
      assertTrue(assumed.contains("only the model's name is known"), assumed);
      assertTrue(assumed.contains("'llama.block_count' is no sensible count"), assumed);
      WorkingSet without = client.workingSetPredictor().predict(task(MODEL, Map.of()), NOTHING);
      assertInstanceOf(WorkingSet.Unknown.class, without);
    }
  }

  @Test
  void runner_isTakenFromTheServersVersionUnlessTheHostNamedIt() throws Exception {
    LocalHeavyTask<?> task = task("m", Map.of("num_ctx", 8192));
    Map<String, WorkingSet.Known> needs = new HashMap<>();
    for (String version : List.of("0.24.0", "0.33.0-rc2", "0.0.0", "{}")) {
      try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
          OllamaClient client = client(server)) {
        server.on("/api/version", "{\"version\":\"" + version + "\"}");
        needs.put(version, known(client.workingSetPredictor().predict(task, NOTHING)));
      }
    }
    assertAssumes("a runner that keeps all logits (", needs.get("0.24.0"));
    assertAssumes("llama-server (", needs.get("0.33.0-rc2"));
    for (String unclear : List.of("0.0.0", "{}")) {
      WorkingSet.Known both = Objects.requireNonNull(needs.get(unclear));
      assertAssumes("llama-server, or another at the most", both);
      for (WorkingSet.Known one : needs.values()) {
        assertTrue(one.highBytes() <= both.highBytes(), unclear);
      }
    }
    try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
        OllamaClient told =
            OllamaClient.builder()
                .address(server.on("/api/version", "{\"version\":\"0.33.0\"}").url())
                .server(ServerAssumptions.DEFAULTS.withRunner(Runner.KEEPS_ALL_LOGITS))
                .build()) {
      assertAssumes(
          "a runner that keeps all logits (",
          known(told.workingSetPredictor().predict(task, NOTHING)));
    }
  }

  private static void assertAssumes(String words, WorkingSet.@Nullable Known need) {
    assertTrue(String.valueOf(need).contains(words), () -> words + ": " + need);
  }
}
