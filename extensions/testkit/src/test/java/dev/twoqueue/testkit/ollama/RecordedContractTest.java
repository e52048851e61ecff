package dev.twoqueue.testkit.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.ollama.Recording.Exchange;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The behaviours of {@link OllamaContract}, by the same names, in the recordings. */
class RecordedContractTest {

  @Nested
  @DisplayName("recorded 0.33.0-rc2")
  class Version033 extends InRecordings {
    Version033() {
      super(OllamaVersion.V0_33);
    }
  }

  @Nested
  @DisplayName("recorded 0.24.0")
  class Version024 extends InRecordings {
    Version024() {
      super(OllamaVersion.V0_24);
    }
  }

  /** A scenario's exchanges in the order of their starts. */
  private record Scenario(List<Exchange> exchanges) {
    Exchange at(String name) {
      return exchanges.get(index(name));
    }

    private int index(String name) {
      for (int i = 0; i < exchanges.size(); i++) {
        if (exchanges.get(i).name().equals(name)) {
          return i;
        }
      }
      throw new AssertionError("no exchange is named " + name);
    }

    /** What ps listed last before the next request of another kind. */
    List<String> residentAfter(String name) {
      List<String> resident = List.of("no look follows " + name);
      for (int i = index(name) + 1; i < exchanges.size(); i++) {
        if (!exchanges.get(i).path().equals("/api/ps")) {
          break;
        }
        resident = Essence.names(exchanges.get(i).reply());
      }
      return resident;
    }

    double start(String name) {
      return at(name).startMillis();
    }

    double end(String name) {
      return at(name).endMillis();
    }

    String reason(String name) {
      List<JsonNode> lines = at(name).reply().lines();
      return lines.get(lines.size() - 1).path("done_reason").asText();
    }
  }

  @ExtendWith(ContractTable.class)
  abstract static class InRecordings {
    private final OllamaVersion version;

    InRecordings(OllamaVersion version) {
      this.version = version;
    }

    private Scenario scenario(String name) {
      return new Scenario(Recording.read(version, name).exchanges());
    }

    private static String weights(Exchange show) {
      return OllamaContract.weights(show.reply().json());
    }

    @Test
    void load_lists_the_model_and_unload_ends_that() {
      Scenario it = scenario("load-and-unload");
      assertEquals("load", it.reason("load-by-generate"));
      assertEquals(List.of("smollm2:135m"), it.residentAfter("load-by-generate"));
      assertEquals("load", it.reason("load-by-chat"));
      assertEquals("unload", it.reason("unload-smollm2:135m"));
      assertEquals(List.of(), it.residentAfter("unload-smollm2:135m"));
      assertEquals("unload", it.reason("unload-not-loaded"));
      assertEquals(404, it.at("unload-unknown").reply().status());
    }

    @Test
    void one_slot_swaps_even_what_is_pinned() {
      Scenario it = scenario("swap-one-slot");
      assertTrue(it.at("ps-a").reply().body().contains("\"expires_at\":\"23"), "it is pinned");
      assertEquals(List.of("gemma3:270m"), it.residentAfter("load-b"));
    }

    @Test
    void the_victim_is_the_one_with_the_shortest_keep_alive() {
      Scenario it = scenario("two-slots-with-embedding");
      assertEquals(List.of("tiny-embed:latest", "gemma3:270m"), it.residentAfter("load-b"));
    }

    @Test
    void of_two_pinned_ones_the_victim_is_the_first_by_weights() {
      Scenario models = scenario("catalogue");
      String embedding = weights(models.at("show-tiny-embed"));
      String survivor =
          embedding.compareTo(weights(models.at("show-gemma3:270m"))) > 0
              ? "tiny-embed:latest"
              : "gemma3:270m";
      Scenario it = scenario("two-slots-with-embedding");
      assertEquals(List.of(survivor, "smollm2:135m"), it.residentAfter("load-a-both-pinned"));
    }

    @Test
    void an_unload_early_in_a_load_has_no_effect() {
      Scenario it = scenario("unload-during-load");
      assertTrue(it.start("unload-while-loading") < it.end("load"));
      assertEquals("unload", it.reason("unload-while-loading"));
      assertEquals("load", it.reason("load"));
      assertEquals(List.of("gemma3:270m"), Essence.names(it.at("ps").reply()));
    }

    @Test
    void a_swap_waits_for_the_answer_under_way() {
      Scenario it = scenario("swap-while-busy");
      assertTrue(it.start("load-b-meanwhile") < it.end("a-long"));
      assertTrue(it.end("load-b-meanwhile") > it.end("a-long"), "the load ended first");
      assertEquals(List.of("gemma3:270m"), Essence.names(it.at("ps").reply()));
    }

    @Test
    void a_busy_model_unloads_when_it_is_idle() {
      Scenario it = scenario("swap-while-busy");
      assertEquals("unload", it.reason("unload-busy"));
      assertTrue(it.end("unload-busy") < it.end("a-long2"));
      assertEquals(List.of(), it.residentAfter("unload-busy"));
    }

    @Test
    void a_client_that_leaves_during_a_load_aborts_it() {
      Scenario it = scenario("cancel");
      assertEquals(0, it.at("cancel-during-load").reply().status());
      assertEquals(List.of(), it.residentAfter("cancel-during-load"));
    }

    @Test
    void a_client_that_leaves_during_an_answer_frees_the_model() {
      Scenario it = scenario("cancel");
      assertFalse(it.at("cancel-mid-stream").complete());
      assertEquals("length", it.reason("next-is-prompt"));
      assertTrue(it.end("next-is-prompt") - it.start("next-is-prompt") < 2000);
    }

    @Test
    void a_model_expires_by_itself() {
      assertEquals(List.of(), scenario("expiry").residentAfter("load"));
    }

    @Test
    void a_keep_alive_that_overflows_unloads() {
      Scenario it = scenario("keep-alive-forms");
      assertEquals("load", it.reason("load-large"));
      assertEquals(List.of(), Essence.names(it.at("ps-after-string-minus-one").reply()));
    }

    @Test
    void another_context_reloads_and_the_same_does_not() {
      Scenario it = scenario("same-weights");
      assertEquals(List.of("tiny-a:latest"), it.residentAfter("load-alias"));
      assertEquals(List.of("tiny-a:ctx256"), it.residentAfter("load-ctx-variant"));
      double same = it.end("same-ctx") - it.start("same-ctx");
      double other = it.end("default-ctx-again") - it.start("default-ctx-again");
      assertTrue(same < other, "the same took " + same + " ms, another " + other);
    }

    @Test
    void a_deleted_model_stays_resident_and_cannot_be_unloaded() {
      Scenario it = scenario("delete-loaded");
      assertEquals(200, it.at("delete").reply().status());
      assertEquals(404, it.at("unload-after").reply().status());
      assertEquals(List.of("tiny-gone:latest"), Essence.names(it.at("ps-after-unload").reply()));
    }

    @Test
    void a_full_queue_refuses_all_but_the_resident_model() {
      Scenario it = scenario("queue-full");
      long refused = it.exchanges().stream().filter(each -> each.reply().status() == 503).count();
      assertTrue(refused > 0, "none was refused");
      assertEquals(200, it.at("same-model").reply().status());
    }

    @Test
    @Disabled("Not recorded: it blocks the server; the simulated and the real one are asked")
    void a_victim_that_is_revived_blocks_every_later_load() {}
  }
}
