package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.Http;
import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a simulated server has and a real one has not: a machine, a log and a will to fail. */
class SimulatedOllamaTest {
  private static final long GIB = 1L << 30;

  private static SimulatedOllamaBuilder small() {
    return RecordedModels.server(OllamaVersion.V0_33).timeScale(0.02);
  }

  private static Http.Reply load(SimulatedOllama ollama, String model) {
    return OllamaContract.generate(ollama.url(), model, "");
  }

  @Test
  void interleaved_jobs_thrash_one_slot_and_drained_ones_do_not() {
    try (SimulatedOllama ollama = small().maxLoadedModels(1).start()) {
      for (int round = 0; round < 4; round++) {
        List.of("tiny-a", "tiny-b", "tiny-c").forEach(model -> load(ollama, model));
      }
      assertEquals(12, ollama.activity().swaps());
    }
    try (SimulatedOllama ollama = small().maxLoadedModels(1).start()) {
      for (String model : List.of("tiny-a", "tiny-b", "tiny-c")) {
        for (int round = 0; round < 4; round++) {
          load(ollama, model);
        }
      }
      OllamaActivity activity = ollama.activity();
      assertEquals(3, activity.swaps());
      assertEquals(List.of("tiny-a:latest", "tiny-b:latest", "tiny-c:latest"), activity.loads());
      assertEquals(List.of("tiny-a:latest", "tiny-b:latest"), activity.models(Kind.EVICTED));
      assertEquals(12, activity.requests().get("/api/generate"));
    }
  }

  /** The morning of the incident: everything was let in, and together it was more than there is. */
  @Test
  void memory_can_be_overrun_and_that_is_told() {
    SimulatedModel large = SimulatedModel.of("llama3.3:70b");
    SimulatedModel other = SimulatedModel.of("qwen2.5:72b");
    try (SimulatedOllama ollama =
        SimulatedOllama.builder()
            .model(large, other)
            .memory(96 * GIB, 12 * GIB)
            .timeScale(0.001)
            .start()) {
      load(ollama, "llama3.3:70b");
      assertFalse(ollama.machine().overran());
      assertEquals(12 * GIB + large.workingSetBytes(4096), ollama.machine().memoryUsed());
      assertEquals(200, load(ollama, "qwen2.5:72b").status());
      assertTrue(ollama.machine().overran());
      assertEquals(
          12 * GIB + large.workingSetBytes(4096) + other.workingSetBytes(4096),
          ollama.machine().memoryPeak());
      for (String model : List.of("llama3.3:70b", "qwen2.5:72b")) {
        OllamaContract.unload(ollama.url(), model);
      }
      eventually("memory is given back", () -> ollama.machine().memoryUsed() == 12 * GIB);
    }
  }

  @Test
  void a_machine_that_kills_fails_the_load_instead() {
    for (OllamaVersion version : OllamaVersion.values()) {
      try (SimulatedOllama ollama =
          RecordedModels.server(version)
              .memory(260_000_000, 0)
              .killsOnOutOfMemory(true)
              .timeScale(0.02)
              .start()) {
        Http.Reply killed = load(ollama, "gemma3:270m");
        String text =
            version == OllamaVersion.V0_24
                ? "model failed to load, this may be due to resource limitations or an internal"
                    + " error, check ollama server logs for details"
                : "llama-server process has terminated: signal: killed";
        assertEquals("500 " + text, killed.status() + " " + killed.error());
        assertEquals(200, load(ollama, "tiny-a").status());
        assertFalse(ollama.machine().overran());
        assertEquals(1, ollama.activity().count(Kind.LOAD_FAILED));
      }
    }
  }

  @Test
  void a_load_that_is_given_up_gives_its_memory_back() throws IOException {
    try (SimulatedOllama ollama = small().start()) {
      ollama.faults().slowLoads("gemma3:270m", Duration.ofHours(1));
      try (Http load = OllamaContract.open(ollama.url(), "gemma3:270m", "")) {
        eventually("its memory is taken", () -> ollama.machine().memoryUsed() > 0);
        assertEquals(1, ollama.waiting());
        load.leave();
        eventually("its memory is given back", () -> ollama.machine().memoryUsed() == 0);
      }
      assertEquals(0, ollama.waiting());
      assertEquals(1, ollama.activity().count(Kind.LOAD_ABORTED));
      assertEquals(0, ollama.activity().heavyNow());
    }
  }

