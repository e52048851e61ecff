package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread dump of an idle scheduler shows no thread of its own. */
@Timeout(60)
class IdleThreadsTest {
  private static List<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("two-queue"))
        .toList();
  }

  private static void noneAreLeft() {
    Eventually.holds(
        () -> "no thread of its own, there are " + ours(),
        Duration.ofSeconds(10),
        () -> ours().isEmpty());
  }

  @Test
  void beforeTheFirstTaskAndSoonAfterTheLast() {
    noneAreLeft(); // of other tests
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .gate(request -> Verdict.proceed())
            .listener(event -> {})
            .build()) {
      assertEquals(List.of(), ours());
      Integer result =
          scheduler
              .submit(
                  LocalHeavyTask.builder(LocalKind.OTHER, "local", task -> 1)
                      .runTimeout(Duration.ofHours(1))
                      .startWithin(Duration.ofHours(1))
                      .build())
              .join();
      assertEquals(1, result);
      assertEquals(2, scheduler.submit(FleetTask.of("fleet", task -> 2)).join());
      noneAreLeft(); // deadlines of tasks that have ended keep no timer
    }
  }
}
