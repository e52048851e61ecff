package dev.twoqueue.gate;

import static dev.twoqueue.gate.FakeHost.process;
import static dev.twoqueue.gate.FakeHost.reaping;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class LoadGateTest {
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final FakeHost host = new FakeHost();
  private final LoadGate gate = LoadGate.standard().withFigures(host);

  /** A second look, after a window in which others and we used so many cores. */
  private static Verdict lookAfter(
      LoadGate gate, FakeHost host, Duration time, double foreign, double own) throws Exception {
    gate.look(sweep());
    host.pass(time, foreign, own);
    return gate.look(sweep());
  }

  @Test
  void four_cores_of_twelve_are_the_default_limit() throws Exception {
    assertTrue(
        proceeds(lookAfter(gate, host, TWO_SECONDS, 3.99, 0))
            .contains("limit 4.00 (0.33 on each of 12 cores)"));

    Verdict.Hold hold = holds(lookAfter(gate, host, TWO_SECONDS, 4.0, 0));

    assertTrue(hold.reason().contains("others use 4.00 cores over the last 2.0 s"), hold.reason());
    assertEquals(Verdict.Scope.CLASS, hold.scope());
    assertEquals(Duration.ofSeconds(1), hold.lookAgainAfter());
  }

  @Test
  void an_absolute_limit_does_not_depend_on_the_cores() throws Exception {
    host.cores = OptionalInt.empty();
    LoadGate absolute = LoadGate.absolute(1.5).withFigures(host);

    proceeds(lookAfter(absolute, host, TWO_SECONDS, 1.4, 0));
    holds(lookAfter(absolute, host, TWO_SECONDS, 1.6, 0));
  }

  @Test
  void a_limit_per_core_needs_to_know_the_cores() throws Exception {
    host.cores = OptionalInt.empty();

    assertTrue(holds(gate.look(sweep())).reason().contains("cores is unknown"));
  }

  @Test
  void what_we_use_ourselves_leaves_no_tail_however_high_the_load_average() throws Exception {
    host.average = OptionalDouble.of(16);

    String saw = proceeds(lookAfter(gate, host, TWO_SECONDS, 0.1, 11));

    assertTrue(saw.contains("we 11.00; 1-minute load average 16.00"), saw);
  }

  @Test
  void children_and_model_servers_with_their_runners_are_ours() throws Exception {
    host.others.addAll(
        List.of(
            process(200, FakeHost.SELF, 0, "python3", "train.py"),
            process(201, 200, 0, "cc1"),
            process(300, 1, 0, "/usr/bin/ollama", "serve"),
            process(301, 300, 0, "/usr/lib/llama-server", "--port", "4711")));
    gate.look(sweep());
    host.pass(TWO_SECONDS, 0, 0);
    host.busy(4 * 5.0);
    host.others.replaceAll(
        p -> process(p.pid(), p.parent().getAsLong(), 5, p.commandLine().get().get(0)));

    assertTrue(proceeds(gate.look(sweep())).contains("others use 0.00"));
  }

  @Test
  void a_model_server_that_is_not_declared_is_foreign() throws Exception {
    LoadGate strict = gate.withModelServers(List.of());
    host.others.add(process(300, 1, 0, "ollama", "serve"));
    strict.look(sweep());
    host.pass(TWO_SECONDS, 0, 0);
    host.busy(10);
    host.others.set(0, process(300, 1, 10, "ollama", "serve"));

    holds(strict.look(sweep()));
  }

  @Test
  void a_child_that_ended_is_still_ours_where_the_system_keeps_the_account() throws Exception {
    host.others.add(reaping(200, FakeHost.SELF, 1, 0, "bash"));
    host.others.add(process(201, 200, 3600, "cc1"));
    gate.look(sweep());
    host.pass(TWO_SECONDS, 0, 0);
    host.busy(20);
    host.others.clear();
    host.others.add(reaping(200, FakeHost.SELF, 1, 3620, "bash")); // 201 ended after 20 s more

    assertTrue(proceeds(gate.look(sweep())).contains("(we 10.00"));
  }

  @Test
  void a_pid_that_is_used_again_by_another_is_not_the_child_that_ended() throws Exception {
    host.others.add(reaping(200, FakeHost.SELF, 1, 0, "bash"));
    host.others.add(process(201, 200, 3600, "cc1"));
    gate.look(sweep());
    host.pass(TWO_SECONDS, 6, 0);
    host.others.clear();
    host.others.add(reaping(200, FakeHost.SELF, 1, 3600, "bash"));
    host.others.add(startedLater(process(201, 1, 12, "blender")));

    assertTrue(holds(gate.look(sweep())).reason().contains("others use 6.00 cores"));
  }

  private static HostProcess startedLater(HostProcess process) {
    return new HostProcess(
        process.pid(),
        process.parent(),
        process.name(),
        process.commandLine(),
        process.started().map(time -> time.plusSeconds(3600)),
        process.cpuNanos(),
        process.reapedCpuNanos());
  }

  @Test
  void a_child_that_ended_elsewhere_holds_for_one_window_and_never_by_its_whole_life()
      throws Exception {
    host.others.add(process(200, FakeHost.SELF, 3600, "worker"));
    gate.look(sweep());
    host.pass(TWO_SECONDS, 0, 0);
    host.busy(10);
    host.others.clear();

    String reason = holds(gate.look(sweep())).reason();

    assertTrue(reason.contains("others use 5.00 cores"), reason);
    host.pass(TWO_SECONDS, 0, 0);
    proceeds(gate.look(sweep()));
  }

  @Test
  void what_a_process_did_before_it_became_ours_is_not_excused() throws Exception {
    host.others.add(process(200, 1, 0, "sh", "start-server"));
    gate.look(sweep());
    host.pass(TWO_SECONDS, 0, 0);
    host.busy(10);
    host.others.set(0, process(200, 1, 10, "ollama", "serve")); // it has called exec since

    holds(gate.look(sweep()));
  }

  @Test
  void the_window_is_the_one_nearest_to_two_seconds() throws Exception {
    for (double cores : new double[] {12, 12, 1, 1, 1}) { // one look a second, the newest last
      gate.look(sweep());
      host.pass(Duration.ofSeconds(1), cores, 0);
    }

    assertTrue(proceeds(gate.look(sweep())).contains("others use 1.00 cores over the last 2.0 s"));
  }

  @Test
  void a_look_without_an_earlier_one_waits_for_its_second_reading() throws Exception {
    host.average = OptionalDouble.of(16); // our own, a while ago

    assertTrue(proceeds(gate.look(sweep())).contains("over the last 0.6 s"));
    assertEquals(Duration.ofMillis(600).toNanos(), host.nanoTime());

    FakeHost busy = new FakeHost();
    busy.foreignWhilePaused = 12; // a load that has just begun, which the average does not show
    busy.average = OptionalDouble.of(0.1);
    holds(LoadGate.standard().withFigures(busy).look(sweep()));
  }

  @Test
  void half_a_second_is_window_enough_and_less_is_not() throws Exception {
    gate.look(sweep());
    long before = host.nanoTime();
    gate.look(sweep());
    assertEquals(before, host.nanoTime(), "no wait where there is a window");
  }

  @Test
  void a_load_that_is_long_over_does_not_dilute_one_that_has_begun() throws Exception {
    gate.look(sweep());
    host.pass(Duration.ofMinutes(10), 0, 0);
    host.foreignWhilePaused = 12;

    assertTrue(holds(gate.look(sweep())).reason().contains("others use 12.00"));
  }

  @Test
  void a_counter_that_runs_backwards_begins_a_new_window() throws Exception {
    gate.look(sweep());
    host.pass(TWO_SECONDS, 12, 0);
    host.busy(-500);

    assertTrue(proceeds(gate.look(sweep())).contains("over the last 0.6 s"));
  }

  @Test
  void without_cpu_time_the_load_average_decides_and_without_both_it_holds() throws Exception {
    host.ticksKnown = false;
    assertTrue(proceeds(gate.look(sweep())).contains("at least 0.00 of it ours"));

    host.average = OptionalDouble.of(4);
    holds(gate.look(sweep()));

    host.average = OptionalDouble.of(Double.NaN);
    holds(gate.look(sweep()));

    host.average = OptionalDouble.empty();
    assertTrue(holds(gate.look(sweep())).reason().contains("neither CPU time nor a load average"));
  }

  @Test
  void processes_that_cannot_be_listed_hold() throws Exception {
    host.processesFail = true;

    assertTrue(holds(gate.look(sweep())).reason().contains("no processes today"));
  }

  @Property(tries = 500)
  void more_foreign_load_never_turns_a_hold_into_a_proceed(
      @ForAll @DoubleRange(min = 0, max = 24) double foreign,
      @ForAll @DoubleRange(min = 0, max = 24) double more,
      @ForAll @DoubleRange(min = 0, max = 12) double own,
      @ForAll @IntRange(min = 500, max = 5000) int windowMillis)
      throws Exception {
    Verdict less = windowed(foreign, own, windowMillis);
    Verdict greater = windowed(foreign + more, own, windowMillis);

    assertTrue(less instanceof Verdict.Proceed || greater instanceof Verdict.Hold);
    assertTrue(foreign >= 3.999 || less instanceof Verdict.Proceed, less::toString);
  }

  private static Verdict windowed(double foreign, double own, int millis) throws Exception {
    FakeHost host = new FakeHost();
    LoadGate gate = LoadGate.standard().withFigures(host);
    return lookAfter(gate, host, Duration.ofMillis(millis), foreign, own);
  }

  @Test
  void wrong_arguments_are_named() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> LoadGate.absolute(wrong))
              .getMessage()
              .startsWith("cores"));
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> LoadGate.perCore(wrong))
              .getMessage()
              .startsWith("share"));
    }
    assertThrows(IllegalArgumentException.class, () -> gate.withModelServers(List.of(" ")));
    assertThrows(
        NullPointerException.class, () -> gate.withModelServers(Arrays.asList("ollama", null)));
    assertThrows(NullPointerException.class, () -> gate.withFigures(null));
    assertThrows(NullPointerException.class, () -> gate.look(null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ProcessTable(0, OptionalLong.empty(), 7, List.of()));
  }
}
