package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each input as a log of version 1 has it, and that it is replayed to the same decisions: a log of
 * today must be replayed by tomorrow's build, or be said to be of another version.
 */
class RecordedInputsTest {
  private final Lines lines = new Lines();
  private final Driver driver = new Driver().recordedIn(lines);
  private @Nullable EngineReplay replay;
  private int replayed = 1;

  /** The last line, without its digest; and what its replay decides, as the log says it did. */
  private void assertTold(String line, String decisions) throws BadInputException {
    EngineReplay.Decided decided = null;
    EngineReplay engine = replay == null ? new EngineReplay(lines.all.get(0)) : replay;
    replay = engine;
    for (; replayed < lines.all.size(); replayed++) {
      decided = engine.next(lines.all.get(replayed));
      assertTrue(decided.same(), decided::toString);
    }
    assertNotNull(decided, "nothing was told");
    assertEquals(decisions, decided.decisions());
    assertEquals(line + "\t" + Decisions.digest(decisions), lines.last());
  }

  @Test
  void theFirstLineIsTheSettings() {
    Driver other = new Driver().recordedIn(lines).looks().cap(7);
    other.later(Duration.ofNanos(5));
    other.engine();
    assertEquals(
        "two-queue-inputs\t1\tnanos=5\tturns=default\tdrain=default\tprobes=false\tevicts=false"
            + "\tlooks=true\tlooksAtFleet=false\tasksOutside=false\tfleetLimit=5"
            + "\tlocalQueueLimit=1000\tfleetQueueLimit=1000\tconsecutiveStartsCap=7"
            + "\tsuspendedLimit=100\ttells=true",
        lines.last());
  }

