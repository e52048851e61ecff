package dev.twoqueue.examples.replay;

import dev.twoqueue.AsyncTaskBody;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A model server with room for one worker model, which it swaps when a job needs another. */
final class Server {
  private final VirtualTime time;
  private final Instant beginning;
  private final Duration load;
  private final RunTimes times;
  private final long[] beganAt;
  private @Nullable String resident;
  private int loads;
  private int begun;

  /**
   * A server without a model.
   *
   * @param time in which it lives
   * @param load how long each load takes, the eviction before it included
   * @param jobs how many it will run
   */
  Server(VirtualTime time, Duration load, int jobs) {
    this.time = time;
    this.beginning = time.now();
    this.load = load;
    this.times = new RunTimes(load);
    this.beganAt = new long[jobs];
  }

  /** What the scheduler sees of it. */
  ResidencyProbe probe() {
    return () ->
        Residency.of(resident == null ? List.of() : List.of(ResidentModel.worker(resident, 0)));
  }

  LocalHeavyTask<Integer> task(int number, Job job) {
    AsyncTaskBody<Integer> body = task -> loaded(job.model()).thenCompose(ok -> run(number, job));
    return LocalHeavyTask.asyncBuilder(LocalKind.ORACLE, "job " + number, body)
        .model(job.model())
        .build();
  }

  private CompletionStage<Boolean> loaded(String model) {
    if (model.equals(resident)) {
      return CompletableFuture.completedFuture(true);
    }
    loads++;
    resident = model;
    return time.after(load, () -> true);
  }

  private CompletionStage<Integer> run(int number, Job job) {
    beganAt[number] = Duration.between(beginning, time.now()).toNanos();
    begun++;
    return time.after(
        job.execution(),
        () -> {
          times.ended(job);
          return number;
        });
  }

  /** Of the jobs that have ended. */
  RunTimes times() {
    return times;
  }

  int loads() {
    return loads;
  }

  int begun() {
    return begun;
  }

  /** When each job began to run, its model loaded, in nanoseconds since the beginning. */
  long[] beganAt() {
    return beganAt.clone();
  }
}
