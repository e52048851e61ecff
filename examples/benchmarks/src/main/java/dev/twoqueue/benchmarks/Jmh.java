package dev.twoqueue.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs JMH in JVMs of its own, with its profiler of allocation; its own output goes to files. */
final class Jmh {
  private static final Path LOGS = Path.of("target");

  private Jmh() {}

  /**
   * Runs the benchmarks of a class, once a round.
   *
   * @param methods a regular expression for their names
   * @param parameters sets those that are not to take all their values
   * @param into gets the figures, named method, parameters' values in the order of {@code names};
   *     where each operation is timed by itself also its 99th percentile, as {@link
   *     Figures#slowest}
   */
  static void run(
      Plan.Effort effort,
      Class<?> benchmarks,
      String methods,
      UnaryOperator<ChainedOptionsBuilder> parameters,
      List<String> names,
      Figures into)
      throws RunnerException, IOException {
    for (int round = 0; round < effort.rounds(); round++) {
      ChainedOptionsBuilder options =
          new OptionsBuilder()
              .include("^" + Pattern.quote(benchmarks.getName() + ".") + "(" + methods + ")$")
              .forks(1)
              .jvmArgsAppend("-Xms2g", "-Xmx2g")
              .warmupIterations(effort.warmups())
              .warmupTime(effort.iteration())
              .measurementIterations(effort.iterations())
              .measurementTime(effort.iteration())
              .addProfiler(GCProfiler.class)
              .shouldFailOnError(true)
              .output(log());
      for (RunResult result : new Runner(parameters.apply(options).build()).run()) {
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        double allocated = bytes == null ? Double.NaN : bytes.getScore();
        String name = nameOf(result.getParams(), names);
        into.add(name, result.getPrimaryResult().getScore(), allocated);
        if (result.getParams().getMode() == Mode.SampleTime) {
          into.add(
              Figures.slowest(name),
              result.getPrimaryResult().getStatistics().getPercentile(99),
              allocated);
        }
      }
    }
  }

  /** A new file for JMH's own output. */
  static String log() throws IOException {
    Files.createDirectories(LOGS);
    return Files.createTempFile(LOGS, "jmh-", ".log").toString();
  }

  private static String nameOf(BenchmarkParams parameters, List<String> names) {
    String method = parameters.getBenchmark();
    StringBuilder name = new StringBuilder(method.substring(method.lastIndexOf('.') + 1));
    names.forEach(parameter -> name.append(' ').append(parameters.getParam(parameter)));
    return name.toString();
  }
}
