package dev.twoqueue.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator against the trace's published figures, and those against the trace. */
class ArrivalGeneratorTest {
  /** What the Javadoc of the generator says of the trace. */
  private static final Figures TRACE =
      new Figures(12_977, 70, 0.304, 0.286, 0.868, 0.766, 26.9, 22, 124);

  private record Figures(
      int jobs,
      int models,
      double load,
      double mostPopular,
      double elevenMostPopular,
      double swapsInOrder,
      double meanSeconds,
      double medianSeconds,
      double hourlyDispersion) {

    static Figures of(Trace trace) {
      List<Integer> counts =
          trace.jobsByModel().values().stream().sorted(Comparator.reverseOrder()).toList();
      int eleven = counts.stream().limit(11).mapToInt(Integer::intValue).sum();
      List<Duration> executions = trace.jobs().stream().map(Job::execution).sorted().toList();
      return new Figures(
          trace.jobs().size(),
          counts.size(),
          trace.load(),
          trace.shareOfMostPopular(),
          (double) eleven / trace.jobs().size(),
          trace.swapsInOrder(),
          trace.meanExecutionSeconds(),
          executions.get(executions.size() / 2).toMillis() / 1e3,
          dispersion(trace));
    }

    /** The variance of the jobs an hour by their mean: 1 where they came evenly by chance. */
    private static double dispersion(Trace trace) {
      double[] hours = new double[(int) trace.span().toHours() + 1];
      trace.jobs().forEach(job -> hours[(int) job.arrival().toHours()]++);
      double mean = Arrays.stream(hours).average().orElseThrow();
      double variance =
          Arrays.stream(hours).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
      return variance / mean;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void isNearTheTrace(long seed) {
    Figures generated = Figures.of(ArrivalGenerator.generate(seed));
    assertNear("jobs", TRACE.jobs, generated.jobs, 0.08);
    assertNear("models", TRACE.models, generated.models, 0.15);
    assertNear("load", TRACE.load, generated.load, 0.08);
    assertNear("most popular", TRACE.mostPopular, generated.mostPopular, 0.1);
    assertNear("eleven", TRACE.elevenMostPopular, generated.elevenMostPopular, 0.04);
    assertNear("swaps in order", TRACE.swapsInOrder, generated.swapsInOrder, 0.03);
    assertNear("mean", TRACE.meanSeconds, generated.meanSeconds, 0.03);
    assertNear("median", TRACE.medianSeconds, generated.medianSeconds, 0.04);
    assertNear("dispersion", TRACE.hourlyDispersion, generated.hourlyDispersion, 0.2);
  }

  @Test
  void theFiguresAreTheTraces() throws Exception {
    Figures trace = Figures.of(TraceFiles.jobs(Traces.file("gentd26-jobs.csv")));
    assertEquals(TRACE.jobs, trace.jobs);
    assertEquals(TRACE.models, trace.models);
    assertEquals(TRACE.load, trace.load, 0.0005);
    assertEquals(TRACE.mostPopular, trace.mostPopular, 0.0005);
    assertEquals(TRACE.elevenMostPopular, trace.elevenMostPopular, 0.0005);
    assertEquals(TRACE.swapsInOrder, trace.swapsInOrder, 0.0005);
    assertEquals(TRACE.meanSeconds, trace.meanSeconds, 0.05);
    assertEquals(TRACE.medianSeconds, trace.medianSeconds);
    assertEquals(TRACE.hourlyDispersion, trace.hourlyDispersion, 0.5);
  }

  @Test
  void theSeedAloneDecides() {
    assertEquals(ArrivalGenerator.generate(7), ArrivalGenerator.generate(7));
    assertNotEquals(ArrivalGenerator.generate(7).jobs(), ArrivalGenerator.generate(8).jobs());
  }

  @Test
  void aTraceIsBroughtToAnotherLoadByItsArrivalsAlone() {
    Trace trace = ArrivalGenerator.generate(7);
    Trace faster = trace.atLoad(0.7);
    assertEquals(0.7, faster.load(), 1e-9);
    assertEquals(trace.work(), faster.work());
    assertEquals(trace.jobsByModel(), faster.jobsByModel());
  }

  private static void assertNear(String what, double expected, double actual, double share) {
    assertTrue(
        Math.abs(actual - expected) <= share * expected,
        what + " is " + actual + ", not within " + 100 * share + " % of " + expected);
  }
}