  @Test
  void version_024_lists_a_model_that_still_loads_and_033_does_not() throws IOException {
    for (OllamaVersion version : OllamaVersion.values()) {
      try (SimulatedOllama ollama = RecordedModels.server(version).timeScale(0.1).start();
          Http load = OllamaContract.open(ollama.url(), "gemma3:270m", "")) {
        boolean listed = false;
        while (ollama.activity().count(Kind.LOADED) == 0) {
          List<String> names = OllamaContract.resident(ollama.url());
          listed |= !names.isEmpty() && ollama.activity().count(Kind.LOADED) == 0;
        }
        assertEquals(version == OllamaVersion.V0_24, listed, version.toString());
        assertEquals(200, load.reply().status());
      }
    }
  }

  @Test
  void a_pull_that_is_cancelled_leaves_what_it_had_and_the_next_goes_on_from_there()
      throws IOException {
    SimulatedModel model = SimulatedModel.of("gpt-oss:20b");
    try (SimulatedOllama ollama =
        SimulatedOllama.builder().pullable(model).timeScale(0.01).start()) {
      URI url = ollama.url();
      String pull = "{\"model\":\"gpt-oss:20b\"}";
      long free = ollama.machine().diskFree();
      try (Http cancelled = Http.open(url, "POST", "/api/pull", Map.of(), pull)) {
        cancelled.firstChunk();
        eventually("something is on disk", () -> free - ollama.machine().diskFree() > GIB);
        cancelled.leave();
        eventually("it ends", () -> ollama.activity().count(Kind.PULL_ABORTED) == 1);
      }
      long partial = free - ollama.machine().diskFree();
      List<JsonNode> lines = Http.post(url, "/api/pull", pull).lines();
      assertTrue(lines.get(1).path("completed").asLong() > partial, "resumed: " + lines.get(1));
      assertEquals("success", lines.get(lines.size() - 1).path("status").asText());
      assertEquals(model.sizeBytes(), free - ollama.machine().diskFree());
      assertEquals(List.of("gpt-oss:20b"), ollama.activity().models(Kind.PULLED));
      Http.send(url, "DELETE", "/api/delete", Map.of(), pull);
      assertEquals(free, ollama.machine().diskFree());
    }
  }

  @Test
  void pulls_at_once_are_counted_and_so_is_what_is_heavy() throws IOException {
    SimulatedModel one = SimulatedModel.of("qwen3:8b");
    SimulatedModel two = SimulatedModel.of("llama3.2:3b");
    try (SimulatedOllama ollama =
            SimulatedOllama.builder().model(one).pullable(two).timeScale(0.1).start();
        Http first =
            Http.open(ollama.url(), "POST", "/api/pull", Map.of(), "{\"model\":\"llama3.2:3b\"}");
        Http second =
            Http.open(ollama.url(), "POST", "/api/pull", Map.of(), "{\"model\":\"llama3.2:3b\"}")) {
      eventually("two pulls run", () -> ollama.activity().pullsNow() == 2);
      load(ollama, "qwen3:8b");
      assertEquals(2, ollama.activity().peakPulls());
      assertEquals(3, ollama.activity().peakHeavy());
      for (Http pull : List.of(first, second)) {
        pull.leave();
      }
      eventually("they end", () -> ollama.activity().heavyNow() == 0);
      assertEquals(0, ollama.activity().pullsNow());
    }
  }

  @Test
  void a_killed_idle_runner_stays_listed_until_it_is_needed() {
    try (SimulatedOllama ollama = small().start()) {
      load(ollama, "tiny-a");
      ollama.killRunner("tiny-a");
      assertEquals(List.of("tiny-a:latest"), OllamaContract.resident(ollama.url()));
      assertEquals(0, ollama.machine().memoryUsed());
      assertEquals(200, load(ollama, "tiny-a").status());
      assertEquals(2, ollama.activity().loads().size());
      assertThrows(IllegalArgumentException.class, () -> ollama.killRunner("tiny-b"));
    }
  }

  @Test
  void a_runner_killed_during_an_answer_ends_it_with_an_error_line() throws IOException {
    try (SimulatedOllama ollama =
        RecordedModels.server(OllamaVersion.V0_33).timeScale(0.1).start()) {
      OllamaContract.generate(ollama.url(), "smollm2:135m", "\"options\":{\"num_ctx\":1024}");
      try (Http answer = OllamaContract.busy(ollama.url())) {
        ollama.killRunner("smollm2:135m");
        assertTrue(
            answer
                .rest()
                .endsWith("{\"error\":\"llama-server process has terminated: signal: killed\"}\n"));
      }
      eventually("it leaves", () -> OllamaContract.resident(ollama.url()).isEmpty());
    }
  }

  @Test
  void lost_pins_leave() {
    try (SimulatedOllama ollama = small().start()) {
      OllamaContract.generate(ollama.url(), "tiny-a", "\"keep_alive\":-1");
      ollama.losePins();
      eventually("the pinned one leaves", () -> OllamaContract.resident(ollama.url()).isEmpty());
      assertEquals(1, ollama.activity().count(Kind.EXPIRED));
    }
  }