  @Test
  void submitsAndTheEndsOfTheirBodies() throws BadInputException {
    driver.engine();
    driver.later(Duration.ofSeconds(1));
    Job agent = driver.fleet("a name that is not logged");
    assertTold("s\t1000000000\t1\tF\t\t\t", "start 1");
    driver.later(Duration.ofNanos(7));
    driver.end(agent);
    assertTold("b\t7\t1\tok", "freed 1; finish 1 succeeded");
    Job job =
        driver.submit(
            driver.job(
                TaskClass.LOCAL_HEAVY,
                "job",
                new ResidencyKey("llama", Map.of("num_ctx", "4096", "b", "=")),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3)));
    assertTold(
        "s\t0\t2\tL\tllama;b=\\u003d;num_ctx=4096\t2000000000\t3000000000",
        "start 2 swap; door closed; wake at 4000000007");
    driver.end(job, new Outcome.Failed<>(new IllegalStateException("not logged")));
    assertTold("b\t0\t2\tfailed", "freed 2; finish 2 failed; door open");
  }

  @Test
  void otherWaysForABodyToEnd() throws BadInputException {
    Job refused = driver.fleet("refused");
    driver.end(refused, new Outcome.Refused<>("not logged", Optional.empty()));
    assertTold("b\t0\t1\trefused", "freed 1; finish 1 refused");
    Job cancelled = driver.fleet("cancelled");
    driver.end(cancelled, new Outcome.Cancelled<>("not logged"));
    assertTold("b\t0\t2\tcancelled", "freed 2; finish 2 cancelled");
    Job late = driver.fleet("late");
    Duration limit = Duration.ofSeconds(1);
    driver.end(late, new Outcome.TimedOut<>(Outcome.Deadline.RUN_TIMEOUT, limit));
    assertTold("b\t0\t3\tlate", "freed 3; finish 3 timed out run_timeout");
    Job lateStart = driver.fleet("late to start");
    driver.end(lateStart, new Outcome.TimedOut<>(Outcome.Deadline.START_WITHIN, limit));
    assertTold("b\t0\t4\tlateStart", "freed 4; finish 4 timed out start_within");
  }

  @Test
  void whatIsRejectedAndWhatIsNotThere() throws BadInputException {
    driver.queueLimit(1);
    driver.local("running");
    Job queued = driver.local("queued");
    assertNotNull(driver.submitted(driver.job(TaskClass.LOCAL_HEAVY, "late", null, null, null)));
    assertTold("s\t0\t3\tL\t\t\t", "rejected");
    driver.cancel(queued);
    assertTold("c\t0\t2", "finish 2 cancelled");
    driver.cancel(queued);
    assertTold("c\t0\t2", "not cancelled");
    assertThrows(IllegalStateException.class, () -> driver.end(queued));
    assertTold("b\t0\t2\tok", "threw");
  }

  @Test
  void deadlinesPassWithTicks() throws BadInputException {
    Job job = driver.submit(driver.job(TaskClass.FLEET, "job", null, null, Duration.ofSeconds(1)));
    driver.seconds(1);
    assertTold("t\t1000000000", "finish 1 timed out run_timeout; tell 1");
    driver.end(job);
    assertTold("b\t0\t1\tok", "freed 1 overrun");
  }

  @Test
  void whatIsResidentAndWhatIsEvictedForWhom() throws BadInputException {
    driver.evicts().looks();
    driver.local("job", "llama");
    assertTold("s\t0\t1\tL\tllama\t\t", "observe ?1; door closed");
    Residency seen =
        Residency.of(
            List.of(
                new ResidentModel(
                    "qwen, 7",
                    Map.of("num_ctx", "1", "a", "2"),
                    9,
                    ResidentModel.Role.WORKER,
                    Optional.empty()),
                ResidentModel.alwaysResident("e", 3)));
    driver.observed(seen);
    assertTold("o\t0\t1\tw9;qwen\\u002c 7;a=2;num_ctx=1,a3;e", "look 1 early 9 B ?2");
    driver.verdict(Verdict.proceed());
    assertTold("v\t0\t2\tproceed\t", "evict qwen\\u002c 7 for 1 ?3");
    driver.evicted("not logged");
    assertTold("e\t0\t3\tfailed", "observe ?4");
    driver.observed(seen);
    assertTold("o\t0\t4\t=", "held 1 task 5000000000; door open; wake at 5000000000");
    driver.seconds(5);
    driver.observed(Residency.unknown("not logged"));
    assertTold("o\t0\t6\t?", "held 1 task 5000000000; door open; wake at 10000000000");
    driver.seconds(5);
    driver.observed(seen);
    driver.verdict(Verdict.proceed());
    driver.evicted(null);
    assertTold("e\t0\t10\t", "observe ?11");
    driver.resident();
    assertTold("o\t0\t11\t-", "look 1 final 0 B ?12");
    driver.verdict(Verdict.proceed().withLease(() -> {}));
    assertTold("v\t0\t12\tleased\t", "start 1 swap");
  }

  @ParameterizedTest
  @CsvSource({
    "hold, 3, held 1 task 3000000000; door open; wake at 3000000000",
    "holdClass, 4, held 1 class 4000000000; door open; wake at 4000000000",
    "refuse, , finish 1 refused; door open",
  })
  void otherVerdicts(String kind, @Nullable Integer seconds, String decisions)
      throws BadInputException {
    driver.looks();
    driver.local("job");
    Duration again = Duration.ofSeconds(seconds == null ? 0 : seconds);
    driver.verdict(
        switch (kind) {
          case "hold" -> Verdict.hold("not logged", again);
          case "holdClass" -> Verdict.holdClass("not logged", again);
          default -> Verdict.refuse("not logged");
        });
    String nanos = seconds == null ? "" : Long.toString(again.toNanos());
    assertTold("v\t0\t1\t" + kind + "\t" + nanos, decisions);
  }

  @Test
  void verdictsOnTheFleet() throws BadInputException {
    driver.looksAtFleet();
    driver.fleet("agent");
    assertTold("s\t0\t1\tF\t\t\t", "look at fleet 1 ?1");
    driver.fleetVerdict(Verdict.proceed().withLookAgainAfter(Duration.ofSeconds(1)));
    assertTold("f\t0\t1\tproceed\t1000000000", "start 1");
    driver.later(Duration.ofSeconds(1));
    driver.fleet("second");
    driver.fleetVerdict(Verdict.proceed().withLease(() -> {}));
    assertTold("f\t0\t2\tleased\t", "release; start 2");
  }

  @Test
  void permitsFromOutside() throws BadInputException {
    driver.asksOutside().looks();
    Job oracle = driver.local("oracle");
    assertTold("s\t0\t1\tL\t\t\t", "ask permit 1 ?1; door closed");
    driver.granted(1, () -> {});
    assertTold("g\t0\t1\tlease", "look 1 final 0 B ?2");
    driver.verdict(Verdict.proceed());
    driver.end(oracle);
    assertTold("b\t0\t1\tok", "release; freed 1; finish 1 succeeded; door open");
    driver.fleet("agent");
    driver.granted(4, Lease.NONE);
    assertTold("g\t0\t4\t", "start 2");
    Job other = driver.fleet("other");
    driver.permitRefused(5, "not logged");
    assertTold("n\t0\t5", "held 3 class 5000000000; wake at 5000000000");
    driver.seconds(5);
    driver.cancel(other);
    assertTold("c\t0\t3", "withdraw permit ?6; finish 3 cancelled");
  }

  @Test
  void waits() throws BadInputException {
    driver.fleetLimit(2).looks();
    Job outer = driver.fleet("outer");
    Job inner = driver.fleet("inner");
    driver.join(outer, inner);
    assertTold("j\t0\t1\t2", "");
    driver.join(inner, outer);
    assertTold("j\t0\t2\t1", "deadlock");
    driver.await(inner, inner);
    assertTold("a\t0\t2\t2", "deadlock");
    driver.endJoin(outer);
    assertTold("k\t0\t1", "");
    driver.join(inner, outer);
    assertTold("j\t0\t2\t1", "");
    driver.endJoin(inner);
    driver.await(outer, inner);
    assertTold("a\t0\t1\t2", "suspended 1 for 2");
    driver.end(inner);
    assertTold("b\t0\t2\tok", "freed 2; finish 2 succeeded; resume 1");
  }

  @Test
  void waitsThatFail() throws BadInputException {
    driver.fleetLimit(2).looks();
    Job joiner = driver.fleet("joiner");
    Job other = driver.fleet("other");
    driver.join(joiner, driver.fleet("queued"));
    driver.changeFleetLimit(1);
    assertTold("l\t0\t1", "fail join 1");
    driver.end(joiner);
    driver.cancel(other);
    assertTold("c\t0\t2", "tell 2");
    driver.end(other);
    driver.cancel(driver.fleet("none"));
    driver.shutdownNow();
    assertTold("x\t0", "tell 3");
  }

  @Test
  void aRefusedResume() throws BadInputException {
    driver.looks();
    Job outer =
        driver.submit(driver.job(TaskClass.LOCAL_HEAVY, "", ResidencyKey.of("a"), null, null));
    driver.verdict(Verdict.proceed());
    Job inner = driver.fleet("inner");
    driver.await(outer, inner);
    driver.end(inner);
    driver.verdict(Verdict.refuse("not logged"));
    assertTold("v\t0\t3\trefuse\t", "resume 1 to fail");
    driver.await(outer, driver.local("next", "b"));
    driver.verdict(Verdict.proceed());
    assertTold("v\t0\t6\tproceed\t", "start 3 swap");
    driver.cancel(outer);
    assertTold("c\t0\t1", "tell 1");
  }

  @Test
  void aResumeThatNeedsAnotherModel() throws BadInputException {
    Job outer = driver.local("outer", "a");
    Job inner = driver.local("inner", "b");
    driver.await(outer, inner);
    driver.end(inner);
    assertTold("b\t0\t2\tok", "freed 2; finish 2 succeeded; resume 1 swap");
  }

  @Test
  void whatTheHostSays() throws BadInputException {
    driver.pause(TaskClass.FLEET);
    assertTold("p\t0\tF", "paused fleet");
    driver.pause(TaskClass.LOCAL_HEAVY);
    driver.fleet("first");
    driver.fleet("second");
    driver.resume(TaskClass.LOCAL_HEAVY);
    assertTold("r\t0\tL", "resumed local_heavy");
    driver.shutdown();
    assertTold("d\t0", "");
    driver.submitted(driver.job(TaskClass.FLEET, "late", null, null, null));
    assertTold("s\t0\t3\tF\t\t\t", "rejected");
    driver.shutdownNow();
    assertTold("x\t0", "never ran 1 2; finish 1 cancelled; finish 2 cancelled; terminated");
  }

  @Test
  void whatTheHostsPoliciesAnswerIsLoggedWithTheInput() throws BadInputException {
    driver
        .turns((turn, elapsed, started) -> Duration.ofNanos(30).minus(elapsed))
        .drain(DrainPolicy.SUBMISSION_ORDER);
    Job first = driver.local("first", "a");
    driver.local("second", "b");
    driver.local("third", "a");
    driver.fleet("agent");
    driver.view().inOrder(TaskClass.LOCAL_HEAVY); // who only looks is not logged
    driver.later(Duration.ofNanos(10));
    driver.end(first);
    String digest = Decisions.digest("freed 1; finish 1 succeeded; start 2 swap");
    assertEquals("b\t10\t1\tok\t" + digest + ":t20,m2", lines.last());
    EngineReplay engine = new EngineReplay(lines.all.get(0));
    for (String line : lines.all.subList(1, lines.all.size())) {
      assertTrue(engine.next(line).same(), line);
    }
  }

  @Test
  void aFullLogTakesNoMoreAndTheEngineGoesOn() {
    driver.fleet("logged");
    lines.full = true;
    Job job = driver.fleet("not logged");
    assertEquals(List.of(job), driver.started());
    assertEquals(2, lines.all.size());
  }

  @Test
  void whatCannotBeWrittenIsSaidAndTheEngineGoesOn() {
    Lines failing =
        new Lines() {
          @Override
          public void add(CharSequence line) {
            if (!all.isEmpty()) {
              throw new IllegalStateException("no more memory");
            }
            super.add(line);
          }
        };
    Driver other = new Driver().recordedIn(failing);
    Job job = other.fleet("job");
    assertEquals(List.of(job), other.started());
    assertEquals("no more memory", failing.broken.get(0).getMessage());
  }

  @Test
  void whatWasToldIsReadable() throws BadInputException {
    driver.engine();
    driver.later(Duration.ofMillis(1_500));
    driver.fleet("agent");
    EngineReplay.Decided decided = new EngineReplay(lines.all.get(0)).next(lines.last());
    assertEquals("1.500000 s  submit 1 F", decided.input());
    assertEquals(1_500_000_000, decided.nanos());
  }

  @Test
  void theAnswersAreThoseOfAnyEngine() {
    Job first = driver.fleet("first");
    Job second = driver.fleet("second");
    assertNull(driver.join(first, second));
    assertNotNull(driver.join(second, first));
    assertNotNull(driver.await(second, second));
    driver.endJoin(first);
    assertNull(driver.join(second, first));
    assertTrue(driver.cancel(first));
    assertFalse(driver.cancel(first));
    driver.shutdown();
    assertNotNull(driver.submitted(driver.job(TaskClass.FLEET, "late", null, null, null)));
  }

  @Test
  void timesCountFromTheBeginning() throws BadInputException {
    driver.later(Duration.ofSeconds(9));
    driver.submit(driver.job(TaskClass.FLEET, "job", null, null, Duration.ofSeconds(2)));
    assertTold("s\t0\t1\tF\t\t\t2000000000", "start 1; wake at 2000000000");
  }

  @Test
  void whatNeverRanIsAnsweredToo() {
    driver.pause(TaskClass.FLEET);
    Job job = driver.fleet("job");
    assertEquals(List.of(job), driver.shutdownNow());
  }
}
