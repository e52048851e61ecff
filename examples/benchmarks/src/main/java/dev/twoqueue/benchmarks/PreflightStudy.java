package dev.twoqueue.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.twoqueue.Gate;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.HostGates;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a whole look at this machine costs: back to back by JMH, where most looks find the list of
 * processes that an earlier one found; and once a second, as the scheduler looks, where each finds
 * a new one. The scan itself runs on another thread, and JMH's bytes hold its share.
 */
final class PreflightStudy implements Study {
  private static final double MOST_MILLIS = 5;
  private static final double MOST_BYTES = 100_000;

  /** As many as compile the path: a host that runs for days does not interpret it. */
  private static final int WARM_UPS = 5000;

  /** Looks that came one by one. */
  static final class Paced {
    private final long[] nanos;
    private final long[] bytes;

    /**
     * What was measured.
     *
     * @param nanos of each, in ascending order
     * @param bytes that the looking thread allocated, of each, in ascending order
     */
    Paced(long[] nanos, long[] bytes) {
      this.nanos = nanos;
      this.bytes = bytes;
    }

    int looks() {
      return nanos.length;
    }

    double millis(double share) {
      return at(nanos, share) / 1e6;
    }

    double bytes(double share) {
      return at(bytes, share);
    }

    private static double at(long[] sorted, double share) {
      return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
  }

  @Override
  public String name() {
    return "preflight";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    Table table = new Table("A whole look before a heavy task", "what", "p50, ms", "p99, ms", "kB");
    RunResult gates = jmh(effort, "gates");
    RunResult scan = jmh(effort, "plainOshiScan");
    row(table, "gates, back to back", gates);
    row(table, "a plain scan by OSHI", scan);
    Paced paced = oneASecond(WARM_UPS, effort.samples() / 100, Duration.ofSeconds(1));
    table.row(
        "gates, once a second (" + paced.looks() + " looks; bytes of this thread alone)",
        number(paced.millis(0.5)),
        number(paced.millis(0.99)),
        number(paced.bytes(0.5) / 1000));
    table.row("by hand, as people report it", "10000", "10000", "");
    return new Findings(
        List.of(table),
        List.of(
            Target.atMost(MOST_MILLIS, "p99 of a look back to back, ms", percentile(gates, 99)),
            Target.atMost(MOST_BYTES, "bytes a look back to back", bytes(gates)),
            Target.atMost(MOST_MILLIS, "median of a look once a second, ms", paced.millis(0.5)),
            Target.atMost(MOST_BYTES, "bytes a look once a second, median", paced.bytes(0.5))));
  }

  private static RunResult jmh(Plan.Effort effort, String method) throws Exception {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + Pattern.quote(Preflight.class.getName() + "." + method) + "$")
        .forks(1)
        .warmupIterations(effort.warmups())
        .warmupTime(effort.iteration())
        .measurementIterations(effort.iterations())
        .measurementTime(effort.iteration())
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .output(Jmh.log());
    return new Runner(options.build()).runSingle();
  }

  private static double percentile(RunResult result, double percent) {
    return result.getPrimaryResult().getStatistics().getPercentile(percent) / 1000;
  }

  private static double bytes(RunResult result) {
    return Objects.requireNonNull(
            result.getSecondaryResults().get("gc.alloc.rate.norm"), "the profiler's figure")
        .getScore();
  }

  private static void row(Table table, String what, RunResult result) {
    table.row(
        what,
        number(percentile(result, 50)),
        number(percentile(result, 99)),
        number(bytes(result) / 1000));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Looks so often, at this distance; those that warm up are not counted. */
  static Paced oneASecond(int warmUps, int looks, Duration distance) throws Exception {
    Gate gate = HostGates.standard();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    for (int i = 0; i < warmUps; i++) {
      gate.look(Preflight.request());
    }
    long[] nanos = new long[looks];
    long[] bytes = new long[looks];
    for (int i = 0; i < looks; i++) {
      Thread.sleep(distance.toMillis());
      long allocated = threads.getThreadAllocatedBytes(thread);
      long begin = System.nanoTime();
      Verdict verdict = gate.look(Preflight.request());
      nanos[i] = System.nanoTime() - begin;
      bytes[i] = threads.getThreadAllocatedBytes(thread) - allocated;
      Objects.requireNonNull(verdict, "a verdict");
    }
    Arrays.sort(nanos);
    Arrays.sort(bytes);
    return new Paced(nanos, bytes);
  }
}