  @Test
  void ps_can_lie_be_stale_or_fail() {
    try (SimulatedOllama ollama = small().start()) {
      URI url = ollama.url();
      load(ollama, "tiny-a");
      ollama.faults().lyingPs("{\"models\":[]}");
      assertEquals(List.of(), OllamaContract.resident(url));
      assertEquals("tiny-a:latest", ollama.residents().get(0).model().name());
      ollama.faults().clear();
      ollama.faults().stalePs(Duration.ofMinutes(10));
      assertEquals(List.of(), OllamaContract.resident(url));
      ollama.faults().stalePs(Duration.ZERO);
      assertEquals(List.of("tiny-a:latest"), OllamaContract.resident(url));
      ollama.faults().answerNext("/api/ps", 500, "{\"error\":\"boom\"}");
      assertEquals("boom", Http.get(url, "/api/ps").error());
      assertEquals(200, Http.get(url, "/api/ps").status());
    }
  }

  @Test
  void a_load_can_fail_once_and_a_connection_can_fail_in_each_way() throws IOException {
    try (SimulatedOllama ollama = small().start()) {
      URI url = ollama.url();
      ollama.faults().failNextLoad("tiny-a", "out of memory");
      assertEquals("out of memory", load(ollama, "tiny-a").error());
      assertEquals(200, load(ollama, "tiny-a").status());

      ollama.faults().resetNext("/api/ps");
      ollama.faults().breakOffNext("/api/ps");
      ollama.faults().hugeBodyNext("/api/ps", 3_000_000);
      assertThrows(RuntimeException.class, () -> Http.get(url, "/api/ps"));
      assertThrows(RuntimeException.class, () -> Http.get(url, "/api/ps"));
      assertTrue(Http.get(url, "/api/ps").body().length() >= 3_000_000);

      ollama.faults().hangNext("/api/ps");
      try (Http hangs = Http.open(url, "GET", "/api/ps", Map.of(), "")) {
        eventually(
            "the request hangs",
            () -> Objects.equals(ollama.activity().requests().get("/api/ps"), 4L));
        hangs.leave();
      }
      assertEquals(200, Http.get(url, "/api/ps").status());
    }
  }

  @Test
  void no_thread_is_left_after_close_whatever_was_under_way() throws IOException {
    SimulatedOllama ollama = small().timeScale(1).start();
    try (Http load = OllamaContract.open(ollama.url(), "gemma3:270m", "")) {
      eventually("it loads", () -> ollama.waiting() == 1);
      ollama.close();
      assertThrows(IOException.class, load::reply);
    }
    eventually(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("simulated-ollama")));
  }

  @Test
  void presets_have_public_figures() {
    SimulatedModel llama = SimulatedModel.of("llama3.3:70b");
    // 80 layers, 8 heads of 128 for keys and as many for values, 2 bytes each.
    long kv = 80L * 8 * (128 + 128) * 2;
    assertEquals(8192 * kv, llama.workingSetBytes(16384) - llama.workingSetBytes(8192));
    // As measured: 42,019.61 MiB with 4096 tokens.
    assertEquals(42_019.61, llama.workingSetBytes(4096) / 1024.0 / 1024.0, 0.01);
    for (String name :
        List.of(
            "qwen2.5:72b",
            "qwen3:30b",
            "gpt-oss:20b",
            "qwen3:8b",
            "llama3.2:3b",
            "nomic-embed-text")) {
      assertTrue(
          SimulatedModel.of(name).workingSetBytes(2048)
              > SimulatedModel.of(name).sizeBytes() * 0.99,
          name);
    }
    assertThrows(IllegalArgumentException.class, () -> SimulatedModel.of("nope"));
  }

  @Test
  void show_gives_arrays_only_when_it_is_asked_for_everything() {
    try (SimulatedOllama ollama =
        SimulatedOllama.builder().model(SimulatedModel.of("qwen3:8b")).start()) {
      JsonNode brief = Http.post(ollama.url(), "/api/show", "{\"model\":\"qwen3:8b\"}").json();
      assertEquals(36, brief.at("/model_info/qwen3.block_count").asInt());
      assertTrue(brief.at("/model_info/tokenizer.ggml.tokens").isNull());
      JsonNode verbose =
          Http.post(ollama.url(), "/api/show", "{\"model\":\"qwen3:8b\",\"verbose\":true}").json();
      assertEquals(151_936, verbose.at("/model_info/tokenizer.ggml.tokens").size());
    }
  }
}
