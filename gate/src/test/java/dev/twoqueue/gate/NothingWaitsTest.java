package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.AsyncTaskBody;
import dev.twoqueue.FleetTask;
import dev.twoqueue.Gate;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** While no local-heavy task waits, nobody asks this machine anything. */
@NullUnmarked
class NothingWaitsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final VirtualTime time = new VirtualTime();
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

  private TwoQueueScheduler scheduler() {
    return time.install(TwoQueueScheduler.builder()).gate(gates()).build();
  }

  private void await(TaskHandle<String> handle) {
    assertEquals("done", time.await(handle));
  }

  @Test
  void no_figure_is_asked_for_but_by_a_local_heavy_task() {
    FleetTask<String> agent = FleetTask.of("agent", task -> "done");
    try (TwoQueueScheduler scheduler = scheduler()) {
      for (int i = 0; i < 10; i++) {
        await(scheduler.submit(agent));
      }
      time.advance(LONG);
      assertEquals(0, asked.get());

      await(scheduler.submit(LocalHeavyTask.of(LocalKind.OTHER, "heavy", task -> "done")));
      int byOne = asked.get();
      assertTrue(byOne > 0);

      await(scheduler.submit(agent));
      time.advance(LONG);
      assertEquals(byOne, asked.get());
    }
  }

  @Test
  void a_task_that_runs_asks_for_nothing() {
    int[] during = new int[2];
    AsyncTaskBody<String> body =
        task -> {
          during[0] = asked.get();
          return time.after(
              LONG,
              () -> {
                during[1] = asked.get();
                return "done";
              });
        };
    try (TwoQueueScheduler scheduler = scheduler()) {
      await(scheduler.submit(LocalHeavyTask.asyncBuilder(LocalKind.OTHER, "heavy", body).build()));
      assertTrue(during[0] > 0);
      assertEquals(during[0], during[1]);
    }
  }
}
