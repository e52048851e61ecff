package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.testkit.internal.http.Http;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the recordings show of how Ollama behaves, for anything that claims to be one. It knows a
 * URL and nothing else; the server has the models of the recordings.
 */
@ExtendWith(ContractTable.class)
abstract class OllamaContract {
  private ExecutorService clients = Executors.newCachedThreadPool();

  /** A server of which nothing is resident, with so many slots and so long a queue. */
  abstract URI server(int maxLoadedModels, int maxQueue) throws IOException;

  /** Returns when so many requests wait for a runner, as far as that can be seen from outside. */
  abstract void awaitWaiting(int requests);

  /** Half of it is longer than the server takes to load its smallest model. */
  abstract long secondsThatNoLoadTakes();

  @BeforeEach
  void startClients() {
    clients = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stopClients() {
    clients.shutdownNow();
  }

  @Test
  void load_lists_the_model_and_unload_ends_that() throws IOException {
    URI server = server(3, 512);
    Http.Reply loaded = generate(server, "smollm2:135m", "");
    assertEquals("load", loaded.json().path("done_reason").asText());
    assertEquals(List.of("smollm2:135m"), resident(server));

    Http.Reply again =
        Http.post(server, "/api/chat", "{\"model\":\"smollm2:135m\",\"messages\":[]}");
    assertEquals("load", again.json().path("done_reason").asText());
    assertEquals("", again.json().path("message").path("content").asText());

    assertEquals("unload", unload(server, "smollm2:135m").json().path("done_reason").asText());
    eventually("the model leaves", () -> resident(server).isEmpty());
    assertEquals("unload", unload(server, "smollm2:135m").json().path("done_reason").asText());
    assertEquals(404, unload(server, "nope").status());
  }

  @Test
  void one_slot_swaps_even_what_is_pinned() throws IOException {
    URI server = server(1, 512);
    generate(server, "smollm2:135m", "\"keep_alive\":-1");
    assertTrue(expiry(server, "smollm2:135m").isAfter(Instant.parse("2200-01-01T00:00:00Z")));
    generate(server, "gemma3:270m", "\"keep_alive\":-1");
    assertEquals(List.of("gemma3:270m"), resident(server));
  }

  @Test
  void the_victim_is_the_one_with_the_shortest_keep_alive() throws IOException {
    URI server = server(2, 512);
    generate(server, "smollm2:135m", "\"keep_alive\":\"5m\"");
    embed(server, "\"keep_alive\":\"4m\"");
    generate(server, "smollm2:135m", "");
    generate(server, "tiny-b", "");
    assertEquals(
        List.of("smollm2:135m", "tiny-b:latest"), resident(server).stream().sorted().toList());
  }

  @Test
  void of_two_pinned_ones_the_victim_is_the_first_by_weights() throws IOException {
    URI server = server(2, 512);
    embed(server, "\"keep_alive\":-1");
    generate(server, "gemma3:270m", "\"keep_alive\":-1");
    generate(server, "smollm2:135m", "");
    String survivor =
        weights(server, "tiny-embed").compareTo(weights(server, "gemma3:270m")) > 0
            ? "tiny-embed:latest"
            : "gemma3:270m";
    assertEquals(List.of(survivor, "smollm2:135m"), resident(server));
  }

  @Test
  void an_unload_early_in_a_load_has_no_effect() throws IOException {
    URI server = server(3, 512);
    CompletableFuture<Http.Reply> load = later(() -> generate(server, "gemma3:270m", ""));
    awaitWaiting(1);
    assertEquals("unload", unload(server, "gemma3:270m").json().path("done_reason").asText());
    assertEquals("load", load.join().json().path("done_reason").asText());
    assertEquals(List.of("gemma3:270m"), resident(server));
  }

  @Test
  void a_swap_waits_for_the_answer_under_way() throws IOException {
    URI server = server(1, 512);
    generate(server, "smollm2:135m", "\"options\":{\"num_ctx\":1024}");
    try (Http answer = answering(server, 20)) {
      CompletableFuture<Long> loaded =
          later(() -> generate(server, "gemma3:270m", "")).thenApply(reply -> System.nanoTime());
      String last = answer.rest();
      long answered = System.nanoTime();
      assertTrue(last.contains("\"done_reason\":\"length\""), last);
      assertTrue(loaded.join() - answered > 0, "the load ended before the answer");
    }
    assertEquals(List.of("gemma3:270m"), resident(server));
  }

  @Test
  void a_busy_model_unloads_when_it_is_idle() throws IOException {
    URI server = server(1, 512);
    generate(server, "smollm2:135m", "\"options\":{\"num_ctx\":1024}");
    try (Http busy = busy(server)) {
      unload(server, "smollm2:135m");
      assertEquals(List.of("smollm2:135m"), resident(server));
      assertFalse(expiry(server, "smollm2:135m").isAfter(Instant.now()));
      busy.leave();
    }
    eventually("the model leaves", () -> resident(server).isEmpty());
  }

  @Test
  void a_client_that_leaves_during_a_load_aborts_it() throws IOException {
    URI server = server(1, 512);
    try (Http load = open(server, "gemma3:270m", "")) {
      awaitWaiting(1);
      load.leave();
    }
    generate(server, "tiny-a", "");
    assertEquals(List.of("tiny-a:latest"), resident(server));
    assertEquals("load", generate(server, "gemma3:270m", "").json().path("done_reason").asText());
  }

  @Test
  void a_client_that_leaves_during_an_answer_frees_the_model() throws IOException {
    URI server = server(1, 512);
    generate(server, "smollm2:135m", "\"options\":{\"num_ctx\":1024}");
    busy(server).close();
    assertEquals("load", generate(server, "tiny-a", "").json().path("done_reason").asText());
    assertEquals(List.of("tiny-a:latest"), resident(server));
  }

  @Test
  void a_model_expires_by_itself() throws IOException {
    URI server = server(3, 512);
    generate(server, "tiny-a", "\"keep_alive\":\"300ms\"");
    generate(server, "tiny-b", "\"keep_alive\":\"5m\"");
    eventually("only the other is left", () -> resident(server).equals(List.of("tiny-b:latest")));
  }

  @Test
  void a_keep_alive_that_overflows_unloads() throws IOException {
    URI server = server(3, 512);
    Http.Reply reply = generate(server, "tiny-a", "\"keep_alive\":10000000000");
    assertEquals("load", reply.json().path("done_reason").asText());
    eventually("the model leaves", () -> resident(server).isEmpty());
  }

  @Test
  void another_context_reloads_and_the_same_does_not() throws IOException {
    URI server = server(3, 512);
    generate(server, "tiny-a", "\"options\":{\"num_ctx\":1024}");
    assertEquals(1024, entry(server, "tiny-a:latest").path("context_length").asInt());
    long small = entry(server, "tiny-a:latest").path("size").asLong();
    generate(server, "tiny-a", "\"options\":{\"num_ctx\":2048}");
    assertEquals(2048, entry(server, "tiny-a:latest").path("context_length").asInt());
    assertTrue(entry(server, "tiny-a:latest").path("size").asLong() > small);
    generate(server, "tiny-a:alias", "\"options\":{\"num_ctx\":2048}");
    assertEquals(List.of("tiny-a:latest"), resident(server));
  }

  @Test
  void a_deleted_model_stays_resident_and_cannot_be_unloaded() throws IOException {
    URI server = server(3, 512);
    Http.post(server, "/api/copy", "{\"source\":\"tiny-b\",\"destination\":\"tiny-gone\"}");
    generate(server, "tiny-gone", "\"keep_alive\":\"5m\"");
    Http.Reply deleted =
        Http.send(server, "DELETE", "/api/delete", Map.of(), "{\"model\":\"tiny-gone\"}");
    assertEquals(200, deleted.status());
    assertEquals("", deleted.body());
    assertEquals(List.of("tiny-gone:latest"), resident(server));
    Http.Reply refused = unload(server, "tiny-gone");
    assertEquals("404 model 'tiny-gone' not found", refused.status() + " " + refused.error());
    unload(server, "tiny-b");
    eventually("unloaded by another name of its weights", () -> resident(server).isEmpty());
  }

  @Test
  void a_full_queue_refuses_all_but_the_resident_model() throws IOException {
    URI server = server(1, 1);
    generate(server, "smollm2:135m", "\"options\":{\"num_ctx\":1024}");
    try (Http busy = busy(server)) {
      List<CompletableFuture<Http.Reply>> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        others.add(later(() -> generate(server, "tiny-a", "")));
      }
      // One is worked on, one waits, and two find the queue full.
      eventually(
          "two are refused", () -> others.stream().filter(CompletableFuture::isDone).count() == 2);
      CompletableFuture<Http.Reply> same =
          later(() -> generate(server, "smollm2:135m", "\"options\":{\"num_ctx\":1024}"));
      assertEquals(200, same.join().status());
      busy.leave();
      List<Integer> statuses = others.stream().map(each -> each.join().status()).sorted().toList();
      assertEquals(List.of(200, 200, 503, 503), statuses);
      assertTrue(
          others.stream()
              .map(CompletableFuture::join)
              .filter(each -> each.status() == 503)
              .allMatch(
                  each ->
                      each.error()
                          .equals(
                              "server busy, please try again.  maximum pending requests"
                                  + " exceeded")));
    }
  }

