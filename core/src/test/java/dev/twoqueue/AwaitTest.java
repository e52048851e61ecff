package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that gives its slot up while it waits (I10), on real threads. */
@Timeout(40)
class AwaitTest {
  private final List<Latched> bodies = new ArrayList<>();
  private TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    bodies.forEach(Latched::release);
    scheduler.shutdownNow("the test is over");
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
  }

  private Latched body() {
    Latched body = Latched.polite();
    bodies.add(body);
    return body;
  }

  private TaskHandle<String> suspended(TaskBody<String> body) {
    TaskHandle<String> handle = scheduler.submit(Tasks.local("awaiting", body));
    Eventually.holds("it is suspended", () -> handle.state() == TaskState.SUSPENDED);
    return handle;
  }

  @Test
  void aFleetTaskAwaitsAnOracleWithoutMixingTheClasses() {
    CompletableFuture<SchedulerSnapshot> during = new CompletableFuture<>();
    LocalHeavyTask<Integer> oracle =
        Tasks.local(
            "oracle",
            task -> {
              during.complete(scheduler.snapshot());
              return 42;
            });
    TaskHandle<Integer> agent =
        scheduler.submit(Tasks.fleet("agent", task -> task.await(scheduler.submit(oracle)) + 1));
    assertEquals(43, Tasks.result(agent));
    SchedulerSnapshot seen = during.join();
    assertEquals(List.of(), seen.fleet().running());
    SchedulerSnapshot.TaskView waiting = seen.fleet().suspended().get(0);
    assertEquals(agent.id(), waiting.id());
    assertEquals(WaitReason.Cause.AWAITING, waiting.waitsFor().orElseThrow().cause());
    assertEquals("awaits #2 'oracle'", waiting.waitsFor().orElseThrow().text());
  }

  @Test
  void underALocalTaskAnotherRunsThoughNeverTwoAtOnce() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    TaskHandle<Integer> outer =
        scheduler.submit(
            Tasks.local(
                "outer",
                task -> {
                  int sum = 0;
                  for (int i = 1; i <= 50; i++) {
                    int number = i;
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    TaskHandle<Integer> inner =
                        scheduler.submit(
                            Tasks.local(
                                "inner",
                                deep -> {
                                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                  inside.decrementAndGet();
                                  return number;
                                }));
                    inside.decrementAndGet();
                    sum += task.await(inner);
                    most.accumulateAndGet(inside.get() + 1, Math::max);
                  }
                  return sum;
                }));
    assertEquals(1275, Tasks.result(outer));
    assertEquals(1, most.get());
  }

  @Test
  void whatHasEndedIsReturnedAtOnceAndTheSlotKept() {
    TaskHandle<String> early = scheduler.submit(Tasks.local("early"));
    assertEquals("early", Tasks.result(early));
    TaskHandle<String> asker =
        scheduler.submit(
            Tasks.fleet(
                "asker",
                task -> {
                  scheduler.pause(TaskClass.FLEET); // it could not get its slot back
                  String result = task.await(early);
                  scheduler.resume(TaskClass.FLEET);
                  return result;
                }));
    assertEquals("early", Tasks.result(asker));
  }

  @Test
  void theExceptionIsTheOneThatJoinThrows() {
    TaskHandle<String> asker =
        scheduler.submit(
            Tasks.local(
                "asker",
                task ->
                    task.await(
                        scheduler.submit(
                            Tasks.<String>fleet(
                                "fails",
                                inner -> {
                                  throw new IllegalStateException("broken");
                                })))));
    TaskFailedException outer = assertThrows(TaskFailedException.class, () -> Tasks.result(asker));
    TaskFailedException inner = assertInstanceOf(TaskFailedException.class, outer.getCause());
    assertEquals("java.lang.IllegalStateException: broken", String.valueOf(inner.getCause()));
  }

  @Test
  void tooManySuspendedTasksFailAtOnceAndKeepTheirSlot() throws InterruptedException {
    scheduler = TwoQueueScheduler.builder().suspendedLimit(1).build();
    Latched blocker = body();
    TaskHandle<String> target = scheduler.submit(Tasks.fleet("target", blocker));
    blocker.awaitBegun();
    TaskHandle<String> first = scheduler.submit(Tasks.fleet("first", t -> t.await(target)));
    Eventually.holds("suspended", () -> first.state() == TaskState.SUSPENDED);
    CompletableFuture<TaskState> after = new CompletableFuture<>();
    CompletableFuture<TaskHandle<String>> self = new CompletableFuture<>();
    TaskHandle<String> second =
        scheduler.submit(
            Tasks.fleet(
                "second",
                task -> {
                  TaskDeadlockException dead =
                      assertThrows(TaskDeadlockException.class, () -> task.await(target));
                  after.complete(self.join().state());
                  return String.valueOf(dead.getMessage());
                }));
    self.complete(second);
    String message = Tasks.result(second);
    assertTrue(message.contains("1 tasks are suspended already"), message);
    assertEquals(TaskState.RUNNING, after.join());
    blocker.release();
    assertEquals("released", Tasks.result(first));
  }

  @Test
  void aCancelEndsTheAwaitOnlyWhenTheTaskOccupiesAgain() throws InterruptedException {
    Latched occupant = body();
    CompletableFuture<SchedulerSnapshot> whenBack = new CompletableFuture<>();
    TaskHandle<String> awaiting =
        suspended(
            task -> {
              TaskHandle<String> other = scheduler.submit(Tasks.local("occupant", occupant));
              try {
                return task.await(other);
              } catch (CancellationException told) {
                whenBack.complete(scheduler.snapshot());
                throw told;
              }
            });
    occupant.awaitBegun();
    assertTrue(awaiting.cancel("no longer needed"));
    assertEquals(TaskState.SUSPENDED, awaiting.state(), "the other one occupies");
    assertFalse(whenBack.isDone());
    occupant.release();
    assertEquals(
        "no longer needed",
        assertThrows(TaskCancelledException.class, () -> Tasks.result(awaiting)).reason());
    assertEquals(
        List.of(awaiting.id()),
        whenBack.join().localHeavy().running().stream()
            .map(SchedulerSnapshot.TaskView::id)
            .toList());
  }

  @Test
  void aCancelReachesATaskWhoseTargetNeverEnds() throws InterruptedException {
    Latched agent = body();
    TaskHandle<String> awaiting =
        suspended(task -> task.await(scheduler.submit(Tasks.fleet("agent", agent))));
    agent.awaitBegun();
    assertTrue(awaiting.cancel("stop"));
    agent.release();
    assertThrows(TaskCancelledException.class, () -> Tasks.result(awaiting));
  }

  @Test
  void aRunTimeoutReachesASuspendedTask() throws InterruptedException {
    Latched agent = body();
    CompletableFuture<String> inBody = new CompletableFuture<>();
    CountDownLatch told = new CountDownLatch(1);
    TaskHandle<String> awaiting =
        scheduler.submit(
            LocalHeavyTask.builder(
                    LocalKind.OTHER,
                    "awaiting",
                    task -> {
                      task.cancellation().onCancel(told::countDown);
                      try {
                        return task.await(scheduler.submit(Tasks.fleet("agent", agent)));
                      } catch (CancellationException thrown) {
                        inBody.complete(String.valueOf(thrown.getMessage()));
                        throw thrown;
                      }
                    })
                .runTimeout(Duration.ofMillis(200))
                .build());
    agent.awaitBegun();
    assertThrows(TaskTimeoutException.class, () -> Tasks.result(awaiting));
    assertTrue(told.await(10, TimeUnit.SECONDS));
    assertFalse(inBody.isDone(), "the fleet occupies, so the body may not go on yet");
    agent.release();
    Eventually.holds("the body is told", () -> inBody.isDone());
    assertTrue(inBody.join().contains("ran longer than"));
  }

  @Test
  void shutdownNowReachesASuspendedTask() throws InterruptedException {
    Latched agent = body();
    TaskHandle<String> awaiting =
        suspended(task -> task.await(scheduler.submit(Tasks.fleet("agent", agent))));
    agent.awaitBegun();
    assertEquals(List.of(), scheduler.shutdownNow("over"));
    assertThrows(TaskCancelledException.class, () -> Tasks.result(awaiting));
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)));
  }

  @Test
  void aShutdownLetsASuspendedTaskGoOnAndEnd() throws InterruptedException {
    Latched agent = body();
    TaskHandle<String> awaiting =
        suspended(task -> task.await(scheduler.submit(Tasks.fleet("agent", agent))));
    agent.awaitBegun();
    scheduler.shutdown();
    assertFalse(scheduler.isTerminated());
    agent.release();
    assertEquals("released", Tasks.result(awaiting));
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)));
  }

  @Test
  void aTaskThatIsRefusedItsSlotBackFailsItsAwait() {
    AtomicInteger looks = new AtomicInteger();
    scheduler =
        TwoQueueScheduler.builder()
            .gate(
                request ->
                    request.task().name().equals("outer") && looks.incrementAndGet() > 1
                        ? Verdict.refuse("its model does not fit any more")
                        : Verdict.proceed())
            .build();
    CompletableFuture<Boolean> occupies = new CompletableFuture<>();
    TaskHandle<String> outer =
        scheduler.submit(
            Tasks.local(
                "outer",
                task -> {
                  TaskRefusedException refused =
                      assertThrows(
                          TaskRefusedException.class,
                          () -> task.await(scheduler.submit(Tasks.local("inner"))));
                  occupies.complete(!scheduler.snapshot().localHeavy().running().isEmpty());
                  return refused.reason();
                }));
    assertEquals("its model does not fit any more", Tasks.result(outer));
    assertEquals(2, looks.get(), "getting the slot back is a start, with its look");
    assertTrue(occupies.join(), "it occupies while it unwinds");
  }

  @Test
  void awaitIsForTheBodysOwnThreadAndScheduler() {
    try (TwoQueueScheduler other = TwoQueueScheduler.builder().build()) {
      TaskHandle<String> foreign = other.submit(Tasks.local("foreign"));
      TaskHandle<TaskContext> leaking =
          scheduler.submit(
              Tasks.fleet(
                  "leaking",
                  task -> {
                    assertThrows(IllegalArgumentException.class, () -> task.await(foreign));
                    TaskHandle<String> ours = scheduler.submit(Tasks.local("ours"));
                    Throwable elsewhere =
                        CompletableFuture.supplyAsync(
                                () ->
                                    assertThrows(
                                        IllegalStateException.class, () -> task.await(ours)))
                            .join();
                    assertTrue(String.valueOf(elsewhere.getMessage()).contains("own thread"));
                    return task;
                  }));
      TaskContext outlived = Tasks.result(leaking);
      TaskHandle<String> late = scheduler.submit(Tasks.local("late"));
      assertThrows(IllegalStateException.class, () -> outlived.await(late));
      assertThrows(IllegalStateException.class, () -> outlived.awaitAsync(late));
      assertEquals("late", Tasks.result(late));
      assertEquals("foreign", Tasks.result(foreign));
    }
  }
}
