package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a host plugs in for a decision may fail in every way (I11), on real threads: the task is
 * held with that as its reason, other work goes on, and the task starts once the plug-in recovers.
 */
@Timeout(40)
class PluginsTest {
  private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10); // by the fast clock

  private final CountDownLatch hanging = new CountDownLatch(1);
  private final AtomicInteger leasesOpen = new AtomicInteger();
  private volatile boolean failing = true;
  private final FastClock clock = new FastClock();
  private TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();

  /** The ways to fail. */
  enum Failure {
    THROWS("failed: java.lang.IllegalStateException: broken"),
    ERRS("failed: java.lang.StackOverflowError: broken"),
    NULL("returned null"),
    HANGS("did not answer within PT10S"),
    HANGS_AND_IGNORES_INTERRUPTS("did not answer within PT10S");

    private final String reason;

    Failure(String reason) {
      this.reason = reason;
    }
  }

  /** The plug-ins that decide whether a task starts. */
  enum Plugin {
    GATE("gate touchy"),
    PROBE("the residency probe"),
    PREDICTOR("the working-set predictor"),
    EVICTOR("the evictor"),
    PERMITS("the source of outside permits");

    private final String called;

    Plugin(String called) {
      this.called = called;
    }
  }

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    hanging.countDown();
    scheduler.shutdownNow("the test is over");
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
    Eventually.holds("all leases are closed", () -> leasesOpen.get() == 0);
    clock.close();
  }

  @SuppressWarnings("NullAway") // what a careless host may do
  private <T> T failed(Failure failure, Supplier<T> late) throws InterruptedException {
    switch (failure) {
      case THROWS -> throw new IllegalStateException("broken");
      case ERRS -> throw new StackOverflowError("broken");
      case NULL -> {
        return null;
      }
      case HANGS -> hanging.await();
      case HANGS_AND_IGNORES_INTERRUPTS ->
          Eventually.holds("it is let go", () -> hanging.getCount() == 0);
    }
    return late.get();
  }

  private Lease lease() {
    leasesOpen.incrementAndGet();
    return leasesOpen::decrementAndGet;
  }

  private final class Touchy implements Gate {
    private final Failure failure;

    Touchy(Failure failure) {
      this.failure = failure;
    }

    @Override
    public Verdict look(GateRequest request) throws InterruptedException {
      Supplier<Verdict> proceed = () -> Verdict.proceed().withLease(lease());
      return request.task().name().equals("oracle") ? orFailing(failure, proceed) : proceed.get();
    }

    @Override
    public String name() {
      return "touchy";
    }
  }

  private SchedulerBuilder failing(Plugin plugin, Failure failure) {
    SchedulerBuilder builder =
        TwoQueueScheduler.builder()
            .clock(clock)
            .lookTimeout(LOOK_TIMEOUT)
            .evictionTimeout(LOOK_TIMEOUT);
    FakeModelServer server = new FakeModelServer().holding("resident");
    return switch (plugin) {
      case GATE -> builder.gate(new Touchy(failure));
      case PROBE -> builder.residencyProbe(() -> orFailing(failure, server::observe));
      case PREDICTOR ->
          builder.workingSetPredictor(
              (task, residency) ->
                  task.name().equals("oracle")
                      ? orFailing(failure, () -> WorkingSet.exactly("weights", 1))
                      : WorkingSet.exactly("weights", 1));
      case EVICTOR ->
          builder
              .residencyProbe(server)
              .evictor(
                  victim -> {
                    orFailing(failure, () -> true);
                    if (!failing) {
                      server.resident.remove(victim);
                    }
                  });
      case PERMITS -> builder.outsidePermits((taskClass, name) -> permit(failure, name));
    };
  }

  private <T> T orFailing(Failure failure, Supplier<T> value) throws InterruptedException {
    return failing ? failed(failure, value) : value.get();
  }

  private CompletionStage<Lease> permit(Failure failure, String name) {
    Supplier<CompletionStage<Lease>> granted = () -> CompletableFuture.completedFuture(lease());
    try {
      return name.equals("oracle") ? orFailing(failure, granted) : granted.get();
    } catch (InterruptedException told) {
      throw new IllegalStateException("interrupted", told);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGateThatFailsHolds(Failure failure) {
    holdsAndRecovers(Plugin.GATE, failure);
  }

  @ParameterizedTest
  @EnumSource
  void aProbeThatFailsHolds(Failure failure) {
    holdsAndRecovers(Plugin.PROBE, failure);
  }

  @ParameterizedTest
  @EnumSource
  void aPredictorThatFailsHolds(Failure failure) {
    holdsAndRecovers(Plugin.PREDICTOR, failure);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NULL")
  void anEvictorThatFailsHolds(Failure failure) {
    holdsAndRecovers(Plugin.EVICTOR, failure);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HANGS")
  void aSourceOfPermitsThatFailsHolds(Failure failure) {
    holdsAndRecovers(Plugin.PERMITS, failure);
  }

  private void holdsAndRecovers(Plugin plugin, Failure failure) {
    scheduler = failing(plugin, failure).build();
    TaskHandle<String> oracle = scheduler.submit(Tasks.oracle("oracle", "A", task -> "answer"));
    Eventually.holds(
        "it is held",
        () -> oracle.waitsFor().filter(why -> why.cause() == WaitReason.Cause.HELD).isPresent());
    String why = oracle.waitsFor().orElseThrow().text();
    assertTrue(why.contains(plugin.called + " " + failure.reason), why);
    assertEquals("agent", Tasks.result(scheduler.submit(Tasks.fleet("agent"))));
    if (plugin != Plugin.PERMITS) { // a missing permit holds the whole class
      assertEquals("sweep", Tasks.result(scheduler.submit(Tasks.local("sweep"))));
    }
    hanging.countDown(); // late answers come now, and must not count
    failing = false;
    assertEquals("answer", Tasks.result(oracle));
  }

  @Test
  void aGateThatIsStillAtWorkDoesNotKeepACancelledTask() throws InterruptedException {
    CountDownLatch looking = new CountDownLatch(1);
    scheduler =
        TwoQueueScheduler.builder()
            .gate(
                request -> {
                  looking.countDown();
                  hanging.await();
                  return Verdict.proceed().withLease(lease());
                })
            .build();
    TaskHandle<String> task = scheduler.submit(Tasks.local("cancelled meanwhile"));
    assertTrue(looking.await(10, TimeUnit.SECONDS));
    assertTrue(task.cancel("not needed"));
    assertEquals(TaskState.CANCELLED, task.state());
    assertEquals("agent", Tasks.result(scheduler.submit(Tasks.fleet("agent"))));
    hanging.countDown(); // the late lease is given back: see nothingIsLeft
  }

  @Test
  void theInterruptOfAPlugInThatHungIsNotLeftOnItsThread() {
    AtomicInteger left = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    scheduler =
        failing(Plugin.GATE, Failure.HANGS_AND_IGNORES_INTERRUPTS)
            .callbackExecutor(
                work -> {
                  running.incrementAndGet();
                  new Thread(
                          () -> {
                            work.run();
                            left.addAndGet(Thread.interrupted() ? 1 : 0);
                            running.decrementAndGet();
                          })
                      .start();
                })
            .build();
    TaskHandle<String> oracle = scheduler.submit(Tasks.oracle("oracle", "A", task -> "answer"));
    Eventually.holds("it is held", () -> scheduler.snapshot().localHeavy().held() == 1);
    failing = false;
    hanging.countDown();
    assertEquals("answer", Tasks.result(oracle));
    Eventually.holds("all callbacks have returned", () -> running.get() == 0);
    assertEquals(0, left.get());
  }

  @Test
  void allGatesAreAskedAndTheLeasesOfAHeldTaskGivenBack() {
    AtomicInteger asked = new AtomicInteger();
    Gate leasing =
        request -> {
          asked.incrementAndGet();
          return Verdict.proceed().withLease(lease());
        };
    scheduler =
        TwoQueueScheduler.builder()
            .gate(leasing)
            .gate(request -> Verdict.hold("first reason", Duration.ofMinutes(1)))
            .gate(request -> Verdict.hold("second reason", Duration.ofMinutes(2)))
            .gate(leasing)
            .build();
    TaskHandle<String> task = scheduler.submit(Tasks.local("held"));
    Eventually.holds("held", () -> scheduler.snapshot().localHeavy().held() == 1);
    WaitReason why = task.waitsFor().orElseThrow();
    assertEquals("first reason; second reason", why.text());
    assertTrue(why.lookAgainIn().orElseThrow().compareTo(Duration.ofSeconds(61)) > 0);
    assertEquals(2, asked.get());
    assertEquals(4, scheduler.snapshot().lastLook().size(), "all gates are asked");
    Eventually.holds("leases are given back", () -> leasesOpen.get() == 0);
  }

  @Test
  void aRefusalComesBeforeAHold() {
    scheduler =
        TwoQueueScheduler.builder()
            .gate(request -> Verdict.hold("busy", Duration.ofMinutes(1)))
            .gate(request -> Verdict.refuse("no such model"))
            .build();
    TaskHandle<String> task = scheduler.submit(Tasks.local("refused"));
    Eventually.holds("refused", () -> task.outcome().isPresent());
    assertEquals(TaskState.REFUSED, task.state());
    assertEquals(
        new Outcome.Refused<>("no such model", Optional.empty()), task.outcome().orElseThrow());
  }

  @Test
  void aLeaseThatThrowsOnCloseIsNobodyElsesTrouble() {
    scheduler =
        TwoQueueScheduler.builder()
            .gate(
                request ->
                    Verdict.proceed()
                        .withLease(
                            () -> {
                              throw new IllegalStateException("cannot close");
                            }))
            .build();
    for (String name : List.of("one", "two")) {
      assertEquals(name, Tasks.result(scheduler.submit(Tasks.local(name))));
    }
  }

  @Test
  void aPredictorThatKnowsTheTaskCanNeverRunRefusesIt() {
    scheduler =
        TwoQueueScheduler.builder()
            .workingSetPredictor(
                (task, residency) -> {
                  throw new WorkingSetPredictor.RefusedException("model 'nope' does not exist");
                })
            .build();
    TaskHandle<String> task = scheduler.submit(Tasks.oracle("oracle", "nope", t -> "answer"));
    Eventually.holds("refused", () -> task.outcome().isPresent());
    assertEquals(
        new Outcome.Refused<>("model 'nope' does not exist", Optional.empty()),
        task.outcome().orElseThrow());
    assertFalse(scheduler.snapshot().lastLook().isEmpty());
  }
}