  /** Ollama's issue 17408: the queue stands still, for as long as the revived victim lives. */
  @Test
  void a_victim_that_is_revived_blocks_every_later_load() throws IOException {
    URI server = server(1, 512);
    long revived = secondsThatNoLoadTakes();
    generate(server, "smollm2:135m", "\"options\":{\"num_ctx\":1024}");
    try (Http busy = busy(server)) {
      CompletableFuture<Http.Reply> load = later(() -> generate(server, "tiny-a", ""));
      awaitWaiting(1);
      String revival = "\"keep_alive\":\"" + revived + "s\",\"options\":{\"num_ctx\":1024}";
      assertEquals(200, generate(server, "smollm2:135m", revival).status());
      busy.leave();
      long idle = System.nanoTime();
      load.join();
      Duration blocked = Duration.ofNanos(System.nanoTime() - idle);
      assertTrue(blocked.toMillis() > 500 * revived, "blocked for " + blocked);
    }
  }

  static Http.Reply generate(URI server, String model, String fields) {
    return Http.post(server, "/api/generate", request(model, fields));
  }

  static Http.Reply unload(URI server, String model) {
    return generate(server, model, "\"keep_alive\":0");
  }

  static void embed(URI server, String fields) {
    Http.Reply reply =
        Http.post(server, "/api/embed", request("tiny-embed", "\"input\":\"x\"," + fields));
    assertEquals(200, reply.status(), reply.body());
  }

