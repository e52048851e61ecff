package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SmokeTest {
  @Test
  void bothClassesRun() {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Integer> one =
          scheduler.submit(LocalHeavyTask.of(LocalKind.OTHER, "one", task -> 1));
      List<TaskHandle<Integer>> many =
          IntStream.range(0, 100)
              .mapToObj(i -> scheduler.submit(FleetTask.of("fleet " + i, task -> i)))
              .toList();
      assertEquals(1, one.join());
      assertEquals(4950, many.stream().mapToInt(TaskHandle::join).sum());
      TaskHandle<Integer> asks =
          scheduler.submit(
              FleetTask.of(
                  "asks an oracle",
                  task ->
                      task.await(
                          scheduler.submit(
                              LocalHeavyTask.of(LocalKind.ORACLE, "oracle", inner -> 42)))));
      assertEquals(42, asks.join());
      TaskHandle<Integer> dead =
          scheduler.submit(
              FleetTask.of(
                  "waits for an oracle",
                  task ->
                      scheduler
                          .submit(LocalHeavyTask.of(LocalKind.ORACLE, "oracle", inner -> 42))
                          .join()));
      TaskFailedException failed = assertThrows(TaskFailedException.class, dead::join);
      assertInstanceOf(TaskDeadlockException.class, failed.getCause());
    }
  }
}
