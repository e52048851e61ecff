package dev.twoqueue.gate;

import static dev.twoqueue.gate.FakeHost.process;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is remembered of a process is its own, and gone with it. */
class PerProcessTest {
  private final List<Long> asked = new ArrayList<>();
  private final PerProcess<String> names =
      new PerProcess<>(
          process -> {
            asked.add(process.pid());
            return process.name();
          });

  @Test
  void a_process_that_stays_is_asked_about_once() {
    assertEquals("bash", names.of(process(7, 1, 0, "bash")));
    assertEquals("bash", names.of(process(7, 1, 99, "bash")));

    assertEquals(List.of(7L), asked);
  }

  @Test
  void what_is_gone_is_forgotten() {
    HostProcess self = process(FakeHost.SELF, 1, 0, "java");
    ProcessTable alone = new ProcessTable(0, OptionalLong.empty(), FakeHost.SELF, List.of(self));
    names.of(self);
    for (long pid = 200; pid < 210; pid++) {
      names.of(process(pid, 1, 0, "bash"));
    }
    asked.clear();

    names.keepOnly(alone);
    names.of(process(205, 1, 0, "bash"));
    names.of(self);

    assertEquals(List.of(205L), asked);
  }

  private static HostProcess ofUnknownStart(long pid, long parent) {
    return new HostProcess(
        pid,
        OptionalLong.of(parent),
        "bash",
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Where no start is told, a pid that was used again can close a circle. */
  @Test
  void parents_in_a_circle_whose_starts_are_unknown_end_the_search_too() {
    ProcessTable table =
        new ProcessTable(
            0,
            OptionalLong.empty(),
            FakeHost.SELF,
            List.of(ofUnknownStart(FakeHost.SELF, 200), ofUnknownStart(200, FakeHost.SELF)));

    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertEquals(0, table.treesOf(process -> false).cardinality());
          assertEquals(2, table.ancestorsOfSelf().cardinality());
        });
  }
}
