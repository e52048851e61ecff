package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.at;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.refuses;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.GateRequest.Stage;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** any, not, cached and with a timeout; all is in {@link GatesTest}. */
@NullUnmarked // nulls are passed on purpose
class GatesOfGatesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final Gate open = named("open", request -> Verdict.proceed("free"));
  private final Gate busy = named("busy", request -> Verdict.holdClass("in use", SECOND));
  private final Gate never = named("never", request -> Verdict.refuse("too large"));
  private final Gate broken =
      named(
          "broken",
          request -> {
            throw new IllegalStateException("out of order");
          });
  private final Gate silent = named("silent", request -> null);
  private final Gate leasing =
      named("leasing", request -> Verdict.proceed().withLease(closed::incrementAndGet));

  private Gate named(String name, Gate gate) {
    return new Gate() {
      @Override
      public Verdict look(GateRequest request) throws Exception {
        looks.incrementAndGet();
        return gate.look(request);
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  @Test
  void any_passes_with_the_first_that_proceeds_and_asks_no_further() throws Exception {
    assertEquals("open: free", proceeds(any(busy, broken, open, leasing).look(sweep())));
    assertEquals(3, looks.get());
    assertEquals(0, closed.get());
  }

  @Test
  void any_holds_with_all_reasons_until_the_earliest_look() throws Exception {
    Gate alone = named("alone", request -> Verdict.hold("mine", Duration.ofSeconds(9)));

    Verdict.Hold hold = holds(any(alone, busy, never).look(sweep()));

    assertEquals("alone: mine; busy: in use", hold.reason());
    assertEquals(SECOND, hold.lookAgainAfter());
    assertEquals(Verdict.Scope.TASK, hold.scope());
    assertEquals(
        "never: too large; never: too large", refuses(any(never, never).look(sweep())).reason());
  }

  @Test
  void not_turns_a_proceed_into_a_hold_and_the_other_way_round() throws Exception {
    assertTrue(holds(Gates.not("not", leasing).look(sweep())).reason().contains("leasing"));
    assertEquals(1, closed.get(), "the lease of what is not wanted goes back");
    assertEquals("not so: busy: in use", proceeds(Gates.not("not", busy).look(sweep())));
    proceeds(Gates.not("not", never).look(sweep()));
  }

  @Test
  void not_of_what_cannot_be_told_is_not_safe_either() throws Exception {
    FakeHost blind = new FakeHost();
    blind.processesFail = true;

    holds(Gates.not("not", broken).look(sweep()));
    holds(Gates.not("not", silent).look(sweep()));
    holds(Gates.not("not", Gates.all(busy, broken)).look(sweep()));
    holds(Gates.not("not", LoadGate.standard().withFigures(blind)).look(sweep()));
    holds(Gates.not("not", ProcessGate.standard().withFigures(blind)).look(sweep()));
  }

  private static Gate any(Gate... gates) {
    return Gates.any("any", List.of(gates));
  }

  /** Gates that fail in every way, within each other in every way. */
  @Provide
  Arbitrary<Gate> failing() {
    Arbitrary<Gate> leaves =
        Arbitraries.of(
            broken,
            silent,
            named(
                "deep",
                request -> {
                  throw new NoClassDefFoundError("gone");
                }));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMinSize(1).ofMaxSize(3).map(it -> Gates.all("all", it)),
                inner.list().ofMinSize(1).ofMaxSize(3).map(it -> Gates.any("any", it)),
                inner.map(it -> Gates.not("not", it)),
                inner.map(it -> Gates.cached(it, SECOND)),
                inner.map(it -> Gates.withTimeout(it, Duration.ofSeconds(5)))),
        0,
        3);
  }

  @Property(tries = 200)
  void no_combination_of_failing_gates_proceeds(@ForAll("failing") Gate gate) throws Exception {
    assertTrue(Gates.all(gate).look(sweep()) instanceof Verdict.Hold);
    assertTrue(Gates.all(gate).look(sweep()) instanceof Verdict.Hold, "at the second look as well");
    assertTrue(Gates.all(open, gate).look(sweep()) instanceof Verdict.Hold);
  }

  @Test
  void a_cached_gate_is_asked_once_within_its_time() throws Exception {
    AtomicLong now = new AtomicLong();
    Gate cached = new CachedGate(busy, SECOND, now::get);

    holds(cached.look(sweep()));
    now.set(SECOND.toNanos());
    holds(cached.look(at(Stage.FINAL)));
    assertEquals(1, looks.get());

    now.incrementAndGet();
    holds(cached.look(sweep()));
    assertEquals(2, looks.get());
  }

  @Test
  void a_kept_proceed_does_not_serve_a_final_look() throws Exception {
    Gate cached = Gates.cached(open, Duration.ofHours(1));

    proceeds(cached.look(at(Stage.EARLY)));
    proceeds(cached.look(at(Stage.EARLY)));
    assertEquals(1, looks.get());

    proceeds(cached.look(at(Stage.FINAL)));
    assertEquals(2, looks.get());
  }

  @Test
  void what_is_about_one_task_is_not_kept() throws Exception {
    Gate alone = named("alone", request -> Verdict.hold("mine", SECOND));
    MemoryForecast forecast =
        new MemoryForecast(
            WorkingSet.exactly("all", 1), new MemoryBudget(2, 2, 0, List.of(), "a machine"));
    Gate fits = named("fits", request -> Verdict.proceed("fits", forecast));
    for (Gate gate : List.of(alone, leasing, never, fits)) {
      Gate cached = Gates.cached(gate, Duration.ofHours(1));
      looks.set(0);
      cached.look(at(Stage.EARLY));
      cached.look(at(Stage.EARLY));
      assertEquals(2, looks.get(), gate.name());
    }
  }

  @Test
  void a_gate_that_hangs_holds_and_is_named_and_not_asked_again_while_it_hangs() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Gate hangs =
        named(
            "hangs",
            request -> {
              boolean interrupted = true;
              while (interrupted) { // one that does not even heed the interrupt
                try {
                  release.await();
                  interrupted = false;
                } catch (InterruptedException e) {
                  interrupted = true;
                }
              }
              return Verdict.proceed().withLease(closed::incrementAndGet);
            });
    Gate timed = Gates.all(open, Gates.withTimeout(hangs, Duration.ofMillis(50)));

    assertEquals(
        "hangs: cannot tell: no answer within PT0.05S", holds(timed.look(sweep())).reason());
    assertTrue(holds(timed.look(sweep())).reason().contains("still hangs"));
    assertEquals(1, looks.get() - 2, "asked once");
    release.countDown();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (closed.get() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(1, closed.get(), "the lease that came late goes back");
    proceeds(Gates.withTimeout(open, SECOND).look(sweep()));
  }

  @Test
  void a_look_that_is_given_up_is_interrupted_and_the_gate_is_asked_again_after_it()
      throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Gate heeds =
        named(
            "heeds",
            request -> {
              if (looks.get() > 1) {
                return Verdict.proceed();
              }
              try {
                new CountDownLatch(1).await();
              } finally {
                interrupted.countDown();
              }
              return Verdict.refuse("never");
            });
    Gate timed = Gates.withTimeout(heeds, Duration.ofMillis(50));

    holds(timed.look(sweep()));
    assertTrue(interrupted.await(10, TimeUnit.SECONDS), "it was not interrupted");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Verdict verdict = timed.look(sweep());
    while (verdict instanceof Verdict.Hold && System.nanoTime() < deadline) {
      verdict = timed.look(sweep());
    }
    proceeds(verdict);
  }

  @Test
  void a_timed_gate_passes_on_what_it_is_told() throws Exception {
    proceeds(Gates.withTimeout(open, SECOND).look(sweep()));
    refuses(Gates.withTimeout(never, SECOND).look(sweep()));
    assertTrue(
        holds(Gates.withTimeout(broken, SECOND).look(sweep())).reason().contains("out of order"));
    assertFalse(Gates.withTimeout(open, SECOND).name().isBlank());
  }

  @Test
  void an_interrupted_look_ends_as_such() {
    Gate waits =
        request -> {
          new CountDownLatch(1).await();
          return Verdict.proceed();
        };
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> Gates.withTimeout(waits, SECOND).look(sweep()));
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(IllegalArgumentException.class, () -> Gates.any(" ", List.of(open)));
    assertThrows(IllegalArgumentException.class, () -> Gates.any("any", List.of()));
    assertThrows(IllegalArgumentException.class, () -> Gates.not("", open));
    assertThrows(NullPointerException.class, () -> Gates.not("not", null));
    assertThrows(IllegalArgumentException.class, () -> Gates.cached(open, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> Gates.withTimeout(open, Duration.ofMillis(-1)));
  }
}
