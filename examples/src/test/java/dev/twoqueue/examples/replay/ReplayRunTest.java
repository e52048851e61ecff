package dev.twoqueue.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped scheduler against the independent simulation, to the job. */
class ReplayRunTest {
  private static final Duration LOAD = Duration.ofMillis(22_693);
  private static final long SEEDS = Long.getLong("twoqueue.seeds", 1);

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(ReplayPolicy.FIFO, true, Integer.MAX_VALUE),
        Arguments.of(ReplayPolicy.DRAIN, false, Integer.MAX_VALUE),
        Arguments.of(ReplayPolicy.cap(1), false, 1),
        Arguments.of(ReplayPolicy.cap(8), false, 8),
        Arguments.of(ReplayPolicy.cap(16), false, 16),
        Arguments.of(ReplayPolicy.cap(32), false, 32));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void generatedArrivalsRunAsSimulated(ReplayPolicy policy, boolean fifo, int cap) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Trace trace = ArrivalGenerator.generate(seed);
      assertEqualToTheJob(trace, LOAD, policy, fifo, cap);
      assertEqualToTheJob(trace.atLoad(0.7), LOAD, policy, fifo, cap);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theTraceRunsAsSimulated(ReplayPolicy policy, boolean fifo, int cap) throws Exception {
    Trace trace = TraceFiles.jobs(Traces.file("gentd26-jobs.csv"));
    Duration load = TraceFiles.medianLoad(Traces.file("gentd26-model-load-ms.csv"));
    assertEqualToTheJob(trace, load, policy, fifo, cap);
    assertEqualToTheJob(trace.atLoad(0.7), load, policy, fifo, cap);
  }

  /** Whole seconds and a load of whole seconds: arrivals and ends often fall together. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void momentsThatFallTogetherRunAsSimulated(ReplayPolicy policy, boolean fifo, int cap) {
    Trace generated = ArrivalGenerator.generate(4);
    List<Job> rounded =
        generated.jobs().stream()
            .map(
                job ->
                    new Job(
                        Duration.ofSeconds(job.arrival().toSeconds()),
                        job.model(),
                        Duration.ofSeconds(job.execution().toSeconds() / 10 * 10)))
            .toList();
    assertEqualToTheJob(new Trace("rounded", rounded), Duration.ofSeconds(20), policy, fifo, cap);
  }

  @Test
  void figuresOfAScheduleThatIsEasyToCheck() {
    // a a b a: drain runs the third a before b.
    Trace trace = new Trace("small", List.of(job(0, "a"), job(1, "a"), job(2, "b"), job(3, "a")));
    Schedule schedule = ReplayRun.of(trace, Duration.ofSeconds(5), ReplayPolicy.DRAIN);
    assertEquals(List.of(5L, 15L, 40L, 25L), seconds(schedule));
    assertEquals(0.5, schedule.swapsPerJob());
    assertEquals(Duration.ofMillis(19_750), schedule.meanWait()); // 5, 14, 38 and 22 s
    assertEquals(Duration.ofSeconds(14), schedule.waitQuantile(0.5));
    assertEquals(Duration.ofSeconds(38), schedule.waitQuantile(0.95));
    assertEquals(Duration.ofSeconds(38), schedule.waitQuantile(1));
  }

  private static Job job(int arrival, String model) {
    return new Job(Duration.ofSeconds(arrival), model, Duration.ofSeconds(10));
  }

  private static List<Long> seconds(Schedule schedule) {
    return schedule.beganAt().stream().map(nanos -> nanos / 1_000_000_000).toList();
  }

  private static void assertEqualToTheJob(
      Trace trace, Duration load, ReplayPolicy policy, boolean fifo, int cap) {
    Schedule shipped = ReplayRun.of(trace, load, policy);
    IndependentSimulation.Result expected = IndependentSimulation.of(trace, load, fifo, cap);
    assertEquals(expected.beganAt(), shipped.beganAt(), policy.name() + " on " + trace.name());
    assertEquals(expected.swaps(), shipped.swaps(), policy.name() + " on " + trace.name());
  }
}
