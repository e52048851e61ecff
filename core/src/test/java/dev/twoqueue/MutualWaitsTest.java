package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that wait for each other, in every way there is, and tasks that wait ever deeper (I10). */
@Timeout(40)
class MutualWaitsTest {
  private static final int BOUND = 20;

  private final List<Thread> waiting = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();
  private TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    scheduler.shutdownNow("the test is over");
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
  }

  /** The second one to wait is told at once, with both names; then the first one goes on. */
  @ParameterizedTest
  @EnumSource
  void twoThatBlockOnEachOther(DeadlockTest.PlainWait wait) {
    CompletableFuture<TaskHandle<String>> second = new CompletableFuture<>();
    TaskHandle<String> first =
        scheduler.submit(
            Tasks.fleet(
                "first",
                task -> {
                  TaskHandle<String> other = second.join();
                  waiting.add(Thread.currentThread());
                  wait.on(other);
                  return "went on";
                }));
    second.complete(
        scheduler.submit(
            Tasks.fleet(
                "second",
                task -> {
                  Eventually.holds("the first one waits", () -> allWait(1));
                  return String.join(" ", wait.failsOn(first).chain());
                })));
    assertEquals("#2 'second' #1 'first' #2 'second'", Tasks.result(second.join()));
    assertEquals("went on", Tasks.result(first));
  }

  /** Each link of the chain is a future; who would close it is told all of it. */
  @Test
  void aChainThroughFuturesIsNamedWhole() {
    CompletableFuture<TaskHandle<String>> last = new CompletableFuture<>();
    TaskHandle<String> first =
        scheduler.submit(
            Tasks.fleet(
                "first",
                task -> {
                  CompletableFuture<String> future = last.join().toCompletableFuture();
                  waiting.add(Thread.currentThread());
                  return future.join();
                }));
    TaskHandle<String> middle =
        scheduler.submit(
            Tasks.fleet(
                "middle",
                task -> {
                  waiting.add(Thread.currentThread());
                  return first.toCompletableFuture().get();
                }));
    last.complete(
        scheduler.submit(
            Tasks.fleet(
                "last",
                task -> {
                  Eventually.holds("the others wait", () -> allWait(2));
                  return String.join(
                      " ", DeadlockTest.PlainWait.FUTURE_GET.failsOn(middle).chain());
                })));
    assertEquals("#3 'last' #2 'middle' #1 'first' #3 'last'", Tasks.result(middle));
  }

  private boolean allWait(int number) {
    return waiting.size() == number && waiting.stream().allMatch(MutualWaitsTest::waits);
  }

  private static boolean waits(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  /** Each level gives its slot up for the next one, down to the bound, and all come back. */
  @ParameterizedTest
  @EnumSource
  void awaitsGoAsDeepAsTheBoundAndNoDeeper(TaskClass taskClass) {
    scheduler = TwoQueueScheduler.builder().suspendedLimit(BOUND).fleetLimit(1).build();
    assertEquals(BOUND, Tasks.result(descend(taskClass)));
    assertEquals(1, mostInside.get(), "never two at once");
    SchedulerSnapshot after = scheduler.snapshot();
    assertEquals(0, after.localHeavy().suspended().size() + after.fleet().suspended().size());
  }

  /** Ends with how many levels there are below the one that is submitted. */
  private TaskHandle<Integer> descend(TaskClass taskClass) {
    TaskBody<Integer> body =
        task -> {
          mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
          TaskHandle<Integer> deeper = descend(taskClass);
          inside.decrementAndGet();
          int levels = 0;
          try {
            levels = task.await(deeper) + 1;
          } catch (TaskDeadlockException tooDeep) {
            assertTrue(tooDeep.what().contains(BOUND + " tasks are suspended"), tooDeep.what());
            deeper.cancel("it would be too deep");
          }
          mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
          inside.decrementAndGet();
          return levels;
        };
    return taskClass == TaskClass.FLEET
        ? scheduler.submit(Tasks.fleet("level", body))
        : scheduler.submit(Tasks.local("level", body));
  }
}
