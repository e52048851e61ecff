package dev.twoqueue.ollama;

import static dev.twoqueue.ollama.Shows.NOTHING;
import static dev.twoqueue.ollama.Shows.SIZE;
import static dev.twoqueue.ollama.Shows.client;
import static dev.twoqueue.ollama.Shows.info;
import static dev.twoqueue.ollama.Shows.known;
import static dev.twoqueue.ollama.Shows.server;
import static dev.twoqueue.ollama.Shows.show;
import static dev.twoqueue.ollama.Shows.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PredictorTest {
  private static final long MIB = 1 << 20;

  private static long part(WorkingSet.Known need, String name) {
    return need.parts().stream()
        .filter(part -> part.name().equals(name))
        .mapToLong(MemoryPart::bytes)
        .sum();
  }

  @Test
  void load_isForecastByPart() throws Exception {
    try (ScriptedServer server = server(show(info("llama3.3-70b"), ""));
        OllamaClient client = client(server)) {
      WorkingSetPredictor predictor = client.workingSetPredictor();
      WorkingSet.Known need = known(predictor.predict(task("M", Map.of("num_ctx", 8192)), NOTHING));
      assertEquals(SIZE, part(need, "weights"));
      assertEquals(2560 * MIB, part(need, "KV cache"));
      assertTrue(need.highBytes() > need.likelyBytes());
      assertTrue(need.highBytes() < 1.15 * need.likelyBytes(), need::toString);
      WorkingSet.Known longer =
          known(predictor.predict(task("m", Map.of("num_ctx", 131_072)), NOTHING));
      assertEquals(40_960 * MIB, part(longer, "KV cache"));
      assertEquals(1, server.count("/api/show")); // kept by digest
    }
  }

  @Test
  void contextComesFromTheTaskThenTheModelThenTheServer() throws Exception {
    try (ScriptedServer server =
            server(
                show(info("llama3.1-8b"), "stop \\\"x\\\"\\nnum_ctx                        256"));
        OllamaClient client = client(server)) {
      WorkingSetPredictor predictor = client.workingSetPredictor();
      WorkingSet.Known own = known(predictor.predict(task("m", Map.of()), NOTHING));
      assertEquals(32 * MIB, part(own, "KV cache"));
      assertTrue(own.assumptions().toString().contains("comes with the model"));
      WorkingSet.Known named =
          known(predictor.predict(task("m", Map.of("num_ctx", 4096)), NOTHING));
      assertEquals(512 * MIB, part(named, "KV cache"));
      assertTrue(named.assumptions().toString().contains("goes before the model's own"));
    }
  }

  @Test
  void contextThatNobodyNames_isCoveredUpToTheLargestDefault() throws Exception {
    try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
        OllamaClient client = client(server)) {
      WorkingSet.Known open =
          known(client.workingSetPredictor().predict(task("m", Map.of()), NOTHING));
      WorkingSet.Known largest =
          known(
              client.workingSetPredictor().predict(task("m", Map.of("num_ctx", 131_072)), NOTHING));
      assertEquals(512 * MIB, part(open, "KV cache"));
      assertEquals(largest.highBytes(), open.highBytes());
      assertTrue(open.assumptions().toString().contains("depends on its GPU memory"));
    }
    try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .server(ServerAssumptions.DEFAULTS.withContext(4096).withFlashAttention(true))
                .build()) {
      WorkingSet.Known told =
          known(client.workingSetPredictor().predict(task("m", Map.of()), NOTHING));
      assertTrue(told.highBytes() < told.likelyBytes() + 2048 * MIB, told::toString);
    }
  }

  @Test
  void serverSettings_count() throws Exception {
    try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .server(ServerAssumptions.DEFAULTS.withNumParallel(4).withCacheType("q8_0"))
                .build()) {
      WorkingSet.Known need =
          known(client.workingSetPredictor().predict(task("m", Map.of("num_ctx", 4096)), NOTHING));
      assertEquals(4 * 512 * MIB * 34 / 64, part(need, "KV cache"));
    }
  }

  @Test
  void alternatives_areSmallerAndByTheSameForecast() throws Exception {
    try (ScriptedServer server = server(show(info("llama3.3-70b"), ""));
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .server(ServerAssumptions.DEFAULTS.withFlashAttention(true))
                .build()) {
      WorkingSetPredictor predictor = client.workingSetPredictor();
      WorkingSet.Known need =
          known(predictor.predict(task("m", Map.of("num_ctx", 32_768)), NOTHING));
      WorkingSet.Known half =
          known(predictor.predict(task("m", Map.of("num_ctx", 16_384)), NOTHING));
      List<WorkingSet.Alternative> smaller = need.alternatives();
      assertTrue(smaller.size() >= 3, smaller::toString);
      for (WorkingSet.Alternative alternative : smaller) {
        assertTrue(alternative.highBytes() < need.highBytes(), alternative::toString);
      }
      WorkingSet.Alternative halved =
          smaller.stream()
              .filter(s -> s.change().equals("num_ctx 16384 instead of 32768"))
              .findFirst()
              .orElseThrow();
      assertEquals(half.highBytes(), halved.highBytes());
      assertEquals(half.likelyBytes(), halved.likelyBytes());
      assertTrue(smaller.get(0).change().startsWith("KV cache type q8_0"), smaller::toString);
    }
  }

  @Test
  void residentModel_onlyGrows() throws Exception {
    try (ScriptedServer server = server(show(info("llama3.3-70b"), ""));
        OllamaClient client = client(server)) {
      WorkingSetPredictor predictor = client.workingSetPredictor();
      WorkingSet.Known need =
          known(predictor.predict(task("M", Map.of("num_ctx", 8192)), resident("8192")));
      assertEquals(0, need.likelyBytes());
      // Scratch memory, and one earlier prompt that llama-server may keep.
      assertTrue(need.highBytes() < (2560 + 1024) * MIB, need::toString);
      assertTrue(need.assumptions().toString().contains("resident already"));
      WorkingSet.Known other =
          known(predictor.predict(task("M", Map.of("num_ctx", 8192)), resident("4096")));
      assertEquals(SIZE, part(other, "weights"));
      WorkingSet.Known open = known(predictor.predict(task("M", Map.of()), resident("4096")));
      assertTrue(open.highBytes() > 39_000 * MIB, open::toString);
    }
  }

  private static Residency resident(String context) {
    return Residency.of(
        List.of(
            new ResidentModel(
                "m:latest",
                Map.of("num_ctx", context),
                1,
                ResidentModel.Role.WORKER,
                Optional.empty())));
  }

  @Test
  void listsThatAreLeftOut_areAskedForVerbosely() throws Exception {
    ObjectNode full = info("nemotron-h-8b");
    ObjectNode brief = full.deepCopy();
    brief.putNull("nemotron_h.attention.head_count_kv");
    full.putArray("tokenizer.ggml.tokens").add("a").addObject().put("deep", 1);
    try (ScriptedServer server = server(show(brief, ""), show(full, ""));
        OllamaClient client = client(server)) {
      WorkingSet.Known need =
          known(client.workingSetPredictor().predict(task("m", Map.of("num_ctx", 8192)), NOTHING));
      assertTrue(part(need, "recurrent state") > 0);
      assertEquals(1, server.count("\"verbose\":true"));
    }
  }

  @Test
  void modelThatIsNotInstalled_isRefusedWithWhatToDo() {
    try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
        OllamaClient client = client(server)) {
      WorkingSetPredictor.RefusedException e =
          assertThrows(
              WorkingSetPredictor.RefusedException.class,
              () -> client.workingSetPredictor().predict(task("other", Map.of()), NOTHING));
      assertTrue(e.toString().contains("other:latest is not on the server: pull it"), e::toString);
      assertThrows(
          WorkingSetPredictor.RefusedException.class,
          () -> client.workingSetPredictor().predict(task("x:cloud", Map.of()), NOTHING));
    }
  }

  @Test
  void metadataThatTellsNothing_isUnknownAndNotSmall() throws Exception {
    for (String info :
        List.of(
            "{}",
            "{\"general.architecture\":\"llama\"}",
            "{\"general.architecture\":\"llama\",\"llama.block_count\":-3}",
            "{\"general.architecture\":\"mamba\",\"mamba.block_count\":9,"
                + "\"mamba.embedding_length\":5,\"mamba.ssm.inner_size\":16000000,"
                + "\"mamba.ssm.state_size\":16000000,\"mamba.ssm.conv_kernel\":16000000,"
                + "\"mamba.ssm.group_count\":16000000}")) {
      try (ScriptedServer server = server("{\"model_info\":" + info + "}");
          OllamaClient client = client(server)) {
        WorkingSet need = client.workingSetPredictor().predict(task("m", Map.of()), NOTHING);
        assertInstanceOf(WorkingSet.Unknown.class, need, info);
      }
    }
  }

  @Test
  void tasksWithoutAModel_getStatedAssumptions() throws Exception {
    try (OllamaClient client =
        OllamaClient.builder().address("127.0.0.1:1").assumedMemory(LocalKind.OTHER, 7).build()) {
      WorkingSetPredictor predictor = client.workingSetPredictor();
      for (Map.Entry<LocalKind, Long> kind :
          Map.of(LocalKind.PULL, 512 * MIB, LocalKind.TEST_SWEEP, 4096 * MIB, LocalKind.OTHER, 7L)
              .entrySet()) {
        WorkingSet.Known need =
            known(predictor.predict(LocalHeavyTask.of(kind.getKey(), "t", c -> ""), NOTHING));
        assertEquals(kind.getValue(), need.highBytes());
        assertEquals(1, need.assumptions().size());
      }
      assertInstanceOf(
          WorkingSet.Unknown.class,
          predictor.predict(LocalHeavyTask.of(LocalKind.LOAD, "t", c -> ""), NOTHING));
    }
  }

  @Test
  void tiedEmbedding_widensTheHighFigure() throws Exception {
    String tied =
        "\",\"tensors\":[{\"name\":\"token_embd.weight\",\"type\":\"F16\",\"shape\":[4096,128256]}],\"x\":\"";
    try (ScriptedServer server = server(show(info("llama3.1-8b"), ""));
        ScriptedServer other = server(show(info("llama3.1-8b"), tied));
        OllamaClient without = client(server);
        OllamaClient with = client(other)) {
      LocalHeavyTask<?> task = task("m", Map.of("num_ctx", 4096));
      long less = known(without.workingSetPredictor().predict(task, NOTHING)).highBytes();
      long more = known(with.workingSetPredictor().predict(task, NOTHING)).highBytes();
      assertEquals(4096L * 128_256 * 2, more - less);
    }
  }
}
