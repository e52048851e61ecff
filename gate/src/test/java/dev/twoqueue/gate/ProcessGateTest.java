package dev.twoqueue.gate;

import static dev.twoqueue.gate.FakeHost.SELF;
import static dev.twoqueue.gate.FakeHost.process;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class ProcessGateTest {
  private final FakeHost host = new FakeHost();
  private final ProcessGate gate = ProcessGate.standard().withFigures(host);

  @Test
  void the_hold_says_who_what_and_since_when() throws Exception {
    host.others.add(process(200, 1, 0, "ollama", "pull", "llama3.3:70b"));

    Verdict.Hold hold = holds(gate.look(sweep()));

    assertEquals(
        "ollama pull runs: pid 200, since 2026-05-13T08:03:20Z: ollama pull llama3.3:70b; as of 0.0"
            + " s ago",
        hold.reason());
    assertEquals(Verdict.Scope.CLASS, hold.scope());
    assertEquals(Duration.ofSeconds(1), hold.lookAgainAfter());
  }

  @Test
  void many_are_counted_and_the_first_ones_shown() throws Exception {
    for (long pid = 200; pid < 210; pid++) {
      host.others.add(process(pid, 1, 0, "pytest"));
    }

    assertTrue(holds(gate.look(sweep())).reason().contains("| and 7 more;"));
  }

  @Test
  void descendants_and_ancestors_of_ours_do_not_count_but_siblings_do() throws Exception {
    host.others.add(process(1, 0, 0, "init"));
    host.others.add(process(200, SELF, 0, "bash"));
    host.others.add(process(201, 200, 0, "ollama", "pull", "x"));
    proceeds(gate.look(sweep()));

    FakeHost inTests = new FakeHost();
    inTests.others.add(process(1, 0, 0, "pytest")); // the parent of ours in the fake host
    proceeds(gate.withFigures(inTests).look(sweep()));

    inTests.others.add(process(300, 1, 0, "pytest"));
    assertTrue(holds(gate.withFigures(inTests).look(sweep())).reason().contains("pid 300"));
  }

  @Test
  void a_parent_that_began_after_its_child_is_another_process_under_the_same_id() throws Exception {
    // Began 50 s after the host, so before ours: the id of its parent, which ended, is ours now.
    host.others.add(process(50, SELF, 0, "pytest"));

    holds(gate.look(sweep()));
  }

  @Test
  void parents_in_a_circle_end_the_search() throws Exception {
    host.others.add(process(1, SELF, 0, "pytest"));
    host.others.add(process(201, 202, 0, "vim"));
    host.others.add(process(202, 201, 0, "vim"));

    proceeds(gate.look(sweep()));
  }

  @Test
  void processes_that_hide_what_they_run_are_counted_and_hold_where_they_may_be_it()
      throws Exception {
    host.others.add(FakeHost.hidden(300, "python3"));
    assertTrue(proceeds(gate.look(sweep())).contains("1 do not show their command line"));

    host.others.add(FakeHost.hidden(301, "ollama"));
    assertTrue(holds(gate.look(sweep())).reason().contains("may be something else"));
  }

  @Test
  void a_list_that_cannot_be_read_holds() throws Exception {
    host.processesFail = true;

    assertTrue(holds(gate.look(sweep())).reason().contains("no processes today"));
  }

  @Test
  void rules_of_the_hosts_own_replace_the_defaults() throws Exception {
    host.others.add(process(200, 1, 0, "pytest"));
    ProcessGate own = ProcessGate.of(List.of(ProcessRule.of("blender"))).withFigures(host);
    proceeds(own.look(sweep()));

    host.others.add(process(201, 1, 0, "/opt/blender", "-b", "scene"));
    holds(own.look(sweep()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tool --api-key hunter2 go            | tool --api-key *** go",
        "tool --api-key=hunter2 go            | tool --api-key=*** go",
        "tool --hf_token hunter2              | tool --hf_token ***",
        "tool token=hunter2                   | tool token=***",
        "env HF_TOKEN=hunter2 tool            | env HF_TOKEN=*** tool",
        "env AWS_SECRET_ACCESS_KEY=hunter2 x  | env AWS_SECRET_ACCESS_KEY=*** x",
        "curl https://me:hunter2@host/x       | curl https://***@host/x",
        "curl https://hunter2@host/x          | curl https://***@host/x",
        "curl https://host/x?token=hunter2&a=1| curl https://host/x?token=***&a=1",
        "curl -H Authorization:~Bearer~hunter2| curl -H Authorization: ***",
        "curl -H X-Api-Key:hunter2            | curl -H X-Api-Key:***",
        "tool -d {\"apiKey\":~\"hunter2\"}    | tool -d {\"apiKey\": ***}",
        "tool --password hunter2              | tool --password ***",
        "tool Bearer~hunter2                  | tool Bearer ***",
        "tool hf_hunter2hunter2               | tool ***",
        "tool sk-hunter2-hunter2              | tool ***",
        "ollama pull llama3.3:70b             | ollama pull llama3.3:70b"
      })
  void obvious_secrets_are_masked(String line, String shown) {
    List<String> words = List.of(line.strip().split(" ", -1));

    String text = CommandText.of(words.stream().map(word -> word.replace('~', ' ')).toList());

    assertEquals(shown, text);
    assertFalse(text.contains("hunter2"), text);
  }

  @Test
  void a_command_is_one_short_line() {
    assertEquals("a b c", CommandText.of(List.of("a\n\tb", "\u001b\u202e", "c")));

    String cut = CommandText.of(List.of("x".repeat(118), "\uD83D\uDE80".repeat(1_000_000)));

    assertEquals("x".repeat(118) + "…", cut.replace(" ", ""));
    assertTrue(cut.length() <= CommandText.LONGEST);
    assertEquals(120, CommandText.of(List.of("y".repeat(120))).length());
  }

  @Test
  void wrong_arguments_are_named() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> ProcessGate.of(List.of()))
            .getMessage()
            .startsWith("rules"));
    assertThrows(NullPointerException.class, () -> ProcessGate.of(null));
    assertThrows(NullPointerException.class, () -> gate.withFigures(null));
    assertThrows(NullPointerException.class, () -> gate.look(null));
    assertThrows(IllegalArgumentException.class, () -> process(-1, 0, 0, "x"));
  }
}
