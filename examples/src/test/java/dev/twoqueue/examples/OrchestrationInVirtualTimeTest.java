package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a host tests its own orchestration: an hour passes in a millisecond. */
class OrchestrationInVirtualTimeTest {
  @Test
  void theFleetWaitsForTheSweep() {
    // snippet: virtual-time
    VirtualTime time = new VirtualTime();
    TwoQueueScheduler scheduler = time.install(TwoQueueScheduler.builder()).build();

    TaskHandle<String> sweep =
        scheduler.submit(
            LocalHeavyTask.asyncBuilder(
                    LocalKind.TEST_SWEEP,
                    "sweep",
                    task -> time.after(Duration.ofHours(1), () -> "green"))
                .build());
    TaskHandle<String> call =
        scheduler.submit(
            FleetTask.async("call", task -> time.after(Duration.ofSeconds(2), () -> "called")));

    time.advance(Duration.ofMinutes(59));
    assertEquals(TaskState.RUNNING, sweep.state());
    assertEquals(TaskState.QUEUED, call.state());

    assertEquals("called", time.await(call));
    assertEquals(TaskState.SUCCEEDED, sweep.state());
    // end snippet
  }
}
