package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers of a real llama-swap 250. */
@Timeout(30)
class LlamaSwapRecordingTest {
  private static final Recording SWAP = Recording.of("llama-swap-250/swap.json");
  private static final String RUNNING = "GET /running";

  private final FakeServer server = new FakeServer();
  private final LlamaSwap swap =
      LlamaSwap.builder()
          .address(server.url())
          .modelBytes("gemma3", 300_000_000)
          .alwaysResident("tiny-a")
          .build();

  @AfterEach
  void close() {
    swap.close();
    server.close();
  }

  @Test
  void everyRecordedList_givesTheModelsThatRun() {
    List<String> seen = new ArrayList<>();
    List<Recording.Exchange> lists = SWAP.all("GET", "/running");
    for (Recording.Exchange list : lists) {
      List<String> running = new ArrayList<>();
      for (JsonNode node : list.json().path("running")) {
        running.add(node.path("model").asText());
      }
      server.on(RUNNING, list.response());
      assertEquals(running, swap.residents().stream().map(ResidentModel::model).toList());
      seen.addAll(running);
    }
    assertTrue(lists.size() >= 9, () -> lists.size() + " lists");
    assertTrue(seen.containsAll(List.of("smollm2", "gemma3", "tiny-a")), seen::toString);
  }

  @Test
  void sizesAndRoles_areThoseThatTheHostDeclared() {
    server.on(RUNNING, SWAP.named("running-b").response());
    assertEquals(List.of(ResidentModel.worker("gemma3", 300_000_000)), swap.residents());
    server.on(RUNNING, SWAP.named("running-after-queue").response());
    assertEquals(List.of(ResidentModel.alwaysResident("tiny-a", 0)), swap.residents());
  }

  @Test
  void everyState_holdsUntilTheProcessIsGone() throws Exception {
    for (String state : List.of("starting", "ready", "stopping")) {
      server.on(RUNNING, running(state));
      assertEquals(1, swap.residents().size(), state);
    }
    server.on(RUNNING, running("stopped"));
    assertEquals(List.of(), swap.residents());
    server.on(RUNNING, running("thawing"));
    assertInstanceOf(Residency.Unknown.class, swap.residencyProbe().observe());
  }

  private static String running(String state) {
    return "{\"running\":[{\"model\":\"m\",\"state\":\"" + state + "\"}]}";
  }

  @Test
  void eviction_asksForOneModelAndSeesItGone() throws Exception {
    server
        .on(
            RUNNING,
            SWAP.named("running-a").response(),
            SWAP.named("running-a").response(),
            SWAP.named("running-after-unload").response())
        .on("POST /api/models/unload/smollm2", SWAP.named("unload-one").response());
    swap.evictor().evict(ResidentModel.worker("smollm2", 0));
    assertEquals(1, server.count("POST"));
    assertEquals(3, server.count(RUNNING));
  }

  @Test
  void unknownModel_isNoErrorUnlessItRuns() {
    server
        .on(RUNNING, SWAP.named("running-end").response())
        .on("POST /api/models/unload/nope", SWAP.named("unload-unknown").response());
    swap.unload("nope");
    server.on(RUNNING, running("ready").replace("\"m\"", "\"nope\""));
    assertThrows(ModelServerException.ModelNotFound.class, () -> swap.unload("nope"));
  }

  @Test
  void nameWithASlash_isOnePartOfThePath() {
    server.on(RUNNING, "{\"running\":[]}").on("POST /api/models/unload/qwen%2Fqwen3%208b", "OK");
    swap.unload("qwen/qwen3 8b");
    assertEquals(1, server.count("POST /api/models/unload/qwen%2Fqwen3%208b"));
  }

  @Test
  void interrupt_endsAnEviction() throws Exception {
    server
        .on(RUNNING, SWAP.named("running-a").response())
        .on("POST /api/models/unload/smollm2", SWAP.named("unload-one").response());
    List<Throwable> thrown = new ArrayList<>();
    Thread evicting =
        new Thread(
            () ->
                thrown.add(
                    assertThrows(
                        ModelServerException.Cancelled.class, () -> swap.unload("smollm2"))));
    evicting.start();
    while (server.count(RUNNING) == 0) {
      Thread.onSpinWait();
    }
    evicting.interrupt();
    evicting.join();
    assertEquals(1, thrown.size());
  }
}
