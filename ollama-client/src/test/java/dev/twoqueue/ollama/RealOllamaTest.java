package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WorkingSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The client against a real server, with its smallest models. Skipped unless the environment
 * variable {@code TWOQUEUE_OLLAMA_URL} names one. It loads and unloads models there, and evicts
 * what is resident.
 */
@Timeout(300)
class RealOllamaTest {
  private static final long MIB = 1 << 20;

  private OllamaClient client = OllamaClient.connect("127.0.0.1:1");
  private List<InstalledModel> chatModels = List.of();

  @BeforeEach
  void connect() throws Exception {
    String url = System.getenv("TWOQUEUE_OLLAMA_URL");
    Assumptions.assumeTrue(
        url != null && !url.isBlank(), "skipped: TWOQUEUE_OLLAMA_URL names no server");
    client.close();
    client = OllamaClient.connect(String.valueOf(url));
    chatModels =
        client.tags().stream()
            .filter(
                model ->
                    !model.name().contains("embed") && !ModelName.parse(model.name()).isCloud())
            .sorted(Comparator.comparingLong(InstalledModel::sizeBytes))
            .filter(model -> !model.name().contains(":alias") && !model.name().contains("broken"))
            .toList();
    assertTrue(chatModels.size() >= 2, "needs two models, has " + chatModels);
    evictAll();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void evictAll() throws Exception {
    for (RunningModel model : client.ps()) {
      client.evictor().evict(ResidentModel.worker(OllamaResidency.normalName(model.name()), 0));
    }
  }

  @Test
  void modelsLoadAnswerAndLeave() throws Exception {
    assertFalse(client.version().isBlank());
    String model = chatModels.get(chatModels.size() - 1).name();
    ModelDetails details = client.show(model, true);
    assertTrue(details.modelInfo().containsKey("general.architecture"));
    assertTrue(details.modelInfo().containsKey("tokenizer.ggml.tokens.count"));
    client.load(model, ModelOptions.context(1024), KeepAlive.FOREVER);
    RunningModel running = client.ps().get(0);
    assertEquals(OllamaResidency.normalName(model), OllamaResidency.normalName(running.name()));
    assertEquals(1024, running.contextLength().orElse(0));
    assertTrue(running.isPinned());
    ModelOptions options = ModelOptions.context(1024).with("num_predict", 8);
    StringBuilder pieces = new StringBuilder();
    OllamaAnswer answer =
        client.generate(
            GenerateRequest.of(model, "Why is the sky blue?").withOptions(options),
            chunk -> pieces.append(chunk.text()));
    assertEquals(pieces.toString(), answer.text());
    assertTrue(answer.metrics().tokens() <= 8);
    OllamaAnswer whole = client.chat(ChatRequest.of(model, "Say hello.").withOptions(options));
    assertTrue(whole.done() || whole.text().isEmpty());
    Residency.Observed seen = (Residency.Observed) client.residencyProbe().observe();
    assertEquals(1, seen.workers().size());
    client.evictor().evict(seen.workers().get(0));
    assertEquals(List.of(), client.ps());
    assertThrows(OllamaException.ModelNotFound.class, () -> client.load("no-such-model"));
  }

  @Test
  void embeddingsCome() {
    List<InstalledModel> embedders =
        client.tags().stream().filter(model -> model.name().contains("embed")).toList();
    Assumptions.assumeFalse(embedders.isEmpty(), "skipped: no embedding model is installed");
    OllamaEmbeddings embeddings = client.embeddings(embedders.get(0).name());
    embeddings.pin();
    assertEquals(2, embeddings.embed(List.of("one text", "another")).size());
  }

  /** The server's own figure leaves parts out, so it must lie under the forecast's high. */
  @Test
  void forecastCoversWhatTheServerShows() throws Exception {
    for (InstalledModel model : chatModels) {
      for (int context : List.of(512, 2048, 4096)) {
        evictAll();
        LocalHeavyTask<RunningModel> load =
            OllamaTasks.load(client, model.name(), ModelOptions.context(context));
        WorkingSet.Known need =
            assertInstanceOf(
                WorkingSet.Known.class,
                client.workingSetPredictor().predict(load, Residency.of(List.of())));
        RunningModel running = TestTask.run(load);
        String figures =
            model.name()
                + " at "
                + context
                + ": "
                + running.sizeBytes() / MIB
                + " MiB shown, "
                + need.likelyBytes() / MIB
                + " likely, "
                + need.highBytes() / MIB
                + " high";
        System.out.println(figures);
        assertTrue(running.sizeBytes() <= need.highBytes(), figures);
        if (model.sizeBytes() > 50 * MIB) { // Ollama 0.24 counts next to nothing for tiny models
          assertTrue(running.sizeBytes() >= need.lowBytes() / 2, figures);
        }
      }
    }
  }

  @Test
  void interleavedJobs_swapOnceAModel() throws Exception {
    List<InstalledModel> models = chatModels.subList(0, Math.min(3, chatModels.size()));
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .residencyProbe(client.residencyProbe())
            .workingSetPredictor(client.workingSetPredictor())
            .build()) {
      List<TaskHandle<OllamaAnswer>> handles = new ArrayList<>();
      scheduler.pause(dev.twoqueue.TaskClass.LOCAL_HEAVY);
      for (int i = 0; i < 4 * models.size(); i++) {
        String model = models.get(i % models.size()).name();
        handles.add(scheduler.submit(OllamaTasks.generate(client, ShortAnswer.of(model, 512))));
      }
      long begin = System.nanoTime();
      scheduler.resume(dev.twoqueue.TaskClass.LOCAL_HEAVY);
      for (TaskHandle<OllamaAnswer> handle : handles) {
        handle.get(Duration.ofSeconds(200));
      }
      System.out.println(
          handles.size()
              + " jobs for "
              + models.size()
              + " models: "
              + (System.nanoTime() - begin) / 1_000_000
              + " ms");
      assertEquals(models.size(), scheduler.snapshot().swaps());
    }
  }
}
