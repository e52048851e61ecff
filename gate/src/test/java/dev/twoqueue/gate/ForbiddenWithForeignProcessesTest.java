package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The five forbidden combinations, the second party being a process of somebody else's: a real one,
 * whose program is named as in the rules, against a real scheduler whose gates look at this
 * machine. What the scheduler does not start itself it cannot prevent: it waits for its end.
 */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the processes are shell scripts")
@NullUnmarked
class ForbiddenWithForeignProcessesTest {
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final TwoQueueScheduler scheduler =
      TwoQueueScheduler.builder()
          .gate(ProcessGate.standard())
          .fleetGate(ProcessGate.standard())
          .build();

  @TempDir Path folder;
  private ProcessHandle foreign;
  private volatile boolean ended;

  @AfterEach
  void end() throws Exception {
    release.countDown();
    if (foreign != null) {
      foreign.destroyForcibly();
    }
    scheduler.shutdownNow("the test is over");
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)));
  }

  /** A script of this name, which lasts a minute, by way of a parent that ends at once. */
  private void startElsewhere(String program, String... arguments) throws Exception {
    Path script = folder.resolve(program);
    Files.writeString(script, "#!/bin/sh\nsleep 60; exit 0\n");
    assertTrue(script.toFile().setExecutable(true));
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "\"$0\" \"$@\" >/dev/null 2>&1 & echo $!"));
    command.add(script.toString());
    command.addAll(List.of(arguments));
    Process shell = new ProcessBuilder(command).start();
    String pid = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, shell.waitFor());
    foreign = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    // A list of processes from before its start may serve for 1.5 s: the gate must know of it.
    await("the gate sees it", () -> isListed(foreign.pid()));
  }

  private static boolean isListed(long pid) {
    try {
      return HostFigures.live().processTable().process(pid) != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> "not within 20 s: " + what);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private String body() throws InterruptedException {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    boolean after = ended;
    try {
      release.await();
      return after ? "after it" : "beside it";
    } finally {
      running.decrementAndGet();
    }
  }

  private TaskHandle<String> local(LocalKind kind) {
    return scheduler.submit(LocalHeavyTask.of(kind, "local", task -> body()));
  }

  private void assertHeldUntilItEnds(String rule, List<TaskHandle<String>> handles, int atOnce) {
    await(
        "a hold that names it",
        () ->
            handles.get(0).waitsFor().map(it -> it.toString().contains(rule)).orElse(false)
                || scheduler.snapshot().toString().contains(rule + " runs: pid " + foreign.pid()));
    assertEquals(0, running.get());
    assertTrue(handles.stream().allMatch(it -> it.state() == TaskState.QUEUED));
    assertTrue(foreign.isAlive());

    ended = true;
    foreign.destroyForcibly();
    await("they start when it has ended", () -> running.get() == atOnce);
    release.countDown();
    handles.forEach(handle -> assertEquals("after it", handle.join()));
    assertEquals(atOnce, most.get());
  }

  private List<TaskHandle<String>> agents(int count) {
    List<TaskHandle<String>> agents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      agents.add(scheduler.submit(FleetTask.of("agent " + i, task -> body())));
    }
    return agents;
  }

  @Test
  void the_fleet_with_a_foreign_test_sweep() throws Exception {
    startElsewhere("pytest", "-q");
    assertHeldUntilItEnds("pytest", agents(2), 2);
  }

  @Test
  void a_foreign_oracle_and_more_than_five_fleet_tasks() throws Exception {
    startElsewhere("oracle_dispatch");
    assertHeldUntilItEnds("oracle_dispatch", agents(8), 5);
  }

  @Test
  void an_oracle_with_a_foreign_pull() throws Exception {
    startElsewhere("ollama", "pull", "llama3.3:70b");
    assertHeldUntilItEnds("ollama pull", List.of(local(LocalKind.ORACLE)), 1);
  }

  @Test
  void two_oracles_at_once_one_of_them_foreign() throws Exception {
    startElsewhere("oracle_dispatch");
    assertHeldUntilItEnds("oracle_dispatch", List.of(local(LocalKind.ORACLE)), 1);
  }
}
