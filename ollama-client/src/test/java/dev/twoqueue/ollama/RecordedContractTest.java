package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The behaviours of the test kit's {@code OllamaContract}, by the same names, in the recordings of
 * real servers. Not recorded: which of several unpinned models is the victim, and a victim that is
 * revived.
 */
class RecordedContractTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static List<String> versions() {
    return RecordedServer.VERSIONS;
  }

  /** A scenario's exchanges in the order of their starts. */
  private record Scenario(List<Recorded> exchanges) {
    static Scenario of(String version, String name) {
      return new Scenario(RecordedServer.read(version, name));
    }

    Recorded at(String name) {
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
        resident = names(exchanges.get(i));
      }
      return resident;
    }

    double start(String name) {
      return at(name).json().path("at_ms").asDouble();
    }

    double end(String name) {
      return start(name) + at(name).json().path("response").path("end_ms").asDouble();
    }

    String reason(String name) {
      String text = at(name).text();
      return tree(text.substring(text.strip().lastIndexOf('\n') + 1)).path("done_reason").asText();
    }
  }

  private static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Recorded ps) {
    List<String> names = new ArrayList<>();
    tree(ps.text()).path("models").forEach(model -> names.add(model.path("name").asText()));
    return names;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void load_lists_the_model_and_unload_ends_that(String version) {
    Scenario it = Scenario.of(version, "load-and-unload");
    assertEquals("load", it.reason("load-by-generate"));
    assertEquals(List.of("smollm2:135m"), it.residentAfter("load-by-generate"));
    assertEquals("load", it.reason("load-by-chat"));
    assertEquals("unload", it.reason("unload-smollm2:135m"));
    assertEquals(List.of(), it.residentAfter("unload-smollm2:135m"));
    assertEquals("unload", it.reason("unload-not-loaded"));
    assertEquals(404, it.at("unload-unknown").status());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void one_slot_swaps_even_what_is_pinned(String version) {
    Scenario it = Scenario.of(version, "swap-one-slot");
    assertTrue(it.at("ps-a").text().contains("\"expires_at\":\"23"), "it is pinned");
    assertEquals(List.of("gemma3:270m"), it.residentAfter("load-b"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void of_two_pinned_ones_the_victim_is_chosen_by_the_server(String version) {
    Scenario it = Scenario.of(version, "two-slots-with-embedding");
    List<String> left = it.residentAfter("load-a-both-pinned");
    assertEquals(2, left.size());
    assertTrue(left.contains("smollm2:135m"), left::toString);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void an_unload_early_in_a_load_has_no_effect(String version) {
    Scenario it = Scenario.of(version, "unload-during-load");
    assertTrue(it.start("unload-while-loading") < it.end("load"));
    assertEquals("unload", it.reason("unload-while-loading"));
    assertEquals("load", it.reason("load"));
    assertEquals(List.of("gemma3:270m"), names(it.at("ps")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_swap_waits_for_the_answer_under_way(String version) {
    Scenario it = Scenario.of(version, "swap-while-busy");
    assertTrue(it.start("load-b-meanwhile") < it.end("a-long"));
    assertTrue(it.end("load-b-meanwhile") > it.end("a-long"), "the load ended first");
    assertEquals(List.of("gemma3:270m"), names(it.at("ps")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_busy_model_unloads_when_it_is_idle(String version) {
    Scenario it = Scenario.of(version, "swap-while-busy");
    assertEquals("unload", it.reason("unload-busy"));
    assertTrue(it.end("unload-busy") < it.end("a-long2"));
    assertEquals(List.of(), it.residentAfter("unload-busy"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_client_that_leaves_during_a_load_aborts_it(String version) {
    Scenario it = Scenario.of(version, "cancel");
    assertEquals(0, it.at("cancel-during-load").status());
    assertEquals(List.of(), it.residentAfter("cancel-during-load"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_client_that_leaves_during_an_answer_frees_the_model(String version) {
    Scenario it = Scenario.of(version, "cancel");
    assertTrue(!it.at("cancel-mid-stream").complete());
    assertEquals("length", it.reason("next-is-prompt"));
    assertTrue(it.end("next-is-prompt") - it.start("next-is-prompt") < 2000);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_model_expires_by_itself(String version) {
    assertEquals(List.of(), Scenario.of(version, "expiry").residentAfter("load"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_keep_alive_that_overflows_unloads(String version) {
    Scenario it = Scenario.of(version, "keep-alive-forms");
    assertEquals("load", it.reason("load-large"));
    assertEquals(List.of(), names(it.at("ps-after-string-minus-one")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void another_context_reloads_and_the_same_does_not(String version) {
    Scenario it = Scenario.of(version, "same-weights");
    assertEquals(List.of("tiny-a:latest"), it.residentAfter("load-alias"));
    assertEquals(List.of("tiny-a:ctx256"), it.residentAfter("load-ctx-variant"));
    double same = it.end("same-ctx") - it.start("same-ctx");
    double other = it.end("default-ctx-again") - it.start("default-ctx-again");
    assertTrue(same < other, "the same took " + same + " ms, another " + other);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_deleted_model_stays_resident_and_cannot_be_unloaded(String version) {
    Scenario it = Scenario.of(version, "delete-loaded");
    assertEquals(200, it.at("delete").status());
    assertEquals(404, it.at("unload-after").status());
    assertEquals(List.of("tiny-gone:latest"), names(it.at("ps-after-unload")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_full_queue_refuses_all_but_the_resident_model(String version) {
    Scenario it = Scenario.of(version, "queue-full");
    long refused = it.exchanges().stream().filter(each -> each.status() == 503).count();
    assertTrue(refused > 0, "none was refused");
    assertEquals(200, it.at("same-model").status());
  }
}
