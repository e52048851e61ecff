package dev.twoqueue.benchmarks;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TwoQueueScheduler;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Tasks of a class of the scheduler's that is paused. Its callers drop their handles. */
final class SchedulerBacklog implements Backlog {
  private static final int MODELS = 30;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final TaskClass taskClass;
  private final TwoQueueScheduler scheduler;
  private final Countdown left;
  private final List<LocalHeavyTask<Boolean>> local;
  private final FleetTask<Boolean> fleet;

  SchedulerBacklog(TaskClass taskClass, int tasks) {
    this.taskClass = taskClass;
    this.left = new Countdown(tasks);
    this.local = IntStream.range(0, MODELS).mapToObj(this::onModel).toList();
    this.fleet = FleetTask.of("fleet", context -> ended());
    this.scheduler =
        TwoQueueScheduler.builder().localQueueLimit(tasks).fleetQueueLimit(tasks).build();
    scheduler.pause(taskClass);
  }

  private LocalHeavyTask<Boolean> onModel(int model) {
    return LocalHeavyTask.builder(LocalKind.ORACLE, "local", context -> ended())
        .model("model-" + model)
        .build();
  }

  private boolean ended() {
    left.one();
    return true;
  }

  @Override
  public void add(int number) {
    if (taskClass == TaskClass.FLEET) {
      scheduler.submit(fleet);
    } else {
      scheduler.submit(local.get(number % MODELS));
    }
  }

  @Override
  public void drain() throws InterruptedException {
    scheduler.resume(taskClass);
    left.await();
  }

  @Override
  public void shutdownNow() throws InterruptedException {
    scheduler.shutdownNow("dropped");
    if (!scheduler.awaitTermination(LONGEST)) {
      throw new IllegalStateException("the scheduler has not ended");
    }
  }
}
