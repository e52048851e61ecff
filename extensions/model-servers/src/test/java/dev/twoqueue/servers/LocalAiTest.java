package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The documented answers of LocalAI; none of them is recorded. */
@Timeout(30)
class LocalAiTest {
  private static final String SYSTEM = "GET /system";
  private static final String LOAD = "POST /backend/load";
  private static final String SHUTDOWN = "POST /backend/shutdown";
  private static final String NOTHING = "{\"backends\":[\"llama-cpp\"],\"loaded_models\":[]}";
  private static final String ONE =
      "{\"backends\":[\"llama-cpp\"],\"loaded_models\":[{\"id\":\"m\",\"backend\":\"llama-cpp\","
          + "\"process\":{\"pid\":48213,\"rss_bytes\":5368709120,\"memory_percent\":7.8}}]}";

  private final FakeServer server = new FakeServer();
  private final LocalAi local =
      LocalAi.builder().address(server.url()).alwaysResident("whisper-1").build();

  @AfterEach
  void close() {
    local.close();
    server.close();
  }

  @Test
  void loadedModels_haveTheMemoryOfTheirProcess() {
    server.on(SYSTEM, ONE);
    assertEquals(List.of(ResidentModel.worker("m", 5_368_709_120L)), local.residents());
    assertEquals(1, server.requests.size());
  }

  @Test
  void serverWithoutProcesses_isAskedForEachModelsMemory() {
    server
        .on(SYSTEM, "{\"loaded_models\":[{\"id\":\"a b\"},{\"id\":\"whisper-1\"},{\"id\":\"c\"}]}")
        .on("GET /backend/monitor?model=a%20b", "{\"state\":2,\"memory\":{\"total\":1073741824}}")
        .on("GET /backend/monitor?model=c", "{\"state\":-1,\"memory_info\":{\"rss\":1}}");
    assertEquals(
        List.of(
            ResidentModel.worker("a b", 1 << 30),
            ResidentModel.alwaysResident("whisper-1", 0),
            ResidentModel.worker("c", 0)),
        local.residents());
  }

  @Test
  void answerWithoutAList_isUnknown() throws Exception {
    for (String body : List.of("{\"backends\":[]}", "{\"loaded_models\":null}", "[]")) {
      server.on(SYSTEM, body);
      assertInstanceOf(Residency.Unknown.class, local.residencyProbe().observe(), body);
    }
  }

  @Test
  void load_looksBeforeAndAfter() {
    server.on(SYSTEM, NOTHING, ONE).on(LOAD, "{\"loaded\":[\"m\"],\"message\":\"model loaded\"}");
    local.load("m", new Token());
    local.load("m", new Token());
    assertEquals(1, server.count(LOAD + " {\"model\":\"m\"}"));
    assertEquals(3, server.count(SYSTEM));
  }

  @Test
  void loadThatFails_saysWhy() {
    server
        .on(SYSTEM, NOTHING)
        .on(
            LOAD,
            FakeServer.answer(500, "{\"loaded\":[],\"message\":\"failed to load model: oom\"}"));
    ModelServerException e =
        assertThrows(ModelServerException.LoadFailed.class, () -> local.load("m", new Token()));
    assertTrue(String.valueOf(e.getCause()).contains("failed to load model: oom"), e::toString);
  }

  @Test
  void shutdown_isConfirmed() throws Exception {
    server.on(SYSTEM, ONE, ONE, NOTHING).on(SHUTDOWN, "{\"message\":\"model stopped\"}");
    local.evictor().evict(ResidentModel.worker("m", 0));
    assertEquals(1, server.count(SHUTDOWN + " {\"model\":\"m\"}"));
    assertEquals(3, server.count(SYSTEM));
  }

  @Test
  void shutdownOfWhatIsNotLoaded_isNoError() {
    for (int status : List.of(404, 500)) {
      String said = "{\"error\":{\"code\":" + status + ",\"message\":\"model is not loaded\"}}";
      server.on(SYSTEM, NOTHING).on(SHUTDOWN, FakeServer.answer(status, said));
      local.unload("m");
    }
    server.on(SYSTEM, ONE);
    assertThrows(ModelServerException.ServerError.class, () -> local.unload("m"));
    assertEquals(3, server.count(SHUTDOWN));
  }
}
