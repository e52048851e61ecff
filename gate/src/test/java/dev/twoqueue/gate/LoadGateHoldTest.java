package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.at;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest.Stage;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** How a hold of the load begins, ages and ends. */
@NullUnmarked
class LoadGateHoldTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeHost host = new FakeHost();
  private final LoadGate gate = LoadGate.standard().withFigures(host);

  /** A look after so long under such a load, which filled the window before. */
  private Verdict under(LoadGate gate, FakeHost host, double foreign, Duration time)
      throws Exception {
    for (long left = time.toSeconds(); left > 0; left--) {
      gate.look(sweep());
      host.pass(SECOND, foreign, 0);
    }
    return gate.look(sweep());
  }

  @Test
  void a_hold_lets_go_below_four_fifths_of_the_limit() throws Exception {
    proceeds(under(gate, host, 3.9, Duration.ofSeconds(4)));
    holds(under(gate, host, 4.1, Duration.ofSeconds(4)));
    assertTrue(
        holds(under(gate, host, 3.3, Duration.ofSeconds(4)))
            .reason()
            .contains("lets go below 80 %"));
    proceeds(under(gate, host, 3.1, Duration.ofSeconds(4)));
    proceeds(under(gate, host, 3.9, Duration.ofSeconds(4)));
  }

  @Test
  void a_hold_tells_its_age_and_its_looks_back_off() throws Exception {
    host.foreignWhilePaused = 12;
    assertFalse(holds(gate.look(sweep())).reason().contains("held for"));

    Verdict.Hold later = holds(under(gate, host, 12, Duration.ofSeconds(6)));
    assertTrue(later.reason().contains("; held for 6.0 s"), later.reason());
    assertEquals(Duration.ofMillis(1500), later.lookAgainAfter());

    Verdict.Hold latest = holds(under(gate, host, 12, Duration.ofSeconds(200)));
    assertTrue(latest.reason().contains("; held for 3 min"), latest.reason());
    assertEquals(Duration.ofSeconds(2), latest.lookAgainAfter());
  }

  @Test
  void a_hold_that_nobody_waited_through_begins_anew() throws Exception {
    holds(under(gate, host, 12, Duration.ofSeconds(6)));
    host.pass(Duration.ofMinutes(10), 12, 0);
    host.foreignWhilePaused = 12;

    assertFalse(holds(gate.look(sweep())).reason().contains("held for"));
  }

  /** The load of two seconds and more, over a random walk around the limit. */
  @Property(tries = 200)
  void a_load_that_swings_within_the_band_never_makes_it_flap(
      @ForAll @Size(60) List<@DoubleRange(min = 3.21, max = 4.79) Double> loads) throws Exception {
    FakeHost fresh = new FakeHost();
    LoadGate its = LoadGate.standard().withFigures(fresh);
    int changes = 0;
    boolean held = false;
    for (double load : loads) {
      fresh.pass(SECOND, load, 0);
      boolean holds = its.look(sweep()) instanceof Verdict.Hold;
      changes += holds == held ? 0 : 1;
      held = holds;
    }
    assertTrue(changes <= 1, changes + " changes: never back below 80 % of the limit");
  }

  @Test
  void a_load_that_swings_around_the_limit_every_second_holds_once() throws Exception {
    int changes = 0;
    boolean held = false;
    for (int i = 0; i < 120; i++) {
      host.pass(SECOND, i % 2 == 0 ? 8 : 0.5, 0); // 4.25 over two seconds
      boolean holds = gate.look(sweep()) instanceof Verdict.Hold;
      changes += holds == held ? 0 : 1;
      held = holds;
    }
    assertEquals(1, changes);
  }

  /** In a sequence of looks as well, where hysteresis remembers: more load at no time helps. */
  @Property(tries = 200)
  void a_heavier_sequence_never_proceeds_where_the_lighter_one_holds(
      @ForAll @Size(30) List<@DoubleRange(min = 0, max = 8) Double> loads,
      @ForAll @Size(30) List<@DoubleRange(min = 0, max = 4) Double> more)
      throws Exception {
    FakeHost lighter = new FakeHost();
    FakeHost heavier = new FakeHost();
    LoadGate one = LoadGate.standard().withFigures(lighter);
    LoadGate other = LoadGate.standard().withFigures(heavier);
    for (int i = 0; i < loads.size(); i++) {
      lighter.pass(SECOND, loads.get(i), 1);
      heavier.pass(SECOND, loads.get(i) + more.get(i), 1);
      boolean holds = one.look(sweep()) instanceof Verdict.Hold;
      boolean alsoHolds = other.look(sweep()) instanceof Verdict.Hold;
      assertTrue(!holds || alsoHolds, "look " + i);
    }
  }

  @Test
  void a_machine_that_is_never_quiet_holds_for_ever_unless_the_policy_lets_one_through()
      throws Exception {
    holds(under(gate, host, 12, Duration.ofMinutes(30)));

    FakeHost noisy = new FakeHost();
    noisy.foreignWhilePaused = 12;
    LoadGate patient =
        LoadGate.standard().withFigures(noisy).lettingOneThroughAfter(Duration.ofMinutes(1));
    holds(under(patient, noisy, 12, Duration.ofSeconds(58)));
    noisy.pass(Duration.ofSeconds(2), 12, 0);
    assertTrue(proceeds(patient.look(at(Stage.EARLY))).contains("let through by policy"));
    proceeds(patient.look(at(Stage.PREVIEW))); // neither begins the time anew
    assertTrue(proceeds(patient.look(at(Stage.FINAL))).contains("held for 60.0 s"));

    assertFalse(holds(patient.look(at(Stage.FINAL))).reason().contains("held for"));
    holds(under(patient, noisy, 12, Duration.ofSeconds(58)));
  }

  @Test
  void the_policy_lets_nothing_through_where_the_load_is_unknown() throws Exception {
    LoadGate patient = gate.lettingOneThroughAfter(Duration.ofSeconds(10));
    host.processesFail = true;
    for (int i = 0; i < 60; i++) {
      holds(patient.look(sweep()));
      host.pass(SECOND, 0, 0);
    }
  }

  @Test
  void what_was_known_once_lets_nothing_through_when_it_is_unknown_now() throws Exception {
    LoadGate patient = gate.lettingOneThroughAfter(Duration.ofSeconds(10));
    holds(under(patient, host, 12, Duration.ofSeconds(5)));
    host.processesFail = true;

    for (int i = 0; i < 60; i++) {
      holds(patient.look(sweep()));
      host.pass(SECOND, 12, 0);
    }
  }

  @Test
  void without_any_figure_the_policy_lets_nothing_through() throws Exception {
    LoadGate patient = gate.lettingOneThroughAfter(Duration.ofSeconds(10));
    host.ticksKnown = false;
    host.average = OptionalDouble.empty();

    for (int i = 0; i < 60; i++) {
      holds(patient.look(sweep()));
      host.pass(SECOND, 0, 0);
    }
  }

  @Test
  void tasks_that_stand_still_for_the_disk_or_for_memory_hold() throws Exception {
    gate.look(sweep());
    host.pass(Duration.ofSeconds(2), 0, 0);
    host.stalls = Optional.of(stalled(0, 1.1, 0));
    assertTrue(holds(gate.look(sweep())).reason().contains("stalled for disk 55 %"));

    FakeHost swapping = new FakeHost();
    LoadGate other = LoadGate.standard().withFigures(swapping);
    other.look(sweep());
    swapping.pass(Duration.ofSeconds(2), 0, 0);
    swapping.stalls = Optional.of(stalled(1.9, 0.9, 0.1));
    proceeds(other.look(sweep())); // a processor's stalls are shown and do not decide
    swapping.pass(Duration.ofSeconds(2), 0, 0);
    swapping.stalls = Optional.of(stalled(1.9, 0.9, 0.4));
    holds(other.look(sweep()));
  }

  @Test
  void stalls_of_an_own_task_are_past_within_the_window() throws Exception {
    gate.look(sweep());
    host.pass(Duration.ofMinutes(2), 0, 11);
    host.stalls = Optional.of(stalled(100, 100, 30));

    proceeds(gate.look(sweep())); // the window begins after it
  }

  private static Stalls stalled(double cpu, double io, double memory) {
    return new Stalls((long) (cpu * 1e9), (long) (io * 1e9), (long) (memory * 1e9));
  }

  @Test
  void without_cpu_time_our_own_share_of_the_load_average_is_taken_off() throws Exception {
    host.ticksKnown = false;
    host.average = OptionalDouble.of(1);
    gate.look(sweep());
    host.pass(Duration.ofMinutes(10), 0, 12); // a heavy task of ours, on all cores
    host.average = OptionalDouble.of(12);

    assertTrue(proceeds(gate.look(sweep())).contains("at least 12.00 of it ours"));

    host.pass(Duration.ofMinutes(1), 12, 0); // others take over: 12 / e is still ours of it
    assertTrue(holds(gate.look(sweep())).reason().contains("12.00, at least 4.41 of it ours"));
  }

  @Test
  void wrong_policies_are_named() {
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> gate.lettingOneThroughAfter(Duration.ZERO))
            .getMessage()
            .startsWith("time"));
    assertThrows(IllegalArgumentException.class, () -> gate.withStallLimits(0, 1));
    assertThrows(IllegalArgumentException.class, () -> gate.withStallLimits(1, Double.NaN));
  }
}
