package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scheduler's virtual threads give their carriers up wherever they wait. JFR tells of each wait
 * that keeps its carrier, however short. What pins depends on the JVM: up to 23 a monitor does, a
 * class initializer does on later ones too.
 */
@EnabledForJreRange(
    min = JRE.JAVA_21,
    disabledReason = "before Java 21 there are no virtual threads that could be pinned")
@Timeout(120)
class PinningTest {
  private static final String PINNED = "jdk.VirtualThreadPinned";
  private static final int ROUNDS = 30;

  @Test
  void aWaitInAClassInitializerIsSeen(@TempDir Path directory) throws Exception {
    List<String> pinned =
        pinnedDuring(
            directory,
            scheduler ->
                assertEquals(
                    "waited",
                    Tasks.result(scheduler.submit(Tasks.fleet("pins", t -> Pinning.RESULT)))));
    assertFalse(pinned.isEmpty(), "what the other test looks at would show nothing");
  }

  /** Waits while the JVM initializes it, with a frame of the JVM's own below. */
  private static final class Pinning {
    static final String RESULT = waited();

    private static String waited() {
      LockSupport.parkNanos(1_000_000);
      return "waited";
    }
  }

  @Test
  void nothingThatTheSchedulerDoesPins(@TempDir Path directory) throws Exception {
    List<String> pinned =
        pinnedDuring(
            directory,
            scheduler -> {
              for (int i = 0; i < ROUNDS; i++) {
                waitInEveryWay(scheduler);
                if (Runtime.version().feature() >= 24) {
                  runProcesses(scheduler);
                }
              }
            });
    assertEquals(List.of(), pinned);
  }

  private static void waitInEveryWay(TwoQueueScheduler scheduler) throws Exception {
    List<TaskHandle<?>> handles = new ArrayList<>();
    CompletableFuture<String> slow = new CompletableFuture<>();
    TaskHandle<String> target = scheduler.submit(FleetTask.async("target", task -> slow));
    handles.add(target);
    handles.add(scheduler.submit(Tasks.fleet("joins", task -> target.join())));
    handles.add(
        scheduler.submit(Tasks.fleet("future", task -> target.toCompletableFuture().get())));
    handles.add(
        scheduler.submit(
            Tasks.fleet(
                "gets",
                task -> {
                  try {
                    return target.get(Duration.ofMillis(1));
                  } catch (TimeoutException late) {
                    return "late";
                  }
                })));
    handles.add(
        scheduler.submit(
            Tasks.fleet(
                "asks an oracle",
                task -> {
                  task.progress(new Progress(1, 2, "asks"));
                  TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
                  slow.complete("done");
                  return task.await(oracle);
                })));
    Latched body = Latched.polite();
    TaskHandle<String> cancelled = scheduler.submit(Tasks.fleet("cancelled", body));
    TaskHandle<String> tooLong =
        scheduler.submit(
            Tasks.fleet("too long", Latched.polite()).withRunTimeout(Duration.ofMillis(5)));
    body.awaitBegun();
    assertTrue(cancelled.cancel("enough"));
    handles.forEach(Tasks::result);
    for (TaskHandle<?> told : List.of(cancelled, tooLong)) {
      assertFalse(Tasks.awaitEnd(told) instanceof Outcome.Succeeded);
    }
  }

  /** The JDK's own wait for a process holds a monitor in some releases before 24. */
  private static void runProcesses(TwoQueueScheduler scheduler) {
    assertEquals(0, Tasks.result(scheduler.submit(process("sh", "-c", "echo on; exit 0"))));
    TaskHandle<Integer> ended = scheduler.submit(process("sleep", "60"));
    Eventually.holds("the process runs", () -> ended.state() == TaskState.RUNNING);
    assertTrue(ended.cancel("enough"));
    assertEquals(new Outcome.Cancelled<>("enough"), Tasks.awaitEnd(ended));
  }

  private static LocalHeavyTask<Integer> process(String... command) {
    return LocalHeavyTask.of(
        LocalKind.OTHER, "process", ProcessBody.of(command).grace(Duration.ofMillis(50)));
  }

  private interface Work {
    void on(TwoQueueScheduler scheduler) throws Exception;
  }

  /** What kept a carrier while the scheduler worked, each with where. */
  private List<String> pinnedDuring(Path directory, Work work) throws Exception {
    Path file = directory.resolve("pinned.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      try (TwoQueueScheduler scheduler =
          TwoQueueScheduler.builder()
              .gate(request -> Verdict.proceed())
              .fleetGate(request -> Verdict.proceed())
              .listener(event -> {})
              .outsidePermits((taskClass, name) -> CompletableFuture.completedFuture(() -> {}))
              .build()) {
        work.on(scheduler);
      }
      recording.stop();
      recording.dump(file);
    }
    return pinnedIn(file);
  }

  private static List<String> pinnedIn(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(PINNED))
        .filter(event -> String.valueOf(event.getThread().getJavaName()).startsWith("two-queue"))
        .map(RecordedEvent::toString)
        .toList();
  }
}
