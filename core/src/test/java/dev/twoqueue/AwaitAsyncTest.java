package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Asynchronous bodies that give their slot up (I10), in manual time. */
class AwaitAsyncTest {
  private final ManualTime time = new ManualTime();
  private final List<String> seen = new ArrayList<>();

  @Test
  void theStageCompletesWhenTheTaskOccupiesAgain() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    TaskHandle<String> oracle =
        scheduler.submit(Tasks.local("oracle", time, Duration.ofSeconds(9)));
    scheduler.pause(TaskClass.LOCAL_HEAVY);
    TaskHandle<String> agent =
        scheduler.submit(
            FleetTask.async(
                "agent",
                task ->
                    task.awaitAsync(oracle)
                        .thenApply(
                            answer -> {
                              seen.add("fleet " + scheduler.snapshot().fleet().running().size());
                              return answer + " answered";
                            })));
    time.seconds(9);
    assertEquals(TaskState.SUCCEEDED, oracle.state());
    time.run();
    assertEquals("oracle answered", Tasks.ended(agent));
    assertEquals(List.of("fleet 1"), seen);
  }

  @Test
  void meanwhileTheSlotIsFree() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent", time, Duration.ofSeconds(1)));
    time.run();
    TaskHandle<String> oracle =
        scheduler.submit(Tasks.local("oracle", time, Duration.ofSeconds(9)));
    time.seconds(1);
    assertEquals("agent", Tasks.ended(agent));
    TaskHandle<String> asker =
        scheduler.submit(FleetTask.async("asker", task -> task.awaitAsync(oracle)));
    TaskHandle<String> pull = scheduler.submit(asking("pull", asker));
    time.seconds(9);
    assertEquals("oracle", Tasks.ended(asker));
    time.run();
    assertEquals("oracle", Tasks.ended(pull));
  }

  private static LocalHeavyTask<String> asking(String name, TaskHandle<String> other) {
    return LocalHeavyTask.asyncBuilder(LocalKind.PULL, name, task -> task.awaitAsync(other))
        .build();
  }

  @Test
  void aSecondAwaitWhileSuspendedIsAnError() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    CompletableFuture<String> never = new CompletableFuture<>();
    TaskHandle<String> target = scheduler.submit(FleetTask.async("target", task -> never));
    TaskHandle<String> agent =
        scheduler.submit(
            FleetTask.async(
                "agent",
                task -> {
                  CompletionStage<String> first = task.awaitAsync(target);
                  seen.add(
                      String.valueOf(
                          assertThrows(IllegalStateException.class, () -> task.awaitAsync(target))
                              .getMessage()));
                  return first;
                }));
    time.run();
    assertEquals(TaskState.SUSPENDED, agent.state());
    assertTrue(seen.get(0).contains("cannot await: it is SUSPENDED"), seen.get(0));
    never.complete("done");
    time.run();
    assertEquals("done", Tasks.ended(agent));
  }

  @Test
  void aDeadlockIsThrownAtOnceAndTheSlotKept() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    List<TaskHandle<String>> self = new ArrayList<>();
    self.add(
        scheduler.submit(
            FleetTask.async(
                "self",
                task -> {
                  assertThrows(TaskDeadlockException.class, () -> task.awaitAsync(self.get(0)));
                  return CompletableFuture.completedFuture(self.get(0).state().name());
                })));
    time.run();
    assertEquals("RUNNING", Tasks.ended(self.get(0)));
  }

  @Test
  void aCancelEndsTheStage() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    CompletableFuture<String> never = new CompletableFuture<>();
    TaskHandle<String> target = scheduler.submit(FleetTask.async("target", task -> never));
    TaskHandle<String> agent =
        scheduler.submit(
            FleetTask.async(
                "agent",
                task ->
                    task.awaitAsync(target)
                        .whenComplete((value, thrown) -> seen.add(String.valueOf(thrown)))));
    time.run();
    assertTrue(agent.cancel("enough"));
    time.run();
    assertEquals(TaskState.CANCELLED, agent.state());
    assertTrue(seen.get(0).contains(CancellationException.class.getName()), seen.get(0));
    assertEquals(TaskState.RUNNING, target.state());
  }

  @Test
  void aRefusalEndsTheStage() {
    int[] looks = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .gate(
                request ->
                    request.task().name().equals("outer") && ++looks[0] > 1
                        ? Verdict.refuse("no room any more")
                        : Verdict.proceed())
            .build();
    List<Throwable> thrown = new ArrayList<>();
    TaskHandle<String> outer =
        scheduler.submit(
            LocalHeavyTask.asyncBuilder(
                    LocalKind.OTHER,
                    "outer",
                    task ->
                        task.awaitAsync(scheduler.submit(Tasks.local("inner")))
                            .exceptionally(
                                why -> {
                                  thrown.add(why);
                                  return "went on without";
                                }))
                .build());
    time.run();
    assertEquals("went on without", Tasks.ended(outer));
    CompletionException wrapped = assertInstanceOf(CompletionException.class, thrown.get(0));
    assertInstanceOf(TaskRefusedException.class, wrapped.getCause());
  }

  @Test
  void aBodyThatEndsWhileSuspendedHadGivenItsSlotUpBefore() {
    TwoQueueScheduler scheduler = time.scheduler().build();
    CompletableFuture<String> never = new CompletableFuture<>();
    TaskHandle<String> target = scheduler.submit(FleetTask.async("target", task -> never));
    TaskHandle<String> agent =
        scheduler.submit(
            FleetTask.async(
                "agent",
                task -> {
                  task.awaitAsync(target).thenAccept(seen::add);
                  return time.after(Duration.ofSeconds(1), "did not wait");
                }));
    time.seconds(1);
    assertEquals("did not wait", Tasks.ended(agent));
    assertEquals(1, scheduler.snapshot().fleet().running().size());
    assertTrue(scheduler.snapshot().fleet().suspended().isEmpty());
    never.complete("done");
    time.run();
    assertEquals("done", Tasks.ended(target));
    assertTrue(scheduler.snapshot().fleet().running().isEmpty());
  }
}
