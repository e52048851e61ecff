package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The documented answers of LM Studio's REST v1 and v0; none of them is recorded. */
@Timeout(30)
class LmStudioTest {
  private static final String V1 = "GET /api/v1/models";
  private static final String V0 = "GET /api/v0/models";
  private static final String LOAD = "POST /api/v1/models/load";
  private static final String UNLOAD = "POST /api/v1/models/unload";
  private static final String UNEXPECTED =
      "{\"error\":\"Unexpected endpoint or method. (GET /api/v1/models)\"}";
  private static final String LOADED =
      "{\"type\":\"llm\",\"instance_id\":\"m\",\"load_time_seconds\":9.099,\"status\":\"loaded\"}";

  private final FakeServer server = new FakeServer();
  private final LmStudio studio =
      LmStudio.builder()
          .address(server.url())
          .timeouts(ServerTimeouts.DEFAULTS.withEvict(Duration.ofMillis(500)))
          .build();

  @AfterEach
  void close() {
    studio.close();
    server.close();
  }

  private static String models(String... instances) {
    return "{\"models\":[{\"type\":\"llm\",\"publisher\":\"p\",\"key\":\"m\",\"architecture\":null,"
        + "\"quantization\":{\"name\":\"Q4_0\",\"bits_per_weight\":4},\"size_bytes\":241410208,"
        + "\"loaded_instances\":["
        + String.join(",", instances)
        + "],\"max_context_length\":32768,\"format\":\"gguf\",\"description\":null},"
        + "{\"type\":\"embedding\",\"key\":\"e\",\"size_bytes\":274290560,\"loaded_instances\":"
        + "[{\"id\":\"e\",\"config\":{\"context_length\":2048}}]}]}";
  }

  private static String instance(String id, int context) {
    return "{\"id\":\"" + id + "\",\"config\":{\"context_length\":" + context + "}}";
  }

  private static ResidentModel worker(int context) {
    return new ResidentModel(
        "m",
        Map.of("context_length", Integer.toString(context)),
        241_410_208,
        ResidentModel.Role.WORKER,
        Optional.empty());
  }

  @Test
  void everyInstance_isResidentAndEmbeddingModelsStay() {
    server.on(V1, models(instance("m", 4096), instance("m:2", 8192)));
    List<ResidentModel> residents = studio.residents();
    assertEquals(List.of(worker(4096), worker(8192)), residents.subList(0, 2));
    assertEquals("e", residents.get(2).model());
    assertEquals(ResidentModel.Role.ALWAYS_RESIDENT, residents.get(2).role());
    assertEquals(3, residents.size());
  }

  @Test
  void serverWithoutV1_isAskedForV0() {
    String v0 =
        "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"type\":\"vlm\",\"state\":\"not-loaded\"},"
            + "{\"id\":\"m\",\"type\":\"llm\",\"state\":\"loaded\",\"max_context_length\":131072,"
            + "\"loaded_context_length\":4096},"
            + "{\"id\":\"e\",\"type\":\"embeddings\",\"state\":\"loaded\"}]}";
    server.on(V0, v0);
    for (MockResponse absent :
        List.of(
            FakeServer.answer(200, UNEXPECTED),
            FakeServer.answer(404, UNEXPECTED),
            FakeServer.answer(404, "Not Found"))) {
      server.on(V1, absent);
      List<ResidentModel> residents = studio.residents();
      assertEquals(List.of("m", "e"), residents.stream().map(ResidentModel::model).toList());
      assertEquals(Map.of("context_length", "4096"), residents.get(0).runnerOptions());
      assertEquals(ResidentModel.Role.ALWAYS_RESIDENT, residents.get(1).role());
    }
    ModelServerException e =
        assertThrows(ModelServerException.Unsupported.class, () -> studio.unload("m"));
    assertTrue(e.toString().contains("before 0.4.0"), e::toString);
    assertEquals(0, server.count("POST"));
  }

  @Test
  void serverWithNeither_isUnknown() throws Exception {
    server.on(V1, UNEXPECTED).on(V0, UNEXPECTED.replace("v1", "v0"));
    assertInstanceOf(Residency.Unknown.class, studio.residencyProbe().observe());
  }

  @Test
  void otherErrorsOfV1_areNotTakenForItsAbsence() throws Exception {
    server.on(V0, "{\"data\":[]}");
    for (MockResponse failing :
        List.of(
            FakeServer.answer(500, "{\"error\":\"no\"}"),
            FakeServer.answer(401, "{\"error\":{\"message\":\"token\"}}"),
            FakeServer.answer(200, "{\"error\":\"no\"}"))) {
      server.on(V1, failing);
      assertInstanceOf(Residency.Unknown.class, studio.residencyProbe().observe());
    }
    assertEquals(0, server.count(V0));
  }

