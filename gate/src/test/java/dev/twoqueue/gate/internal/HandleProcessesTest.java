package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.gate.HostProcess;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandleProcessesTest {
  private static final String PRINTED =
      """
          1 /sbin/launchd
       5200 /opt/homebrew/bin/ollama pull  llama3.3:70b
      not a line
       5300
      """;

  private final AtomicInteger asked = new AtomicInteger();
  private final HandleProcesses processes =
      new HandleProcesses(
          () -> {
            asked.incrementAndGet();
            return PRINTED;
          });

  private static HostProcess hidden(long pid, long started) {
    return new HostProcess(
        pid,
        OptionalLong.of(1),
        "",
        Optional.empty(),
        Optional.of(Instant.ofEpochSecond(started)),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  @Test
  void of_another_user_s_process_ps_tells_name_and_command_line() {
    HostProcess pull = processes.complete(List.of(hidden(5200, 1))).get(0);

    assertEquals("ollama", pull.name());
    assertEquals(
        Optional.of(List.of("/opt/homebrew/bin/ollama", "pull", "llama3.3:70b")),
        pull.commandLine());
    assertEquals(OptionalLong.of(1), pull.parent());
  }

  @Test
  void each_process_is_asked_for_once() {
    processes.complete(List.of(hidden(5200, 1), hidden(5300, 1)));
    processes.complete(List.of(hidden(5200, 1), hidden(5300, 1)));
    assertEquals(1, asked.get());

    processes.complete(List.of(hidden(5200, 2))); // another one under the same id
    assertEquals(2, asked.get());
  }

  @Test
  void what_ps_does_not_tell_stays_hidden() {
    assertEquals(
        Optional.empty(), processes.complete(List.of(hidden(5300, 1))).get(0).commandLine());
    HandleProcesses without =
        new HandleProcesses(
            () -> {
              throw new IOException("no ps");
            });
    assertEquals(List.of(hidden(5200, 1)), without.complete(List.of(hidden(5200, 1))));
  }
}
