package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.Gate;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TwoQueueScheduler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** While no local-heavy task waits, nobody asks this machine anything. */
@NullUnmarked
class NothingWaitsTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final FakeHost host = new FakeHost();

  /** The same figures, each question counted. */
  private HostFigures counting() {
    return (HostFigures)
        Proxy.newProxyInstance(
            HostFigures.class.getClassLoader(),
            new Class<?>[] {HostFigures.class},
            (proxy, method, arguments) -> {
              asked.incrementAndGet();
              return method.invoke(host, arguments);
            });
  }

  private Gate gates() {
    HostFigures figures = counting();
    return HostGates.builder()
        .load(LoadGate.standard().withFigures(figures))
        .processes(ProcessGate.standard().withFigures(figures))
        .disk(DiskGate.on(figures))
        .memory(
            MemoryGate.of(
                HostMemory.of(
                    () -> {
                      asked.incrementAndGet();
                      return host.memory();
                    })))
        .power(PowerGate.standard().withFigures(figures))
        .build();
  }

  @Test
  void no_figure_is_asked_for_but_by_a_local_heavy_task() throws Exception {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().gate(gates()).build()) {
      for (int i = 0; i < 10; i++) {
        scheduler.submit(FleetTask.of("agent", task -> "done")).join();
      }
      Thread.sleep(1200); // longer than the shortest time between two looks
      assertEquals(0, asked.get());

      scheduler.submit(LocalHeavyTask.of(LocalKind.OTHER, "heavy", task -> "done")).join();
      int byOne = asked.get();
      assertTrue(byOne > 0);

      scheduler.submit(FleetTask.of("agent", task -> "done")).join();
      Thread.sleep(1200);
      assertEquals(byOne, asked.get());
    }
  }

  @Test
  void a_task_that_runs_asks_for_nothing() throws Exception {
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().gate(gates()).build()) {
      int[] during = new int[2];
      scheduler
          .submit(
              LocalHeavyTask.of(
                  LocalKind.OTHER,
                  "heavy",
                  task -> {
                    during[0] = asked.get();
                    Thread.sleep(Duration.ofMillis(1200).toMillis());
                    during[1] = asked.get();
                    return "done";
                  }))
          .join();
      assertEquals(during[0], during[1]);
    }
  }
}