  @Test
  void unload_goesByInstance() {
    server
        .on(
            V1,
            models(instance("m", 4096), instance("m:2", 8192)),
            models(instance("m:2", 8192)),
            models())
        .on(UNLOAD, "{\"instance_id\":\"m\"}");
    studio.unload("m");
    assertEquals(1, server.count(UNLOAD + " {\"instance_id\":\"m\"}"));
    assertEquals(1, server.count(UNLOAD + " {\"instance_id\":\"m:2\"}"));
    assertEquals(3, server.count(V1));
  }

  @Test
  void load_sendsTheContextAndLooks() {
    server.on(V1, models(), models(instance("m", 8192))).on(LOAD, LOADED);
    studio.load("m", 8192, new Token());
    assertEquals(1, server.count(LOAD + " {\"model\":\"m\",\"context_length\":8192}"));
    studio.load("m", 8192, new Token());
    studio.load("m", new Token());
    assertEquals(1, server.count(LOAD));
  }

  @Test
  void instanceWithAnotherContext_isUnloadedFirst() {
    server
        .on(V1, models(instance("m", 4096)))
        .on(
            UNLOAD,
            body -> {
              server.on(V1, models());
              return FakeServer.answer(200, "{\"instance_id\":\"m\"}");
            })
        .on(
            LOAD,
            body -> {
              server.on(V1, models(instance("m", 8192)));
              return FakeServer.answer(200, LOADED);
            });
    studio.load("m", 8192, new Token());
    assertEquals(
        List.of("POST /api/v1/models/unload", "POST /api/v1/models/load"),
        server.requests.stream()
            .filter(request -> request.startsWith("POST"))
            .map(request -> request.substring(0, request.indexOf(" {")))
            .toList());
  }

  @Test
  void loadThatFails_isSaidToHaveFailed() {
    server
        .on(V1, models())
        .on(LOAD, FakeServer.answer(500, "{\"error\":{\"message\":\"insufficient resources\"}}"));
    ModelServerException e =
        assertThrows(ModelServerException.LoadFailed.class, () -> studio.load("m", new Token()));
    assertTrue(String.valueOf(e.getCause()).contains("insufficient resources"), e::toString);
    server.on(LOAD, "{\"error\":\"Unexpected endpoint or method. (POST /api/v1/models/load)\"}");
    assertThrows(ModelServerException.LoadFailed.class, () -> studio.load("m", new Token()));
    server.on(LOAD, LOADED);
    assertThrows(ModelServerException.LoadFailed.class, () -> studio.load("m", new Token()));
    server.on(LOAD, FakeServer.answer(404, "{\"error\":{\"message\":\"no such model\"}}"));
    assertThrows(ModelServerException.ModelNotFound.class, () -> studio.load("m", new Token()));
  }

  @Test
  void cancelledLoad_isWaitedForAndUndone() throws Exception {
    Token token = new Token();
    AtomicBoolean answered = new AtomicBoolean();
    Thread caller = Thread.currentThread();
    server
        .on(V1, models())
        .on(
            LOAD,
            body -> {
              token.cancel();
              caller.interrupt(); // as the scheduler does
              server.on(V1, models(instance("m", 4096)));
              answered.set(true);
              return FakeServer.answer(200, LOADED);
            })
        .on(
            UNLOAD,
            body -> {
              server.on(V1, models());
              return FakeServer.answer(200, "{\"instance_id\":\"m\"}");
            });
    ModelServerException e =
        assertThrows(ModelServerException.Cancelled.class, () -> studio.load("m", token));
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertTrue(answered.get());
    assertEquals(1, server.count(UNLOAD));
    assertEquals(0, e.getSuppressed().length);
    assertEquals(1, studio.residents().size());
  }

  @Test
  void loadWhoseEndIsUnknown_isUndone() {
    server
        .on(V1, models())
        .on(
            LOAD,
            body -> {
              server.on(V1, models(instance("m", 4096)));
              return new MockResponse.Builder()
                  .onResponseStart(new SocketEffect.CloseSocket())
                  .build();
            })
        .on(
            UNLOAD,
            body -> {
              server.on(V1, models());
              return FakeServer.answer(200, "{}");
            });
    assertThrows(ModelServerException.StreamBroken.class, () -> studio.load("m", new Token()));
    assertEquals(1, server.count(UNLOAD));
    server.on(UNLOAD, FakeServer.answer(500, "no"));
    ModelServerException e =
        assertThrows(ModelServerException.StreamBroken.class, () -> studio.load("m", new Token()));
    assertEquals(1, e.getSuppressed().length);
  }
}
