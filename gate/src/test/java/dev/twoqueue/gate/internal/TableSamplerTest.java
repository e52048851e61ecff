package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.gate.HostProcess;
import dev.twoqueue.gate.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class TableSamplerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LINGERS = Duration.ofMillis(700);

  private final AtomicInteger scans = new AtomicInteger();
  private final AtomicReference<Thread> scanner = new AtomicReference<>();

  private ProcessTable scan() {
    scans.incrementAndGet();
    scanner.set(Thread.currentThread());
    HostProcess self =
        new HostProcess(
            1,
            OptionalLong.empty(),
            "java",
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    return new ProcessTable(System.nanoTime(), OptionalLong.of(1), 1, List.of(self));
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> "not within 15 s: " + what);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Test
  void scans_on_a_thread_of_its_own_while_somebody_looks_and_ends_it_after() throws Exception {
    TableSampler sampler = new TableSampler(this::scan, PATIENCE, LINGERS);
    assertEquals(0, scans.get(), "nothing before the first look");

    ProcessTable first = sampler.latest();
    assertSame(first, sampler.latest());
    assertNotSame(Thread.currentThread(), scanner.get());
    await("a second table", () -> scans.get() >= 2);
    assertNotSame(first, sampler.latest());

    Thread thread = scanner.get();
    long lastLook = System.nanoTime();
    await("the thread's end", () -> !thread.isAlive());
    long lingered = System.nanoTime() - lastLook;
    assertTrue(lingered >= LINGERS.toNanos(), lingered + " ns");

    LockSupport.parkNanos(TableSampler.OLDEST.toNanos());
    int before = scans.get();
    sampler.latest(); // begins anew, and not with the old table
    assertTrue(scans.get() > before);
  }

  @Test
  void a_scan_that_fails_fails_the_look_and_the_next_one_may_succeed() throws Exception {
    TableSampler sampler =
        new TableSampler(
            () -> {
              if (scans.get() == 0) {
                scans.incrementAndGet();
                throw new OutOfMemoryError("for a moment");
              }
              return scan();
            });

    assertTrue(
        assertThrows(IOException.class, sampler::latest).getMessage().contains("for a moment"));
    await("a scan that succeeds", () -> scans.get() >= 2);
    assertEquals(1, sampler.latest().processes().size());
  }

  @Test
  void a_scan_that_hangs_fails_the_look_with_that_as_the_reason() {
    CountDownLatch never = new CountDownLatch(1);
    TableSampler sampler =
        new TableSampler(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return scan();
            },
            Duration.ofMillis(200),
            LINGERS);

    String message = assertThrows(IOException.class, sampler::latest).getMessage();

    assertTrue(message.startsWith("no scan of the processes has ended for PT0.2S"), message);
    never.countDown();
  }
}
