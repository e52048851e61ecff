package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the probe says of a real server, with the models {@code tiny-a}, {@code tiny-b} and {@code
 * tiny-embed}. Skipped unless the environment variable {@code TWOQUEUE_OLLAMA_URL} names one that
 * has these. It evicts what is resident, and makes and deletes copies.
 */
@Timeout(300)
class RealResidencyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private OllamaClient client = OllamaClient.connect("127.0.0.1:1");

  @BeforeEach
  void connect() throws Exception {
    String url = System.getenv("TWOQUEUE_OLLAMA_URL");
    Assumptions.assumeTrue(
        url != null && !url.isBlank(), "skipped: TWOQUEUE_OLLAMA_URL names no server");
    client.close();
    client = OllamaClient.connect(String.valueOf(url));
    List<String> installed = client.tags().stream().map(InstalledModel::name).toList();
    Assumptions.assumeTrue(
        installed.containsAll(List.of("tiny-a:latest", "tiny-b:latest", "tiny-embed:latest")),
        "skipped: the small models are not installed");
    for (RunningModel running : client.ps()) {
      client.evictor().evict(ResidentModel.worker(running.name(), 0));
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void copy(String from, String to) {
    client.http.whole(
        ApiRequest.post("api/copy", Json.object().put("source", from).put("destination", to), from),
        PATIENCE,
        4096,
        body -> body.readAllBytes().length,
        null);
  }

  private List<ResidentModel> workers() throws Exception {
    return assertInstanceOf(Residency.Observed.class, client.residencyProbe().observe()).workers();
  }

  private boolean served(String model, int context) throws Exception {
    ResidencyKey key =
        client
            .residencyProbe()
            .normalise(new ResidencyKey(model, Map.of("num_ctx", String.valueOf(context))));
    return workers().stream().anyMatch(key::mayBeServedBy);
  }

  private Duration loadTime(String model, int context) {
    return client.generate(ShortAnswer.of(model, context), chunk -> {}).metrics().load();
  }

  @Test
  void copy_isServedByTheNameThatWasLoadedFirst() throws Exception {
    copy("tiny-a", "tiny-a:probe");
    try {
      client.load("tiny-a", ModelOptions.context(512), KeepAlive.of(PATIENCE));
      assertTrue(served("Tiny-A:probe", 512));
      assertEquals(1, client.ps().size());
      client.load("tiny-a:probe", ModelOptions.context(512), KeepAlive.of(PATIENCE));
      assertEquals("tiny-a:latest", client.ps().get(0).name());
      assertEquals(List.of(false, false), List.of(served("tiny-b", 512), served("tiny-a", 256)));
    } finally {
      client.delete("tiny-a:probe");
    }
  }

  /** It cannot be unloaded by its own name any more, but by one with the same digest. */
  @Test
  void deletedModel_leavesByTheNameOfACopy() throws Exception {
    copy("tiny-a", "tiny-a:gone");
    client.load("tiny-a:gone", ModelOptions.context(512), KeepAlive.FOREVER);
    client.delete("tiny-a:gone");
    ResidentModel zombie = workers().get(0);
    assertEquals("tiny-a:gone", zombie.model());
    assertTrue(served("tiny-a", 512));
    client.evictor().evict(zombie);
    assertEquals(List.of(), client.ps());
  }

  /** Asked for more than it was made for, it shows less, but only the same wish is no reload. */
  @Test
  void contextThatIsCutDown_isComparedAsItWasAskedFor() throws Exception {
    int made = 2048;
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().residencyProbe(client.residencyProbe()).build()) {
      for (int i = 0; i < 3; i++) {
        GenerateRequest request = ShortAnswer.of("tiny-a", 4 * made);
        scheduler.submit(OllamaTasks.generate(client, request)).get(PATIENCE);
      }
      assertEquals(made, client.ps().get(0).contextLength().orElse(0));
      assertEquals(1, scheduler.snapshot().swaps());
    }
    assertEquals(List.of(true, false), List.of(served("tiny-a", 4 * made), served("tiny-a", made)));
    System.out.println(
        "load times: as asked "
            + loadTime("tiny-a", 4 * made)
            + ", what is shown "
            + loadTime("tiny-a", made));
  }

  @Test
  void embeddingModel_isNoWorker() throws Exception {
    client.load("tiny-embed", ModelOptions.NONE, KeepAlive.FOREVER);
    assertEquals(1, client.ps().size());
    assertEquals(List.of(), workers());
  }

  @Test
  void modelThatExpired_isNotSeenAndLoadedAgain() throws Exception {
    client.load("tiny-b", ModelOptions.context(512), KeepAlive.of(Duration.ofSeconds(1)));
    assertTrue(served("tiny-b", 512));
    Eventually.holds("nothing is listed", () -> client.ps().isEmpty());
    assertEquals(List.of(), workers());
    client.evictor().evict(ResidentModel.worker("tiny-b:latest", 0));
    assertTrue(loadTime("tiny-b", 512).toMillis() > 0);
    assertTrue(served("tiny-b", 512));
  }
}
