package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.InputLog;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TwoQueueScheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that a scheduler wrote is replayed, and one that was tampered with is found out. */
@Timeout(60)
class ReplayInputsTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private Path file;

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @BeforeEach
  void writeALog(@TempDir Path folder) {
    file = folder.resolve("inputs.log");
    // snippet: input-log
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .inputLog(InputLog.toFile(file, 100_000_000)) // bytes: for more than a million tasks
            .build();
    // end snippet
    try (scheduler) {
      scheduler.submit(FleetTask.of("call", task -> "answer")).join();
      scheduler.submit(LocalHeavyTask.of(LocalKind.TEST_SWEEP, "sweep", task -> "green")).join();
    }
  }

  @Test
  void theSameDecisionsAre0() {
    assertEquals(0, ReplayInputs.run(out, file.toString(), "--print"), this::said);
    assertTrue(said().contains("submit 1 F  ->  start 1"), this::said);
    assertTrue(said().contains("the log's end: TERMINATED"), this::said);
    assertTrue(said().contains("The decisions are the same."), this::said);
  }

  @Test
  void anotherDecisionIs1() throws IOException {
    Files.writeString(file, Files.readString(file).replace("\tok\t", "\tfailed\t"));
    assertEquals(1, ReplayInputs.run(out, file.toString()), this::said);
    assertTrue(said().contains("Line 3 is decided differently now"), this::said);
    assertTrue(said().contains("now: finish 1 failed"), this::said);
  }

  @Test
  void whatIsNoLogIs2() throws IOException {
    Files.writeString(file, "{}\n");
    assertEquals(2, ReplayInputs.run(out, file.toString()), this::said);
    assertTrue(said().contains("this is no log of inputs"), this::said);
    assertEquals(2, ReplayInputs.run(out, file.resolveSibling("nothing").toString()));
  }

  @Test
  void wrongArgumentsAre64() {
    assertEquals(64, ReplayInputs.run(out));
    assertEquals(64, ReplayInputs.run(out, "a", "b"));
    assertEquals(64, ReplayInputs.run(out, "a", "--frobnicate"));
    assertTrue(said().contains("usage: ReplayInputs FILE"), this::said);
  }
}
