package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.gate.HostFigures;
import dev.twoqueue.gate.HostProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import oshi.SystemInfo;

/** What every way to list processes must tell of this one, on this machine. */
class ProcessReaderContractTest {

  static Stream<ProcessReader> readers() {
    return Stream.of(
        () -> HostFigures.live().processTable().processes(),
        new HandleProcesses(),
        new OshiProcesses(new SystemInfo().getOperatingSystem()));
  }

  @ParameterizedTest
  @MethodSource("readers")
  void tells_of_this_process_what_the_jdk_does(ProcessReader reader) throws IOException {
    ProcessHandle handle = ProcessHandle.current();

    HostProcess self = self(reader.read());

    assertEquals(
        handle.parent().map(ProcessHandle::pid).orElse(-1L), self.parent().orElse(-1), "parent");
    assertTrue(self.name().startsWith("java"), self.name());
    List<String> commandLine = self.commandLine().orElseThrow();
    assertTrue(commandLine.get(0).contains("java"), commandLine::toString);
    assertTrue(commandLine.size() > 1, commandLine::toString);
    Instant started = handle.info().startInstant().orElseThrow();
    assertTrue(
        Duration.between(started, self.started().orElseThrow()).abs().toSeconds() < 5,
        self::toString);
    Duration used = handle.info().totalCpuDuration().orElseThrow();
    Duration told = Duration.ofNanos(self.cpuNanos().orElseThrow());
    assertFalse(told.isZero());
    assertTrue(told.compareTo(used.plusSeconds(1)) < 0, told + " against " + used);
  }

  @ParameterizedTest
  @MethodSource("readers")
  void names_a_process_the_same_way_twice(ProcessReader reader) throws IOException {
    HostProcess first = self(reader.read());
    HostProcess second = self(reader.read());

    assertEquals(first.started(), second.started());
    assertEquals(first.commandLine(), second.commandLine());
    assertTrue(second.cpuNanos().orElseThrow() >= first.cpuNanos().orElseThrow());
  }

  private static HostProcess self(List<HostProcess> processes) {
    long pid = ProcessHandle.current().pid();
    return processes.stream().filter(process -> process.pid() == pid).findFirst().orElseThrow();
  }
}
