package dev.twoqueue.servers;

import static dev.twoqueue.servers.LmStudioAnswers.UNEXPECTED;
import static dev.twoqueue.servers.LmStudioAnswers.UNLOAD;
import static dev.twoqueue.servers.LmStudioAnswers.V0;
import static dev.twoqueue.servers.LmStudioAnswers.V1;
import static dev.twoqueue.servers.LmStudioAnswers.instance;
import static dev.twoqueue.servers.LmStudioAnswers.models;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The documented answers of LM Studio's REST v1 and v0; none of them is recorded. */
@Timeout(30)
class LmStudioTest {
  private final FakeServer server = new FakeServer();
  private final LmStudio studio = LmStudio.connect(server.url());

  @AfterEach
  void close() {
    studio.close();
    server.close();
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
}
