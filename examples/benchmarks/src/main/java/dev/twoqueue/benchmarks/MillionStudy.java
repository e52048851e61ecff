package dev.twoqueue.benchmarks;

import dev.twoqueue.TaskClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** A million tasks that wait: the heap each takes, and how long it takes to build and empty it. */
final class MillionStudy implements Study {
  private static final int ROUNDS = 3;

  private record Contender(String title, IntFunction<Backlog> make) {}

  private record Run(double bytesEach, double build, double drain, double shutdown) {}

  private static final List<Contender> CONTENDERS =
      List.of(
          new Contender(
              "Two-Queue, local-heavy over 30 models",
              tasks -> new SchedulerBacklog(TaskClass.LOCAL_HEAVY, tasks)),
          new Contender("Two-Queue, fleet", tasks -> new SchedulerBacklog(TaskClass.FLEET, tasks)),
          new Contender(
              "`ThreadPoolExecutor.execute`, 1 thread", tasks -> new PoolBacklog(false, 1, tasks)),
          new Contender(
              "`ThreadPoolExecutor.submit`, 1 thread", tasks -> new PoolBacklog(true, 1, tasks)),
          new Contender(
              "`ThreadPoolExecutor.submit`, 5 threads", tasks -> new PoolBacklog(true, 5, tasks)));

  @Override
  public String name() {
    return "million";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    Table table =
        new Table(
            String.format(Locale.ROOT, "%,d tasks that wait", effort.queued()),
            "contender",
            "bytes each",
            "build, ms",
            "drain, ms",
            "shut down, ms");
    for (Contender contender : CONTENDERS) {
      run(contender, effort.queued() / 10); // warms up
      List<Run> runs = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        runs.add(run(contender, effort.queued()));
      }
      table.row(
          contender.title(),
          median(runs.stream().mapToDouble(Run::bytesEach).toArray()),
          median(runs.stream().mapToDouble(Run::build).toArray()),
          median(runs.stream().mapToDouble(Run::drain).toArray()),
          median(runs.stream().mapToDouble(Run::shutdown).toArray()));
    }
    return new Findings(List.of(table), List.of());
  }

  private static Run run(Contender contender, int tasks) throws InterruptedException {
    long before = heapInUse();
    Backlog drained = contender.make().apply(tasks);
    double build = fill(drained, tasks);
    double bytes = (heapInUse() - before) / (double) tasks;
    long start = System.nanoTime();
    drained.drain();
    double drain = millisSince(start);
    drained.shutdownNow();
    Backlog dropped = contender.make().apply(tasks);
    fill(dropped, tasks);
    start = System.nanoTime();
    dropped.shutdownNow();
    return new Run(bytes, build, drain, millisSince(start));
  }

  private static double fill(Backlog backlog, int tasks) {
    long start = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      backlog.add(i);
    }
    return millisSince(start);
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static long heapInUse() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc(); // what one collection makes unreachable the next one frees
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static String median(double... values) {
    return String.format(Locale.ROOT, "%,.0f", Figures.median(values));
  }
}
