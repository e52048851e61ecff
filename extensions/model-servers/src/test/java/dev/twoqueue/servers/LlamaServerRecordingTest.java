package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers of a real llama-server b10488. */
@Timeout(30)
class LlamaServerRecordingTest {
  private static final Recording ROUTER = Recording.of("llama-server-b10488/router.json");
  private static final Recording SINGLE = Recording.of("llama-server-b10488/single.json");
  private static final String MODELS = "GET /models";
  private static final String LOAD = "POST /models/load";
  private static final String UNLOAD = "POST /models/unload";

  private final FakeServer server = new FakeServer();
  private final LlamaServer router = LlamaServer.connect(server.url());

  @AfterEach
  void close() {
    router.close();
    server.close();
  }

  private static MockResponse[] models(String after, int count) {
    return ROUTER.after(after, "GET", "/models", count);
  }

  @Test
  void everyRecordedList_givesTheModelsThatAreLoadedOrLoading() {
    List<Recording.Exchange> lists = ROUTER.all("GET", "/models");
    List<String> seen = new ArrayList<>();
    for (Recording.Exchange list : lists) {
      List<String> held = new ArrayList<>();
      for (JsonNode model : list.json().path("data")) {
        String status = model.path("status").path("value").asText();
        if (!status.equals("unloaded")) {
          held.add(model.path("id").asText());
        }
      }
      server.on(MODELS, list.response());
      List<String> got = router.residents().stream().map(ResidentModel::model).toList();
      assertEquals(held, got, list::toString);
      seen.addAll(got);
    }
    assertEquals(16, lists.size());
    assertTrue(seen.containsAll(List.of("smollm2-135m", "gemma3-270m", "tiny-a")), seen::toString);
  }

  @Test
  void loadedModel_isAWorkerWithTheSizeOfItsWeights() {
    server.on(MODELS, ROUTER.named("models-after-swap").response());
    assertEquals(List.of(ResidentModel.worker("gemma3-270m", 246_587_904)), router.residents());
  }

  @Test
  void looks_nameNoModel_sinceThatWouldLoadIt() throws Exception {
    server.on(MODELS, ROUTER.named("models-at-start").response());
    assertEquals(Residency.of(List.of()), router.residencyProbe().observe());
    assertEquals(List.of("GET /models "), server.requests);
  }

  @Test
  void load_returnsWhenTheModelIsLoaded() {
    MockResponse[] watched = models("load", 2);
    server
        .on(MODELS, ROUTER.named("models-at-start").response(), watched[0], watched[1])
        .on(LOAD, ROUTER.named("load").response());
    router.load("smollm2-135m", new Token());
    assertEquals(3, server.count(MODELS));
    assertEquals(1, server.count(LOAD + " {\"model\":\"smollm2-135m\"}"));
  }

  @Test
  void loadOfALoadedModel_asksForNothing() {
    server.on(MODELS, ROUTER.named("models-after-swap").response());
    router.load("gemma3-270m", new Token());
    assertEquals(0, server.count("POST"));
  }

  @Test
  void modelThatIsLoadingAlready_isWaitedForAndNotUnloadedOnCancel() {
    MockResponse[] watched = models("load", 2);
    server.on(MODELS, watched);
    router.load("smollm2-135m", new Token());
    assertEquals(0, server.count("POST"));
    server.on(MODELS, watched[0]);
    Token cancelled = new Token();
    server.on(
        MODELS,
        body -> {
          cancelled.cancel();
          return watched[0];
        });
    assertThrows(
        ModelServerException.Cancelled.class, () -> router.load("smollm2-135m", cancelled));
    assertEquals(0, server.count("POST"));
  }

  @Test
  void modelThatCannotLoad_isSaidToHaveFailed() {
    MockResponse[] watched = models("load-broken", 2);
    server
        .on(MODELS, ROUTER.named("models-at-start").response(), watched[0], watched[1])
        .on(LOAD, ROUTER.named("load-broken").response());
    ModelServerException e =
        assertThrows(
            ModelServerException.LoadFailed.class, () -> router.load("broken-nohead", new Token()));
    assertTrue(e.toString().contains("ended with code 1"), e::toString);
    assertEquals(0, server.count(UNLOAD));
  }

