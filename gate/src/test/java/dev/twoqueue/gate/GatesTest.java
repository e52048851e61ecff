package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.needing;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.refuses;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class GatesTest {
  private final AtomicInteger closed = new AtomicInteger();
  private final Gate leasing =
      named("leasing", Verdict.proceed().withLease(closed::incrementAndGet));

  private static Gate named(String name, Verdict verdict) {
    return named(name, request -> verdict);
  }

  private static Gate named(String name, Gate gate) {
    return new Gate() {
      @Override
      public Verdict look(GateRequest request) throws Exception {
        return gate.look(request);
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  private static MemoryForecast forecast(long free) {
    return new MemoryForecast(
        WorkingSet.exactly("weights", 10), new MemoryBudget(100, free, 0, List.of(), "a test"));
  }

  @Test
  void all_proceed_with_what_each_saw_and_the_tightest_forecast() throws Exception {
    Gate all =
        Gates.all(
            named("a", Verdict.proceed("cool")),
            named("b", Verdict.proceed("roomy", forecast(60))),
            named("c", Verdict.proceed("", forecast(50)).withLookAgainAfter(Duration.ofSeconds(9))),
            named("d", Verdict.proceed().withLookAgainAfter(Duration.ofSeconds(3))));

    Verdict.Proceed proceed = (Verdict.Proceed) all.look(sweep());

    assertEquals("a: cool; b: roomy", proceed.saw());
    assertEquals(Optional.of(forecast(50)), proceed.forecast());
    assertEquals(Optional.of(Duration.ofSeconds(3)), proceed.lookAgainAfter());
    assertSame(Lease.NONE, proceed.lease());
  }

  @Test
  void one_hold_holds_with_all_reasons_the_longest_wait_and_the_broadest_scope() throws Exception {
    Gate all =
        Gates.all(
            named("a", Verdict.proceed("fine")),
            named("b", Verdict.hold("full", Duration.ofSeconds(30))),
            named("c", Verdict.holdClass("busy", Duration.ofSeconds(2))));

    Verdict.Hold hold = holds(all.look(sweep()));

    assertEquals("b: full; c: busy", hold.reason());
    assertEquals(Duration.ofSeconds(30), hold.lookAgainAfter());
    assertEquals(Verdict.Scope.CLASS, hold.scope());
  }

  @Test
  void one_refusal_refuses_whatever_the_others_say() throws Exception {
    Gate all =
        Gates.all(
            named("a", Verdict.holdClass("busy", Duration.ofSeconds(2))),
            named("b", new Verdict.Refuse("never", Optional.of(forecast(0)))),
            named("c", Verdict.proceed()));

    Verdict.Refuse refuse = refuses(all.look(sweep()));

    assertEquals("b: never", refuse.reason());
    assertTrue(refuse.forecast().isPresent());
  }

  @Test
  void leases_live_with_the_task_and_end_with_it() throws Exception {
    Verdict.Proceed proceed = (Verdict.Proceed) Gates.all(leasing, leasing).look(sweep());
    assertEquals(0, closed.get());

    proceed.lease().close();
    assertEquals(2, closed.get());
  }

  @Test
  void leases_are_given_back_when_another_gate_stands_in_the_way_or_an_error_ends_the_look()
      throws Exception {
    Gate broken =
        named(
            "broken",
            Verdict.proceed()
                .withLease(
                    () -> {
                      throw new IllegalStateException("cannot close");
                    }));
    Gate dying =
        request -> {
          throw new StackOverflowError("deep");
        };

    holds(
        Gates.all(broken, leasing, named("b", Verdict.hold("no", Duration.ofSeconds(1))))
            .look(sweep()));
    assertEquals(1, closed.get());
    refuses(Gates.all(leasing, named("b", Verdict.refuse("never"))).look(sweep()));
    assertEquals(2, closed.get());
    assertThrows(StackOverflowError.class, () -> Gates.all(leasing, dying).look(sweep()));
    assertEquals(3, closed.get());
  }

  @Test
  void a_gate_that_throws_or_answers_null_holds_and_the_others_are_asked_all_the_same()
      throws Exception {
    Gate throwing =
        named(
            "throwing",
            request -> {
              throw new IllegalStateException("out of order");
            });

    Verdict.Hold hold =
        holds(Gates.all(throwing, named("silent", request -> null), leasing).look(sweep()));

    assertEquals(
        "throwing: cannot tell: it failed: IllegalStateException: out of order; silent: cannot"
            + " tell: it answered null",
        hold.reason());
    assertEquals(Verdict.Scope.CLASS, hold.scope());
    assertEquals(1, closed.get());
  }

  @Test
  void an_interrupted_look_ends_as_such() {
    Gate interrupted =
        request -> {
          throw new InterruptedException();
        };

    assertThrows(InterruptedException.class, () -> Gates.all(leasing, interrupted).look(sweep()));
    assertEquals(1, closed.get());
  }

  private static Gate onHost(FakeHost host) {
    return HostGates.builder()
        .load(LoadGate.standard().withFigures(host))
        .processes(ProcessGate.standard().withFigures(host))
        .disk(DiskGate.on(host))
        .memory(MemoryGate.of(HostMemory.of(host::memory)))
        .build();
  }

  @Test
  void the_host_s_gate_shows_all_four_and_the_forecast() throws Exception {
    Verdict verdict = onHost(new FakeHost()).look(needing(WorkingSet.exactly("weights", 1), 0));

    String saw = proceeds(verdict);
    for (String part : List.of("load: ", "processes: ", "disk: ", "memory: ")) {
      assertTrue(saw.contains(part), saw);
    }
    assertTrue(((Verdict.Proceed) verdict).forecast().isPresent());
    assertEquals("host", HostGates.standard().name());
  }

  /** Any combination of figures that fail or are missing, as long as it is one, never proceeds. */
  @Property(tries = 512)
  void no_combination_of_failing_figures_proceeds(
      @ForAll boolean noCores,
      @ForAll boolean noLoad,
      @ForAll boolean processesFail,
      @ForAll boolean memoryFails,
      @ForAll boolean noDisk,
      @ForAll boolean diskFails)
      throws Exception {
    FakeHost host = new FakeHost();
    host.cores = noCores ? OptionalInt.empty() : host.cores;
    host.ticksKnown = !noLoad;
    host.average = noLoad ? OptionalDouble.empty() : host.average;
    host.processesFail = processesFail;
    host.memoryFails = memoryFails;
    host.disk = noDisk ? DiskState.of(OptionalLong.empty()) : host.disk;
    host.diskFails = diskFails;
    boolean somethingFails =
        noCores || noLoad || processesFail || memoryFails || noDisk || diskFails;

    Verdict verdict = onHost(host).look(sweep());

    assertEquals(somethingFails, verdict instanceof Verdict.Hold, verdict::toString);
  }

  @Test
  void parts_can_be_replaced_and_left_out() throws Exception {
    Gate processesAlone =
        HostGates.builder()
            .withoutLoad()
            .withoutDisk()
            .withoutMemory()
            .processes(named("mine", Verdict.proceed("nobody")))
            .build();

    assertEquals("mine: nobody", proceeds(processesAlone.look(sweep())));
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(IllegalArgumentException.class, () -> Gates.all());
    assertThrows(IllegalArgumentException.class, () -> Gates.all(" ", List.of(leasing)));
    assertThrows(IllegalArgumentException.class, () -> Gates.all(named(" ", Verdict.proceed())));
    assertTrue(
        assertThrows(NullPointerException.class, () -> Gates.all(leasing, null))
            .getMessage()
            .startsWith("gates[1]"));
    assertThrows(NullPointerException.class, () -> HostGates.builder().load(null));
    HostGates.Builder empty =
        HostGates.builder().withoutLoad().withoutProcesses().withoutDisk().withoutMemory();
    assertThrows(IllegalArgumentException.class, empty::build);
  }
}
