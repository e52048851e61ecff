package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are processes, on real ones. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the processes are shell scripts")
class ProcessBodyTest {
  private final Path folder;

  ProcessBodyTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private TaskHandle<Integer> submit(TwoQueueScheduler scheduler, ProcessBody body) {
    return scheduler.submit(LocalHeavyTask.of(LocalKind.TEST_SWEEP, "sweep", body));
  }

  private static ProcessBody shell(String script) {
    return ProcessBody.of("sh", "-c", script);
  }

  /** The pid that a script wrote into a file. */
  private long pid(String file) {
    Path path = folder.resolve(file);
    Eventually.holds("the script wrote " + file, () -> !read(path).isBlank());
    return Long.parseLong(read(path).strip());
  }

  private static String read(Path path) {
    try {
      return Files.exists(path) ? Files.readString(path) : "";
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void givesTheExitCodeAndBothStreamsLineByLine() {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      ProcessBody body =
          shell("echo one; echo two >&2; printf three; pwd > here; exit 3")
              .onLine(lines::add)
              .with(builder -> builder.directory(folder.toFile()));
      assertEquals(3, submit(scheduler, body).join());
    }
    assertEquals(List.of("one", "two", "three"), lines);
    assertTrue(Files.exists(folder.resolve("here")), "the directory was not set");
  }

  @Test
  void aCancelEndsTheWholeTree() {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Integer> handle =
          submit(
              scheduler,
              shell("sleep 300 & echo $! > child; echo $$ > root; wait")
                  .with(builder -> builder.directory(folder.toFile())));
      long child = pid("child");
      long root = pid("root");
      assertTrue(alive(child) && alive(root));
      assertTrue(handle.cancel("enough"));
      assertThrows(TaskCancelledException.class, handle::join);
      assertTrue(!alive(root) && !alive(child), "the slot was freed before the tree had ended");
    }
  }

  @Test
  void aProcessThatIgnoresThePoliteRequestIsKilledAfterTheGracePeriod() {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Integer> handle =
          submit(
              scheduler,
              shell("trap '' TERM; echo $$ > root; while true; do sleep 1; done")
                  .grace(Duration.ofMillis(200))
                  .with(builder -> builder.directory(folder.toFile())));
      long root = pid("root");
      assertTrue(handle.cancel("enough"));
      assertThrows(TaskCancelledException.class, handle::join);
      assertTrue(!alive(root));
    }
  }

  @Test
  void aRunTimeoutEndsTheHandleAtOnceAndTheProcessSoon() {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Integer> handle =
          scheduler.submit(
              LocalHeavyTask.builder(LocalKind.TEST_SWEEP, "sweep", shell("exec sleep 300"))
                  .runTimeout(Duration.ofMillis(300))
                  .build());
      assertThrows(TaskTimeoutException.class, handle::join);
      // close waits until the process has really ended
    }
  }

  @Test
  void aProgramThatDoesNotExistFailsTheTask() {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Integer> handle = submit(scheduler, ProcessBody.of("no-such-program-anywhere"));
      TaskFailedException failed = assertThrows(TaskFailedException.class, handle::join);
      assertInstanceOf(IOException.class, failed.getCause());
    }
  }

  @Test
  void aReaderThatThrowsEndsTheProcessAndFailsTheTask() {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Integer> handle =
          submit(
              scheduler,
              shell("echo $$ > root; echo line; exec sleep 300")
                  .onLine(
                      line -> {
                        throw new IllegalStateException("a reader that throws");
                      })
                  .with(builder -> builder.directory(folder.toFile())));
      long root = pid("root");
      TaskFailedException failed = assertThrows(TaskFailedException.class, handle::join);
      assertInstanceOf(IllegalStateException.class, failed.getCause());
      assertTrue(!alive(root), "the process was left behind");
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThrows(IllegalArgumentException.class, ProcessBody::of);
    assertThrows(IllegalArgumentException.class, () -> ProcessBody.of(" "));
    assertThrows(
        IllegalArgumentException.class, () -> ProcessBody.of("sh").grace(Duration.ofSeconds(-1)));
  }
}