  @Test
  void unknownModel_isNotFoundAndNotAskedFor() {
    server.on(MODELS, ROUTER.named("models-at-start").response());
    assertThrows(ModelServerException.ModelNotFound.class, () -> router.load("nope", new Token()));
    assertEquals(0, server.count("POST"));
  }

  @Test
  void modelThatIsRunningAfterAll_isARefusalOfTheLoad() {
    server
        .on(MODELS, ROUTER.named("models-at-start").response())
        .on(LOAD, ROUTER.named("load-again").response())
        .on(UNLOAD, ROUTER.named("unload-again").response());
    ModelServerException e =
        assertThrows(
            ModelServerException.BadRequest.class, () -> router.load("smollm2-135m", new Token()));
    assertTrue(e.toString().contains("model is already running"), e::toString);
    assertEquals(400, e.status().orElse(0));
  }

  @Test
  void eviction_returnsOnlyWhenTheModelIsGone() throws Exception {
    MockResponse[] watched = models("unload", 2);
    server
        .on(MODELS, watched[0], watched[0], watched[0], watched[1])
        .on(UNLOAD, ROUTER.named("unload").response());
    router.evictor().evict(ResidentModel.worker("tiny-a", 0));
    assertEquals(4, server.count(MODELS));
    assertEquals(1, server.count(UNLOAD + " {\"model\":\"tiny-a\"}"));
  }

  @Test
  void unloadOfAModelThatIsNotLoaded_isNoError() {
    for (String name : List.of("unload-again", "unload-unknown")) {
      server
          .on(MODELS, ROUTER.named("models-at-start").response())
          .on(UNLOAD, ROUTER.named(name).response());
      router.unload("tiny-a");
    }
    assertEquals(2, server.count(UNLOAD));
    router.unload("nope");
    assertEquals(2, server.count(UNLOAD));
  }

  @Test
  void modelThatStays_isStillLoaded() {
    try (LlamaServer impatient =
        LlamaServer.builder()
            .address(server.url())
            .timeouts(ServerTimeouts.DEFAULTS.withEvict(Duration.ofMillis(200)))
            .build()) {
      server.on(MODELS, models("unload", 1)).on(UNLOAD, ROUTER.named("unload").response());
      assertThrows(ModelServerException.StillLoaded.class, () -> impatient.unload("tiny-a"));
    }
  }

  @Test
  void cancelledLoad_isUndone() {
    Token token = new Token();
    MockResponse loading = models("load", 1)[0];
    MockResponse gone = models("unload-while-loading", 1)[0];
    server
        .on(MODELS, ROUTER.named("models-at-start").response())
        .on(
            LOAD,
            body -> {
              server.on(
                  MODELS,
                  asked -> {
                    token.cancel();
                    return server.count(UNLOAD) > 0 ? gone : loading;
                  });
              return ROUTER.named("load-then-unload-at-once").response();
            })
        .on(UNLOAD, ROUTER.named("unload-while-loading").response());
    ModelServerException e =
        assertThrows(ModelServerException.Cancelled.class, () -> router.load("gemma3-270m", token));
    assertEquals(1, server.count(UNLOAD));
    assertEquals(0, e.getSuppressed().length);
  }

  @Test
  void serverThatStillLoadsItsOneModel_isUnknown() throws Exception {
    server.on(MODELS, SINGLE.named("health").response());
    Residency.Unknown unknown =
        assertInstanceOf(Residency.Unknown.class, router.residencyProbe().observe());
    assertTrue(unknown.reason().contains("Loading model"), unknown::reason);
  }

  @Test
  void modelOfAServerWithoutRouter_isAlwaysResident() {
    String model = SINGLE.named("get-v1-models").json().path("data").path(0).path("id").asText();
    server.on(MODELS, SINGLE.named("get-v1-models").response());
    assertEquals(List.of(ResidentModel.alwaysResident(model, 96_576_768)), router.residents());
    assertThrows(ModelServerException.Unsupported.class, () -> router.unload(model));
    assertThrows(ModelServerException.Unsupported.class, () -> router.load(model, new Token()));
    assertEquals(0, server.count("POST"));
  }

  @Test
  void orderingProbe_hasNoEvictor() {
    assertEquals(Optional.empty(), router.orderingProbe().evictor());
    assertTrue(router.residencyProbe().evictor().isPresent());
  }
}
