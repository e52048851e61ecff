package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that run in the caller: one body runs inside another, on its thread. */
@Timeout(40)
class NestedBodiesTest {
  @Test
  void afterABodyThatRanInsideItAnotherIsStillSeenToWait() {
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .executor(Runnable::run)
            .callbackExecutor(Runnable::run)
            .fleetLimit(2)
            .build();
    TaskHandle<List<String>> outer =
        scheduler.submit(
            Tasks.fleet(
                "outer",
                task -> {
                  assertEquals("inner", scheduler.submit(Tasks.fleet("inner")).join());
                  TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
                  return assertThrows(TaskDeadlockException.class, oracle::join).chain();
                }));
    assertEquals(List.of("#1 'outer'", "#3 'oracle'"), outer.join());
    scheduler.close();
  }
}
