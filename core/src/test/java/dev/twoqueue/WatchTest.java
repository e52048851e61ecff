package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.OccupancyWatch.Sight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What watches see while a task occupies, and that nobody looks otherwise. */
@NullUnmarked // a watch that returns null
class WatchTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTime time = new ManualTime();
  private final List<Duration> looks = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private Sight sight = new Sight.Calm(Duration.ofSeconds(2));

  private TwoQueueScheduler scheduler() {
    return time.scheduler()
        .watch(
            (id, task) ->
                occupied -> {
                  looks.add(occupied);
                  return sight;
                })
        .listener(
            event -> {
              if (event instanceof SchedulerEvent.Warned warned) {
                told.add((warned.raised() ? "! " : "ok ") + warned.text());
              }
            })
        .build();
  }

  private static List<Duration> seconds(int... seconds) {
    List<Duration> durations = new ArrayList<>();
    for (int second : seconds) {
      durations.add(Duration.ofSeconds(second));
    }
    return durations;
  }

  @Test
  void itLooksAtItsOwnPaceWhileALocalHeavyTaskOccupiesAndNeverOtherwise() {
    TwoQueueScheduler scheduler = scheduler();
    time.seconds(100);
    scheduler.submit(Tasks.fleet("fleet", time, Duration.ofSeconds(10)));
    time.seconds(100);
    assertEquals(List.of(), looks, "nothing local-heavy ran");

    scheduler.submit(Tasks.local("local", time, Duration.ofSeconds(6)));
    time.seconds(6);
    assertFalse(time.timerArmed(), "no timer is left when nothing runs");
    time.seconds(100);
    assertEquals(seconds(1, 3, 5), looks);
    assertEquals(List.of(), told);
  }

  @Test
  void aWarningIsToldOnceAndTakenBackOnceAndShownWhileItStands() {
    TwoQueueScheduler scheduler = scheduler();
    scheduler.submit(Tasks.local("local", time, Duration.ofSeconds(60)));
    sight = new Sight.Warning("0.50 GiB left", Duration.ofMillis(1));
    time.seconds(3);
    assertEquals(seconds(1, 2, 3), looks, "no faster than once a second");
    assertEquals(List.of("! 0.50 GiB left"), told);
    assertEquals(List.of("watch: 0.50 GiB left"), scheduler.snapshot().warnings());

    sight = new Sight.Calm(SECOND);
    time.seconds(2);
    assertEquals(List.of("! 0.50 GiB left", "ok all is well again"), told);
    assertEquals(List.of(), scheduler.snapshot().warnings());

    sight = new Sight.Warning("0.40 GiB left", SECOND);
    time.seconds(60);
    assertEquals(3, told.size());
    assertEquals(List.of(), scheduler.snapshot().warnings(), "it is gone with the task");
  }

  @Test
  void aStopCancelsTheTaskWithItsReasonAndLooksNoMore() {
    TwoQueueScheduler scheduler = scheduler();
    CompletableFuture<String> body = new CompletableFuture<>();
    TaskHandle<String> handle =
        scheduler.submit(
            LocalHeavyTask.<String>asyncBuilder(
                    LocalKind.LOAD,
                    "load",
                    task -> {
                      task.cancellation().onCancel(() -> body.cancel(false));
                      return body;
                    })
                .build());
    sight = new Sight.Stop("0.10 GiB left");
    time.seconds(10);
    assertEquals(new Outcome.Cancelled<>("0.10 GiB left"), handle.outcome().orElseThrow());
    assertEquals(List.of("! 0.10 GiB left"), told);
    assertEquals(seconds(1), looks);
  }

  @Test
  void aWatchThatCannotTellWarnsAndNeverStops() {
    List<String> warnings = new ArrayList<>();
    TwoQueueScheduler scheduler =
        time.scheduler()
            .watch((id, task) -> null)
            .watch(
                (id, task) -> {
                  throw new IllegalStateException("no figures");
                })
            .watch((id, task) -> occupied -> null)
            .listener(
                event -> {
                  if (event instanceof SchedulerEvent.Warned warned) {
                    warnings.add(warned.text());
                  }
                })
            .build();
    TaskHandle<String> handle =
        scheduler.submit(Tasks.local("local", time, Duration.ofSeconds(20)));
    time.seconds(10);
    assertEquals(3, warnings.size(), warnings::toString);
    assertTrue(warnings.get(1).contains("no figures"), warnings::toString);
    assertEquals(3, scheduler.snapshot().warnings().size());
    time.seconds(20);
    assertEquals(TaskState.SUCCEEDED, handle.state());
  }

  @Test
  void aSuspendedTaskIsNotWatchedAndBegunAnewWhenItGoesOn() {
    TwoQueueScheduler scheduler = scheduler();
    scheduler.pause(TaskClass.FLEET);
    TaskHandle<String> awaited =
        scheduler.submit(Tasks.fleet("call", time, Duration.ofSeconds(30)));
    LocalHeavyTask<String> task =
        LocalHeavyTask.<String>asyncBuilder(
                LocalKind.OTHER,
                "oracle",
                context -> {
                  CompletionStage<String> answer = context.awaitAsync(awaited);
                  return answer.thenCompose(text -> time.after(Duration.ofSeconds(4), text));
                })
            .build();
    TaskHandle<String> handle = scheduler.submit(task);
    time.run();
    scheduler.resume(TaskClass.FLEET);
    time.seconds(60);
    assertEquals(TaskState.SUCCEEDED, handle.state());
    assertEquals(seconds(1, 3), looks, "only once it had gone on");
  }
}