  static Http open(URI server, String model, String fields) throws IOException {
    return Http.open(server, "POST", "/api/generate", Map.of(), request(model, fields));
  }

  /** An answer that has begun, and goes on for long. */
  static Http busy(URI server) throws IOException {
    return answering(server, 2000);
  }

  private static Http answering(URI server, int tokens) throws IOException {
    Http answer =
        open(
            server,
            "smollm2:135m",
            "\"prompt\":\"Count to one thousand.\",\"options\":{\"num_ctx\":1024,\"num_predict\":"
                + tokens
                + ",\"temperature\":0}");
    assertTrue(answer.firstChunk().contains("\"done\":false"));
    return answer;
  }

  private static String request(String model, String fields) {
    return "{\"model\":\"" + model + "\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
  }

  static List<String> resident(URI server) {
    List<String> names = new ArrayList<>();
    Http.get(server, "/api/ps")
        .json()
        .path("models")
        .forEach(each -> names.add(each.path("name").asText()));
    return names;
  }

  static JsonNode entry(URI server, String name) {
    for (JsonNode each : Http.get(server, "/api/ps").json().path("models")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError(name + " is not resident");
  }

  static Instant expiry(URI server, String name) {
    return OffsetDateTime.parse(entry(server, name).path("expires_at").asText()).toInstant();
  }

  private static String weights(URI server, String model) {
    return weights(Http.post(server, "/api/show", "{\"model\":\"" + model + "\"}").json());
  }

  /** The digest of a model's weights, as its details tell. */
  static String weights(JsonNode show) {
    String modelfile = show.path("modelfile").asText();
    int digest = modelfile.indexOf("sha256-", modelfile.indexOf("\nFROM "));
    return modelfile.substring(digest, digest + "sha256-".length() + 64);
  }

  <T> CompletableFuture<T> later(Supplier<T> request) {
    return CompletableFuture.supplyAsync(request, clients);
  }
}
