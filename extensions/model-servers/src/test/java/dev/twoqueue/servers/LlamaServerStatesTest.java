package dev.twoqueue.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.twoqueue.Residency;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** States of a router that are documented and in no recording. */
@Timeout(30)
class LlamaServerStatesTest {
  private static final String OK = "{\"success\":true}";

  private final FakeServer server = new FakeServer();
  private final LlamaServer router = LlamaServer.connect(server.url());

  @AfterEach
  void close() {
    router.close();
    server.close();
  }

  private static String models(String status) {
    return "{\"data\":[{\"id\":\"m\",\"status\":{\"value\":\"" + status + "\"}}]}";
  }

  @Test
  void modelsThatSleepOrAreDownloaded_areNotResident() throws Exception {
    for (String status : List.of("sleeping", "downloading", "unloaded")) {
      server.on("GET /models", models(status));
      assertEquals(Residency.of(List.of()), router.residencyProbe().observe(), status);
    }
  }

  @Test
  void statusThatIsNotDocumented_isUnknown() throws Exception {
    server.on("GET /models", models("dreaming"));
    assertInstanceOf(Residency.Unknown.class, router.residencyProbe().observe());
  }

  @Test
  void loadOfASleepingModel_endsItsSleepFirst() {
    server
        .on(
            "GET /models",
            models("sleeping"),
            models("sleeping"),
            models("sleeping"),
            models("unloaded"),
            models("loading"),
            models("loaded"))
        .on("POST /models/unload", OK)
        .on("POST /models/load", OK);
    router.load("m", new Token());
    List<String> orders = server.requests.stream().filter(r -> r.startsWith("POST")).toList();
    assertEquals(
        List.of("POST /models/unload {\"model\":\"m\"}", "POST /models/load {\"model\":\"m\"}"),
        orders);
  }

  @Test
  void download_isNotGivenUpByAnUnload() {
    server.on("GET /models", models("downloading"));
    router.unload("m");
    assertThrows(ModelServerException.ServerBusy.class, () -> router.load("m", new Token()));
    assertEquals(0, server.count("POST"));
  }

  @Test
  void modelThatAnotherPushesOut_isALoadThatFailed() {
    server
        .on("GET /models", models("unloaded"), models("loading"), models("unloaded"))
        .on("POST /models/load", OK);
    assertThrows(ModelServerException.LoadFailed.class, () -> router.load("m", new Token()));
  }

  @Test
  void loadWithoutEnd_timesOutAndIsUndone() {
    server
        .on("GET /models", models("unloaded"), models("loading"))
        .on("POST /models/load", OK)
        .on(
            "POST /models/unload",
            body -> {
              server.on("GET /models", models("unloaded"));
              return FakeServer.answer(200, OK);
            });
    try (LlamaServer impatient =
        LlamaServer.builder()
            .address(server.url())
            .timeouts(ServerTimeouts.DEFAULTS.withLoad(Duration.ofMillis(200)))
            .build()) {
      assertThrows(ModelServerException.TimedOut.class, () -> impatient.load("m", new Token()));
    }
    assertEquals(1, server.count("POST /models/unload"));
  }
}
