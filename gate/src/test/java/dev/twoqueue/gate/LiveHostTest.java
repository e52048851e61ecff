package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.twoqueue.MemoryBudget;
import dev.twoqueue.Verdict;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The gates on this very machine, with real processes. Others may use it meanwhile. */
@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class LiveHostTest {
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private final HostFigures live = HostFigures.live();

  @TempDir Path folder;

  /** The scripts run until this file is gone, and for a minute at most. */
  private Path running;

  @AfterEach
  void endScripts() throws Exception {
    if (running != null) {
      Files.deleteIfExists(running);
    }
  }

  @Test
  void the_figures_of_this_machine_are_sane() throws Exception {
    assertTrue(live.logicalCores().orElseThrow() >= Runtime.getRuntime().availableProcessors());
    MemoryBudget budget = HostMemory.standard().budget();
    assertTrue(budget.totalBytes() >= Runtime.getRuntime().totalMemory());
    assertTrue(budget.freeBytes() <= budget.totalBytes());
    assertTrue(live.disk(folder).usableBytes().orElseThrow() > 0);
    ProcessTable table = live.processTable();
    assertSame(table, live.processTable(), "not scanned again within a second");
    assertTrue(table.busyCpuNanos().orElseThrow() > 0);
  }

  @Test
  void the_standard_gate_looks_at_all_four_and_tells_so() throws Exception {
    Verdict verdict = HostGates.standard().look(sweep());

    String text =
        verdict instanceof Verdict.Proceed p ? p.saw() : ((Verdict.Hold) verdict).reason();
    assertFalse(text.contains("cannot be read"), text);
    assertFalse(text.contains("failed"), text);
    if (verdict instanceof Verdict.Proceed) {
      assertTrue(text.contains("processes: none of "), text);
      assertTrue(text.contains("GB free at"), text);
      assertTrue(text.contains("GiB free"), text);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the processes are shell scripts")
  void a_process_of_anothers_is_found_and_let_go_when_it_ends() throws Exception {
    ProcessGate gate = ProcessGate.of(List.of(ProcessRule.of("oracle_dispatch")));
    Path script = script("oracle_dispatch", "sleep 0.1");
    startElsewhere(script);

    Verdict.Hold hold =
        (Verdict.Hold) await(gate, verdict -> text(verdict).contains(script.toString()));

    assertTrue(hold.reason().startsWith("oracle_dispatch runs: pid "), hold.reason());
    Files.delete(running);
    await(gate, verdict -> !text(verdict).contains(script.toString()));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the processes are shell scripts")
  void a_child_of_ours_is_not_in_our_way() throws Exception {
    Path script = script("own_oracle", "sleep 0.1");
    Process child = new ProcessBuilder(script.toString()).start();
    try {
      ProcessTable table = await(child.pid());

      BitSet ours = table.treesOf(process -> process.pid() == table.selfPid());

      assertTrue(ours.get(table.indexOf(child.pid())));
      Verdict verdict = ProcessGate.of(List.of(ProcessRule.of("own_oracle"))).look(sweep());
      assertTrue(verdict instanceof Verdict.Proceed, verdict::toString);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the processes are shell scripts")
  void a_hog_of_anothers_holds_within_seconds() throws Exception {
    LoadGate gate = LoadGate.absolute(0.4);
    startElsewhere(script("hog", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"));

    await(gate, verdict -> verdict instanceof Verdict.Hold && text(verdict).contains("others use"));
  }

  @Test
  void what_this_jvm_burns_is_ours() throws Exception {
    CpuWindow window = new CpuWindow();
    ProcessTable first = live.processTable();
    add(window, first);
    long end = System.nanoTime() + Duration.ofMillis(1500).toNanos();
    long spins = 0;
    while (System.nanoTime() < end) {
      spins++;
    }
    add(window, live.processTable());

    CpuWindow.Measured measured = window.measure().orElseThrow();

    assertTrue(spins > 0);
    assertTrue(measured.ownCores() > 0.2, measured::toString);
    double all = measured.ownCores() + measured.foreignCores();
    assertTrue(all <= live.logicalCores().orElseThrow() * 1.3, measured::toString);
  }

  private static void add(CpuWindow window, ProcessTable table) {
    window.add(
        table,
        table.busyCpuNanos().orElseThrow(),
        table.treesOf(process -> process.pid() == table.selfPid()),
        Optional.empty(),
        Optional.empty());
  }

  private Path script(String name, String work) throws Exception {
    running = Files.createFile(folder.resolve("running"));
    Path script = folder.resolve(name);
    Files.writeString(
        script,
        "#!/bin/sh\nend=$(($(date +%s) + 60))\nwhile [ -e '"
            + running
            + "' ] && [ $(date +%s) -lt $end ]; do "
            + work
            + "; done\n");
    assertTrue(script.toFile().setExecutable(true));
    return script;
  }

  /** Starts it through a shell that ends at once, so that it is no descendant of ours. */
  private static void startElsewhere(Path script) throws Exception {
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", "\"$0\" & exit 0", script.toString())
            .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")))
            .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
            .start();
    assertEquals(0, shell.waitFor());
  }

  private static ProcessTable await(long pid) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      ProcessTable table = HostFigures.live().processTable();
      if (table.processes().stream().anyMatch(process -> process.pid() == pid)) {
        return table;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    return fail("process " + pid + " was not listed within " + DEADLINE);
  }

  private static Verdict await(dev.twoqueue.Gate gate, Predicate<Verdict> wanted) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    Verdict last = gate.look(sweep());
    while (!wanted.test(last)) {
      if (System.nanoTime() > deadline) {
        return fail("not within " + DEADLINE + ", last: " + last);
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      last = gate.look(sweep());
    }
    return last;
  }

  private static String text(Verdict verdict) {
    return verdict instanceof Verdict.Hold hold ? hold.reason() : ((Verdict.Proceed) verdict).saw();
  }
}
