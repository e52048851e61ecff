package dev.twoqueue.examples.host;

import dev.twoqueue.Gate;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.HostFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** An own heavy task at full load does not keep the next one waiting. */
final class OwnTail {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final int THREADS_A_CORE = 8;

  private OwnTail() {}

  static void show(Findings findings, Gate load, double limit, Duration heavy) throws Exception {
    HostFigures figures = HostFigures.live();
    int threads = THREADS_A_CORE * Runtime.getRuntime().availableProcessors();
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().gate(load).build()) {
      TaskHandle<Long> first = scheduler.submit(task("burns all cores", threads, heavy));
      TaskHandle<Long> second =
          scheduler.submit(
              LocalHeavyTask.of(LocalKind.OTHER, "the next one", task -> System.nanoTime()));
      long ended = first.join();
      long busyBefore = busyNanos(figures);
      OptionalDouble average = figures.loadAverage();
      Duration idle = Duration.ofNanos(second.join() - ended);
      judge(findings, idle, limit, busyNanos(figures) - busyBefore);
      findings.say(raw(average, limit));
    }
  }

  private static long busyNanos(HostFigures figures) throws IOException {
    return figures.processTable().busyCpuNanos().orElseThrow();
  }

  /** Meanwhile nothing of ours ran: whatever kept the processors busy, it was others. */
  private static void judge(Findings findings, Duration idle, double limit, long busyNanos) {
    String claim = "after an own task at full load the next starts";
    double others = busyNanos / (double) idle.toNanos();
    if (idle.compareTo(BOUND) > 0 && others >= limit / 2) {
      findings.notShown(
          claim,
          String.format(
              Locale.ROOT,
              "it waited for %s, but all of this machine used %.2f cores meanwhile",
              Findings.seconds(idle),
              others));
      return;
    }
    findings.within(BOUND, idle, claim);
  }

  private static LocalHeavyTask<Long> task(String name, int threads, Duration time) {
    return LocalHeavyTask.of(
        LocalKind.OTHER,
        name,
        task -> {
          long end = System.nanoTime() + time.toNanos();
          Thread[] burning =
              Stream.generate(() -> new Thread(() -> burn(end)))
                  .limit(threads)
                  .toArray(Thread[]::new);
          for (Thread thread : burning) {
            thread.start();
          }
          for (Thread thread : burning) {
            thread.join();
          }
          return System.nanoTime();
        });
  }

  private static void burn(long end) {
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** The average decays by e^(−t/60), so it stays above a limit for 60·ln(average / limit). */
  private static String raw(OptionalDouble average, double limit) {
    if (average.isEmpty()) {
      return "raw: this system keeps no load average";
    }
    double tail = 60 * Math.log(average.getAsDouble() / limit);
    return String.format(
        Locale.ROOT,
        "raw: the 1-minute load average was %.2f at its end; a gate on that at %.2f would have%s",
        average.getAsDouble(),
        limit,
        tail > 0 ? String.format(Locale.ROOT, " idled for %.0f s", tail) : " let it pass too");
  }
}
