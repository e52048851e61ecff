package dev.twoqueue.benchmarks;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An hour of virtual time in which a gate holds all local-heavy tasks, with nothing behind the head
 * and with many tasks behind it. Everything runs on the one thread that turns the time.
 */
final class HeldStudy implements Study {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private record Hour(long looks, long timers, long events, double cpuMillis) {}

  @Override
  public String name() {
    return "held";
  }

  @Override
  public Findings run(Plan.Effort effort) {
    int behind = effort.queued() / 10;
    hour(0); // warms up
    Hour alone = hour(0);
    Hour crowded = hour(behind);
    Table table =
        new Table(
            "A held head, an hour of virtual time, a look every " + LOOK_AGAIN.toSeconds() + " s",
            "tasks behind it",
            "looks of the gate",
            "timers armed",
            "events told",
            "CPU, ms");
    row(table, 0, alone);
    row(table, behind, crowded);
    double looks = crowded.looks();
    return new Findings(
        List.of(table),
        List.of(
            Target.atMost(
                (double) HOUR.dividedBy(LOOK_AGAIN) + 1, "looks of the gate in an hour", looks),
            Target.atMost(
                0,
                "timers that tasks behind a held head arm",
                (double) crowded.timers() - alone.timers()),
            Target.atMost(2, "timers armed a look", crowded.timers() / looks),
            Target.atMost(
                1000, "ms of CPU in an hour with tasks behind a held head", crowded.cpuMillis())));
  }

  private static void row(Table table, int behind, Hour hour) {
    table.row(
        String.format(Locale.ROOT, "%,d", behind),
        String.valueOf(hour.looks()),
        String.valueOf(hour.timers()),
        String.valueOf(hour.events()),
        String.format(Locale.ROOT, "%.1f", hour.cpuMillis()));
  }

  private static Hour hour(int behind) {
    VirtualTime time = new VirtualTime();
    AtomicLong looks = new AtomicLong();
    AtomicLong events = new AtomicLong();
    TwoQueueScheduler scheduler =
        time.install(TwoQueueScheduler.builder())
            .localQueueLimit(behind + 1)
            .gate(
                request -> {
                  looks.incrementAndGet();
                  return Verdict.holdClass("not within this hour", LOOK_AGAIN);
                })
            .listener(event -> events.incrementAndGet())
            .build();
    for (int i = 0; i <= behind; i++) {
      scheduler.submit(
          LocalHeavyTask.builder(LocalKind.ORACLE, "local", context -> true)
              .model("model-" + i % 30)
              .build());
      time.runUntilIdle();
    }
    long looksBefore = looks.get();
    long timersBefore = time.timersArmed();
    long eventsBefore = events.get();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpuBefore = threads.getCurrentThreadCpuTime();
    time.advance(HOUR);
    double cpu = (threads.getCurrentThreadCpuTime() - cpuBefore) / 1e6;
    Hour hour =
        new Hour(
            looks.get() - looksBefore,
            time.timersArmed() - timersBefore,
            events.get() - eventsBefore,
            cpu);
    scheduler.shutdownNow("the hour is over");
    time.runUntilIdle();
    return hour;
  }
}
