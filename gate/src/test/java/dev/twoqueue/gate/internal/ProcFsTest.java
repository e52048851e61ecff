package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.twoqueue.gate.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class ProcFsTest {
  private static final Instant BOOT = Instant.parse("2026-05-13T08:00:00Z");

  @TempDir Path proc;

  private List<HostProcess> read() throws IOException {
    return new ProcFs(proc, 100, BOOT).read();
  }

  private void process(long pid, String stat, String commandLine) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.writeString(folder.resolve("stat"), stat);
    Files.writeString(folder.resolve("cmdline"), commandLine);
  }

  /** Fields as in proc_pid_stat(5): 3 state, 4 parent, 9 flags, 14 to 17 CPU ticks, 22 start. */
  private static String stat(long pid, String name, String state, long parent, long flags) {
    return pid
        + " ("
        + name
        + ") "
        + state
        + " "
        + parent
        + " 1 1 0 -1 "
        + flags
        + " 9 9 9 9 150 50 700 300 20 0 1 0 6000 4096 1 18446744073709551615 1 1\n";
  }

  @Test
  void reads_a_process() throws IOException {
    process(42, stat(42, "odd) (name", "S", 7, 4194304), "/bin/x\0--a b\0\0last\0");

    assertEquals(
        List.of(
            new HostProcess(
                42,
                OptionalLong.of(7),
                "odd) (name",
                Optional.of(List.of("/bin/x", "--a b", "", "last")),
                Optional.of(BOOT.plusSeconds(60)),
                OptionalLong.of(2_000_000_000L),
                OptionalLong.of(10_000_000_000L))),
        read());
  }

  @Test
  void leaves_out_kernel_threads_and_what_is_no_process() throws IOException {
    process(2, stat(2, "kthreadd", "S", 0, 0x208040), "");
    Files.createDirectories(proc.resolve("self"));

    assertEquals(List.of(), read());
  }

  @Test
  void one_that_has_ended_has_no_command_line_and_one_that_is_hidden_an_unknown_one()
      throws IOException {
    process(42, stat(42, "oracle_dispatch", "Z", 7, 0), "");
    assertEquals(Optional.of(List.of()), read().get(0).commandLine());

    Files.delete(proc.resolve("42/cmdline"));
    assertEquals(Optional.empty(), read().get(0).commandLine());

    Files.delete(proc.resolve("42/stat"));
    assertEquals("", read().get(0).name());
    assertEquals(OptionalLong.empty(), read().get(0).cpuNanos());
  }

  @Test
  void cuts_a_huge_command_line_and_keeps_its_beginning() throws IOException {
    process(42, stat(42, "x", "S", 7, 0), "ollama\0pull\0" + "x".repeat(1_000_000));

    List<String> words = read().get(0).commandLine().orElseThrow();

    assertEquals(List.of("ollama", "pull"), words.subList(0, 2));
    assertEquals(3, words.size());
  }

  @Test
  void a_status_in_another_form_is_a_failure_and_not_a_guess() throws IOException {
    for (String wrong :
        List.of(
            "", "42 x S 7", "42 (x) S 7 1 1", stat(42, "x", "S", 7, 0).replace("6000", "soon"))) {
      process(42, wrong, "x\0");

      assertThrows(IOException.class, this::read, wrong);
    }
  }
}
