package dev.twoqueue.testkit.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentsTest {

  @SuppressWarnings("NullAway") // What a careless host may do.
  static Stream<Arguments> wrong() {
    SimulatedOllamaBuilder server = SimulatedOllama.builder();
    SimulatedModelBuilder model = SimulatedModel.builder("m");
    OllamaFaults faults = new OllamaFaults();
    Duration ages = Duration.ofDays(366);
    return Stream.of(
        wrong("port", () -> server.port(-1)),
        wrong("port", () -> server.port(65_536)),
        wrong("maxLoadedModels", () -> server.maxLoadedModels(0)),
        wrong("maxQueue", () -> server.maxQueue(0)),
        wrong("keepAlive", () -> server.keepAlive(Duration.ofMillis(-1))),
        wrong("keepAlive", () -> server.keepAlive(null)),
        wrong("unloadTime", () -> server.unloadTime(ages)),
        wrong("defaultContext", () -> server.defaultContext(0)),
        wrong("total", () -> server.memory(0, 0)),
        wrong("inUse", () -> server.memory(1, 2)),
        wrong("inUse", () -> server.disk(1, -1)),
        wrong("timeScale", () -> server.timeScale(0)),
        wrong("timeScale", () -> server.timeScale(Double.NaN)),
        wrong("timeScale", () -> server.timeScale(1e9)),
        wrong("pullBytesPerSecond", () -> server.pullBytesPerSecond(-1)),
        wrong("version", () -> server.version(null)),
        wrong("name", () -> SimulatedModel.builder(" ")),
        wrong("name", () -> SimulatedModel.builder("a b")),
        wrong("name", () -> SimulatedModel.builder(null)),
        wrong("digest", () -> model.digest("abc")),
        wrong("weightsDigest", () -> model.weightsDigest("X".repeat(64))),
        wrong("sizeBytes", () -> model.sizeBytes(0)),
        wrong("fixedBytes", () -> model.workingSet(-1, 0)),
        wrong("kvBytesPerToken", () -> model.workingSet(0, -1)),
        wrong("parameterSize", () -> model.details("", "Q4")),
        wrong("capabilities", () -> model.capabilities()),
        wrong("general.architecture", () -> model.modelInfo(Map.of())),
        wrong("option", () -> model.parameter("", 1)),
        wrong("num_ctx", () -> model.parameter("num_ctx", "many")),
        wrong("loadTime", () -> model.loadTime(Duration.ofSeconds(-1))),
        wrong("tokensPerSecond", () -> model.tokensPerSecond(0)),
        wrong("response", () -> model.response(" ")),
        wrong("path", () -> faults.resetNext("api/ps")),
        wrong("status", () -> faults.answerNext("/", 99, "")),
        wrong("body", () -> faults.answerNext("/", 200, null)),
        wrong("bytes", () -> faults.hugeBodyNext("/", 0)),
        wrong("more", () -> faults.slowLoads("m", ages)),
        wrong("error", () -> faults.failNextLoad("m", "")),
        wrong("age", () -> faults.stalePs(Duration.ofSeconds(-1))));
  }

  private static Arguments wrong(String argument, Runnable call) {
    return Arguments.of(argument, call);
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("wrong")
  void a_wrong_argument_is_named(String argument, Runnable call) {
    RuntimeException refused = assertThrows(RuntimeException.class, call::run);
    assertTrue(
        refused instanceof IllegalArgumentException || refused instanceof NullPointerException,
        refused.toString());
    assertTrue(String.valueOf(refused.getMessage()).contains(argument), refused.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3, qwen3:latest",
    "QWEN3:8B, QWEN3:8B",
    "registry.ollama.ai/library/qwen3:8b, qwen3:8b",
    "me/qwen3, me/qwen3:latest",
    "127.0.0.1:11511/slow/tiny, 127.0.0.1:11511/slow/tiny:latest",
    "registry.ollama.ai/me/x:y, me/x:y"
  })
  void names_are_shown_as_the_server_shows_them(String name, String shown) {
    assertEquals(shown, ModelName.of(name).shortest());
  }

  @ParameterizedTest
  @CsvSource({
    "30s, 30000000000",
    "1h30m, 5400000000000",
    "1.5h, 5400000000000",
    "-1m, -60000000000",
    ".5s, 500000000",
    "0, 0",
    "100us, 100000",
    "1m0.25s, 60250000000"
  })
  void durations_are_read_as_Go_reads_them(String text, long nanos) throws ApiError {
    assertEquals(nanos, GoDuration.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, missing unit",
    "5x, unknown unit",
    "forever, invalid",
    "'', invalid",
    "1e3s, unknown unit",
    "9999999h, invalid",
    "-, invalid"
  })
  void what_is_no_duration_is_400(String text, String complaint) {
    ApiError refused = assertThrows(ApiError.class, () -> GoDuration.parse(text));
    assertTrue(refused.text().contains(complaint), refused.text());
    assertEquals(400, refused.status());
  }
}
