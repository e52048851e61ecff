package dev.twoqueue.gate.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskCancelledException;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskFailedException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.classify.UnknownPolicy;
import dev.twoqueue.gate.classify.WorkClass;
import dev.twoqueue.gate.classify.WorkClassifier;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the processes are shell scripts")
@NullUnmarked // nulls are passed on purpose
class ScheduledProcessTest {
  private final TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
  private final Path folder;

  ScheduledProcessTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  private ScheduledProcess.Builder shell(String script) {
    return ScheduledProcess.builder(
            new ProcessBuilder("sh", "-c", script).directory(folder.toFile()))
        .localHeavy(LocalKind.OTHER);
  }

  private static void eventually(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("did not come about: " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  private long pid(String file) {
    Path path = folder.resolve(file);
    eventually("the script wrote " + file, () -> !read(path).isBlank());
    return Long.parseLong(read(path).strip());
  }

  private static String read(Path path) {
    try {
      return Files.exists(path) ? Files.readString(path) : "";
    } catch (java.io.IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static List<String> outputThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("two-queue-output-"))
        .toList();
  }

  @Test
  void success_is_a_value_with_the_code_and_the_last_lines() {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    ScheduledProcess process =
        shell("echo one; echo two >&2; printf three").onLine(lines::add).linesKept(2).build();

    ProcessExit exit = process.submitTo(scheduler).join();

    assertEquals(new ProcessExit(0, List.of("two", "three"), 0), exit);
    assertEquals(List.of("one", "two", "three"), List.copyOf(lines));
    assertEquals(exit, process.submitTo(scheduler).join(), "it can be submitted again");
  }

  @Test
  void another_exit_code_is_an_exception_with_the_code_and_the_last_lines() {
    TaskHandle<ProcessExit> handle =
        shell("echo 'no space left'; exit 3").name("build").build().submitTo(scheduler);

    TaskFailedException failed = assertThrows(TaskFailedException.class, handle::join);

    ProcessExitException exit = assertInstanceOf(ProcessExitException.class, failed.getCause());
    assertEquals(3, exit.code());
    assertEquals(List.of("no space left"), exit.lastLines());
    assertEquals("'build' ended with exit code 3; its last line: no space left", exit.getMessage());
  }

  @Test
  void a_process_runs_under_the_class_of_its_command() {
    List<String> log = Collections.synchronizedList(new ArrayList<>());

    // snippet: scheduled-process
    ScheduledProcess process =
        ScheduledProcess.builder(new ProcessBuilder("echo", "pytest"))
            .onLine(log::add)
            .grace(Duration.ofSeconds(10))
            .build();

    TaskHandle<ProcessExit> handle = process.submitTo(scheduler);
    // end snippet

    assertEquals(0, handle.join().code());
    assertEquals(List.of("pytest"), log);
    assertInstanceOf(WorkClass.Neither.class, process.work());
  }

  @Test
  void a_code_of_success_may_be_another() {
    assertEquals(1, shell("exit 1").successCodes(0, 1).build().submitTo(scheduler).join().code());
  }

  @Test
  void a_cancel_ends_the_tree_politely_where_it_heeds() {
    TaskHandle<ProcessExit> handle =
        shell(
                "trap 'echo bye > polite; exit 0' TERM;"
                    + " sh -c 'sleep 301 & echo $! > child; wait' & echo $$ > root; wait")
            .build()
            .submitTo(scheduler);
    long child = pid("child");
    long root = pid("root");

    handle.cancel("enough");

    assertThrows(TaskCancelledException.class, handle::join);
    assertEquals("bye", read(folder.resolve("polite")).strip());
    assertFalse(isAlive(root) || isAlive(child), "the slot was freed before the tree had ended");
  }

  @Test
  void a_cancel_ends_what_ignores_it_and_what_that_started_meanwhile() {
    TaskHandle<ProcessExit> handle =
        shell(
                "trap '' TERM; echo $$ > root; while :; do"
                    + " sh -c 'trap - TERM; echo $$ > child; exec sleep 302'; done")
            .grace(Duration.ofMillis(200))
            .build()
            .submitTo(scheduler);
    long root = pid("root");
    long first = pid("child");

    handle.cancel("enough");

    assertThrows(TaskCancelledException.class, handle::join);
    assertFalse(isAlive(root));
    assertFalse(isAlive(first) || isAlive(pid("child")), "a child was left behind");
  }

  @Test
  void an_ended_process_is_no_zombie_and_leaves_no_thread() {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    shell("echo $$").onLine(lines::add).build().submitTo(scheduler).join();

    long pid = Long.parseLong(lines.remove());
    assertTrue(ProcessHandle.of(pid).isEmpty());
    eventually("the thread ended", () -> outputThreads().isEmpty());
  }

  @Test
  void a_reader_that_throws_gets_the_next_line_and_hurts_nobody() {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    ProcessExit exit =
        shell("echo one; echo two")
            .onLine(
                line -> {
                  lines.add(line);
                  throw new IllegalStateException("a reader that throws");
                })
            .build()
            .submitTo(scheduler)
            .join();

    assertEquals(0, exit.code());
    assertEquals(List.of("one", "two"), List.copyOf(lines));
  }

  @Test
  void a_reader_that_hangs_holds_neither_the_process_nor_its_task() {
    CountDownLatch never = new CountDownLatch(1);
    TaskHandle<ProcessExit> handle =
        shell("yes 0123456789012345678901234567890123456789 | head -n 100000; echo end")
            .onLine(
                line -> {
                  try {
                    never.await();
                  } catch (InterruptedException told) {
                    Thread.currentThread().interrupt();
                  }
                })
            .linesKept(1)
            .build()
            .submitTo(scheduler);

    ProcessExit exit = handle.join();

    assertEquals(List.of("end"), exit.lastLines());
    assertEquals(100_000, exit.undeliveredLines());
    eventually("it was interrupted", () -> outputThreads().isEmpty());
  }

  @Test
  void a_slow_reader_gets_every_line() {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    ProcessExit exit =
        shell("i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); done")
            .onLine(
                line -> {
                  LockSupport.parkNanos(1_000_000);
                  lines.add(line);
                })
            .build()
            .submitTo(scheduler)
            .join();

    assertEquals(0, exit.undeliveredLines());
    assertEquals(IntStream.range(0, 300).mapToObj(Integer::toString).toList(), List.copyOf(lines));
  }

  @Test
  void the_classifier_chooses_the_queue_by_the_command_and_its_environment() {
    ScheduledProcess sweep = ScheduledProcess.of("python3", "-m", "pytest");
    ScheduledProcess oracle = ScheduledProcess.of("ollama", "run", "llama3.3:70b", "hi");
    ScheduledProcess pull = ScheduledProcess.of("ollama", "pull", "llama3.3:70b");
    ScheduledProcess agent = ScheduledProcess.of("claude", "-p", "hi");
    ProcessBuilder redirected = new ProcessBuilder("claude", "-p", "hi");
    redirected.environment().put("ANTHROPIC_BASE_URL", "http://localhost:11434");

    assertEquals(LocalKind.TEST_SWEEP, heavy(sweep).kind());
    assertEquals(Optional.empty(), heavy(sweep).residencyKey());
    assertEquals("llama3.3:70b", heavy(oracle).residencyKey().orElseThrow().model());
    assertEquals(Optional.empty(), heavy(pull).residencyKey(), "a pull needs no resident model");
    assertEquals(TaskClass.FLEET, agent.task().taskClass());
    assertEquals(LocalKind.ORACLE, heavy(ScheduledProcess.builder(redirected).build()).kind());
  }

  private static LocalHeavyTask<?> heavy(ScheduledProcess process) {
    return assertInstanceOf(LocalHeavyTask.class, process.task());
  }

  @Test
  void the_unknown_is_heavy_unless_the_policy_says_otherwise() {
    ProcessBuilder unknown = new ProcessBuilder("./nightly");
    WorkClassifier standard = WorkClassifier.standard();

    ScheduledProcess careful = ScheduledProcess.builder(unknown).build();
    ScheduledProcess trusting =
        ScheduledProcess.builder(unknown)
            .classifiedBy(standard.unknown(UnknownPolicy.fleet()))
            .build();

    assertInstanceOf(WorkClass.Unknown.class, careful.work());
    assertEquals(LocalKind.OTHER, heavy(careful).kind());
    assertEquals(TaskClass.FLEET, trusting.task().taskClass());
  }

  @Test
  void the_host_may_say_what_it_is() {
    ScheduledProcess process =
        ScheduledProcess.builder(new ProcessBuilder("./agent")).fleet("acme").build();

    assertEquals(TaskClass.FLEET, process.task().taskClass());
    assertEquals("agent", process.task().name());
  }

  @Test
  void input_and_environment_are_those_of_the_builder_at_that_time() throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "from a file\n");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "cat; echo $COLOUR").redirectInput(input.toFile());
    builder.environment().put("COLOUR", "red");
    ScheduledProcess process =
        ScheduledProcess.builder(builder).localHeavy(LocalKind.OTHER).build();
    builder.environment().put("COLOUR", "blue");

    assertEquals(List.of("from a file", "red"), process.submitTo(scheduler).join().lastLines());
  }

  @Test
  void wrong_arguments_are_named() {
    ProcessBuilder echo = new ProcessBuilder("echo");
    ScheduledProcess.Builder builder = ScheduledProcess.builder(echo);

    assertThrows(NullPointerException.class, () -> ScheduledProcess.builder(null));
    assertThrows(IllegalArgumentException.class, () -> ScheduledProcess.of());
    assertThrows(IllegalArgumentException.class, () -> builder.name(" "));
    assertThrows(IllegalArgumentException.class, () -> builder.fleet(" "));
    assertThrows(IllegalArgumentException.class, () -> builder.grace(Duration.ofSeconds(-1)));
    assertThrows(IllegalArgumentException.class, () -> builder.linesKept(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.successCodes());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ScheduledProcess.builder(new ProcessBuilder("echo").redirectOutput(new File("x")))
                .build());
  }
}
