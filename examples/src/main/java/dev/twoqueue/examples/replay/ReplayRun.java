package dev.twoqueue.examples.replay;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.testkit.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A trace on its way through the scheduler that hosts use, in virtual time, with one model server.
 * A job that arrives at the moment at which another ends waits already when the next is chosen.
 */
public final class ReplayRun {
  /** Virtual time counts nanoseconds in a long, which end at 292 years. */
  private static final Duration LONGEST = Duration.ofDays(100_000);

  private ReplayRun() {}

  /**
   * Runs a trace.
   *
   * @param trace what arrives
   * @param load how long a swap takes
   * @param policy the scheduler's setting
   * @return when each job ran
   * @throws IllegalArgumentException when all of it might take more than 100,000 days
   * @throws IllegalStateException when a job did not run, or the scheduler's count of swaps differs
   *     from the server's
   */
  public static Schedule of(Trace trace, Duration load, ReplayPolicy policy) {
    List<Job> jobs = trace.jobs();
    Duration end = latestEnd(trace, load);
    if (end.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          trace.name() + " might take " + end.toDays() + " days, which is beyond virtual time");
    }
    VirtualTime time = new VirtualTime();
    Server server = new Server(time, load, jobs.size());
    TwoQueueScheduler scheduler =
        policy
            .setting()
            .apply(
                time.install(TwoQueueScheduler.builder())
                    .residencyProbe(server.probe())
                    .localQueueLimit(jobs.size()),
                server.times())
            .build();
    // All alarms of arrivals are set before the first of an end, so that they ring before it.
    for (int i = 0; i < jobs.size(); i++) {
      LocalHeavyTask<Integer> task = server.task(i, jobs.get(i));
      time.clock().schedule(jobs.get(i).arrival(), () -> scheduler.submit(task));
    }
    time.advance(end);
    long counted = scheduler.snapshot().swaps();
    scheduler.shutdownNow("the trace has ended");
    time.runUntilIdle();
    if (server.begun() != jobs.size() || counted != server.loads()) {
      throw new IllegalStateException(
          "%d of %d jobs ran, with %d loads where the scheduler counted %d swaps"
              .formatted(server.begun(), jobs.size(), server.loads(), counted));
    }
    return new Schedule(trace, Arrays.stream(server.beganAt()).boxed().toList(), server.loads());
  }

  /** A worker that is never idle while a job waits has ended by then, whatever the order. */
  private static Duration latestEnd(Trace trace, Duration load) {
    List<Job> jobs = trace.jobs();
    return jobs.get(jobs.size() - 1)
        .arrival()
        .plus(trace.work())
        .plus(load.multipliedBy(jobs.size()));
  }
}
