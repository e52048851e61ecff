package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.Residency;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import dev.twoqueue.ollama.internal.http.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where the two recorded versions differ, as the table in {@code docs/ollama.md} says: each row is
 * read from the recordings, and what the client makes of it is the same for both. It asks no server
 * for its version: what it needs to know it sees in the answers.
 */
@Timeout(30)
class VersionDifferencesTest {
  private static final String OLD = "ollama-0.24.0";
  private static final String NEW = "ollama-0.33.0-rc2";

  private static Recorded recorded(String version, String scenario, String name) {
    return RecordedServer.find(version, scenario, name);
  }

  private static double at(Recorded recorded) {
    return recorded.json().path("at_ms").asDouble();
  }

  private static double end(Recorded recorded) {
    return at(recorded) + recorded.response().path("end_ms").asDouble();
  }

  private static String observed(Recorded ps) throws Exception {
    try (ScriptedServer server = new ScriptedServer().on("/api/ps", ps.status(), ps.text());
        OllamaClient client = OllamaClient.connect(server.url())) {
      Residency seen = client.residencyProbe().observe();
      return assertInstanceOf(Residency.Observed.class, seen).toString();
    }
  }

  private static List<Recorded> watch(String version, String scenario, double from, double to) {
    return RecordedServer.read(version, scenario).stream()
        .filter(r -> r.path().equals("/api/ps") && at(r) >= from && at(r) < to)
        .toList();
  }

  @Test
  void modelThatIsStillLoading_isListedByTheOldOnly() throws Exception {
    for (String version : List.of(OLD, NEW)) {
      Recorded load = recorded(version, "swap-one-slot", "load-b");
      boolean listed = false;
      for (Recorded ps : watch(version, "swap-one-slot", at(load), end(load) - 100)) {
        listed |= observed(ps).equals("gemma3:270m");
      }
      assertEquals(version.equals(OLD), listed, version);
      // Once the load has answered, both list it.
      assertEquals("gemma3:270m", observed(recorded(version, "swap-one-slot", "ps-b")));
    }
  }

  @Test
  void unloadedModel_isListedForAMomentByTheOldOnly() throws Exception {
    for (String version : List.of(OLD, NEW)) {
      Recorded unload = recorded(version, "load-and-unload", "unload-smollm2:135m");
      List<Recorded> after = watch(version, "load-and-unload", end(unload), end(unload) + 60);
      assertEquals(
          version.equals(OLD) ? "smollm2:135m" : "nothing resident", observed(after.get(0)));
      assertEquals("nothing resident", observed(after.get(version.equals(OLD) ? 1 : 0)));
    }
  }

  @Test
  void overflowingKeepAlive_unloadsAndIsAnsweredAsALoad() throws Exception {
    for (String version : List.of(OLD, NEW)) {
      String answer = recorded(version, "keep-alive-forms", "load-large").text();
      assertTrue(answer.contains("\"done_reason\":\"load\""), answer);
      String first = observed(recorded(version, "keep-alive-forms", "ps-large"));
      assertEquals(version.equals(OLD) ? "tiny-a:latest" : "nothing resident", first);
      assertEquals(
          "nothing resident",
          observed(recorded(version, "keep-alive-forms", "ps-after-string-minus-one")));
    }
    // The client never sends such a value, so it is never told of a load that is none.
    org.junit.jupiter.api.Assertions.assertThrows(
        IllegalArgumentException.class, () -> KeepAlive.of(Duration.ofSeconds(10_000_000_000L)));
  }

  @Test
  void killedRunner_isGoneFromTheListOfTheNewOnly() throws Exception {
    for (String version : List.of(OLD, NEW)) {
      Recorded answer = recorded(version, "runner-dies", "answer");
      List<Recorded> after = watch(version, "runner-dies", end(answer), end(answer) + 100);
      assertEquals(
          version.equals(OLD) ? "smollm2:135m" : "nothing resident", observed(after.get(0)));
      // Killed while idle it stays listed in both, and the next request takes a whole load.
      assertEquals(
          "smollm2:135m", observed(recorded(version, "runner-dies", "ps-after-idle-kill")));
      assertEquals(500, answer.status());
    }
  }

  @Test
  void sizes_countMoreInTheNew() {
    assertEquals(757_248, sizeOf(OLD, "same-weights", "ps"));
    assertEquals(3_722_444, sizeOf(NEW, "same-weights", "ps"));
  }

  private static long sizeOf(String version, String scenario, String name) {
    return json(recorded(version, scenario, name)).path("models").path(0).path("size").asLong();
  }

  private static JsonNode json(Recorded recorded) {
    try {
      return Json.tree(recorded.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (java.io.IOException e) {
      throw new AssertionError(recorded.toString(), e);
    }
  }

  @Test
  void embeddingByAChatModel_isRefusedByTheNewOnly() {
    assertEquals(200, recorded(OLD, "embeddings", "embed-with-chat-model").status());
    assertEquals(501, recorded(NEW, "embeddings", "embed-with-chat-model").status());
  }

  /** The list of the new calls every model a completer; what show says is right in both. */
  @Test
  void capabilities_areRightInShowOnly() {
    for (String version : List.of(OLD, NEW)) {
      JsonNode shown = json(recorded(version, "catalogue", "show-tiny-embed"));
      assertEquals("[\"embedding\"]", shown.path("capabilities").toString());
      for (JsonNode model : json(recorded(version, "catalogue", "tags")).path("models")) {
        boolean embeds = model.path("capabilities").toString().contains("embedding");
        assertFalse(embeds, version + model.path("name"));
        assertEquals(version.equals(NEW), model.has("capabilities"));
      }
    }
  }

  @Test
  void thirdPinnedModel_displacesTheWorkerInTheOldAndTheEmbeddingModelInTheNew() throws Exception {
    String scenario = "two-slots-with-embedding";
    for (String version : List.of(OLD, NEW)) {
      Recorded load = recorded(version, scenario, "load-a-both-pinned");
      String after = observed(watch(version, scenario, end(load), end(load) + 100).get(0));
      String stayed = version.equals(OLD) ? "tiny-embed:latest" : "gemma3:270m";
      assertEquals(stayed + ", smollm2:135m", after);
    }
  }

  @Test
  void emptyObjectThatIsNotDone_comesFromTheNewOnly() {
    for (String version : List.of(OLD, NEW)) {
      boolean came =
          RecordedServer.all(version).stream().anyMatch(r -> r.text().contains("0001-01-01"));
      assertEquals(version.equals(NEW), came);
    }
  }
}
