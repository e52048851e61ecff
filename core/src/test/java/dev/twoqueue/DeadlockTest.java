package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wait that could never end gets an exception at once that names the chain (I10). */
@Timeout(40)
class DeadlockTest {
  private final List<Latched> bodies = new ArrayList<>();
  private TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    bodies.forEach(Latched::release);
    scheduler.shutdownNow("the test is over");
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
  }

  /** The ways to wait that block the body's thread while it keeps its slot. */
  enum PlainWait {
    JOIN {
      @Override
      void on(TaskHandle<?> handle) {
        handle.join();
      }
    },
    TIMED_GET {
      @Override
      void on(TaskHandle<?> handle) throws Exception {
        handle.get(Duration.ofDays(1));
      }
    },
    FUTURE_JOIN {
      @Override
      void on(TaskHandle<?> handle) {
        handle.toCompletableFuture().join();
      }
    },
    FUTURE_GET {
      @Override
      void on(TaskHandle<?> handle) throws Exception {
        handle.toCompletableFuture().get();
      }
    },
    FUTURE_TIMED_GET {
      @Override
      void on(TaskHandle<?> handle) throws Exception {
        handle.toCompletableFuture().get(1, TimeUnit.DAYS);
      }
    };

    abstract void on(TaskHandle<?> handle) throws Exception;

    TaskDeadlockException failsOn(TaskHandle<?> handle) {
      return assertThrows(TaskDeadlockException.class, () -> on(handle));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFleetTaskThatJoinsALocalOne(PlainWait wait) {
    TaskHandle<TaskDeadlockException> asker =
        scheduler.submit(
            Tasks.fleet("asker", t -> wait.failsOn(scheduler.submit(Tasks.local("oracle")))));
    TaskDeadlockException dead = Tasks.result(asker);
    assertEquals(List.of("#1 'asker'", "#2 'oracle'"), dead.chain());
    String message = String.valueOf(dead.getMessage());
    assertTrue(message.contains("#1 'asker' → #2 'oracle'"), message);
    assertTrue(message.contains("#2 'oracle' cannot start while #1 'asker' occupies"), message);
    assertTrue(dead.whatToDo().contains("TaskContext.await"), dead.whatToDo());
  }

  @ParameterizedTest
  @EnumSource
  void aLocalTaskThatJoinsAFleetTask(PlainWait wait) {
    TaskHandle<TaskDeadlockException> asker =
        scheduler.submit(
            Tasks.local("asker", t -> wait.failsOn(scheduler.submit(Tasks.fleet("agent")))));
    assertEquals(List.of("#1 'asker'", "#2 'agent'"), Tasks.result(asker).chain());
  }

  @ParameterizedTest
  @EnumSource
  void aLocalTaskThatJoinsALocalOne(PlainWait wait) {
    TaskHandle<TaskDeadlockException> asker =
        scheduler.submit(
            Tasks.local("asker", t -> wait.failsOn(scheduler.submit(Tasks.local("next")))));
    assertEquals(List.of("#1 'asker'", "#2 'next'"), Tasks.result(asker).chain());
  }

  @Test
  void aWaitForADerivedStageCannotBeSeen() {
    TaskHandle<String> asker =
        scheduler.submit(
            Tasks.fleet(
                "asker",
                task -> {
                  TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
                  CompletableFuture<String> derived =
                      oracle.toCompletableFuture().thenCompose(CompletableFuture::completedFuture);
                  assertThrows(TimeoutException.class, () -> derived.get(1, TimeUnit.MILLISECONDS));
                  return task.await(oracle); // as the documentation says
                }));
    assertEquals("oracle", Tasks.result(asker));
  }

  @Test
  void inAnAwaitTheBodyThatBlocksIsNamedToo() {
    // The agent awaits the oracle; the oracle joins the agent.
    CompletableFuture<TaskHandle<String>> agent = new CompletableFuture<>();
    LocalHeavyTask<String> oracle =
        Tasks.local(
            "oracle",
            task ->
                String.join(
                    " ",
                    assertThrows(TaskDeadlockException.class, () -> agent.join().join()).chain()));
    agent.complete(
        scheduler.submit(Tasks.fleet("agent", task -> task.await(scheduler.submit(oracle)))));
    assertEquals("#2 'oracle' #1 'agent'", Tasks.result(agent.join()));
  }

  @Test
  void aTaskThatAwaitsOrJoinsItself() {
    CompletableFuture<TaskHandle<String>> self = new CompletableFuture<>();
    self.complete(
        scheduler.submit(
            Tasks.local(
                "self",
                task -> {
                  TaskHandle<String> me = self.join();
                  assertThrows(TaskDeadlockException.class, me::join);
                  return String.join(
                      " ", assertThrows(TaskDeadlockException.class, () -> task.await(me)).chain());
                })));
    assertEquals("#1 'self' #1 'self'", Tasks.result(self.join()));
  }

  @Test
  void twoTasksThatAwaitEachOther() {
    CompletableFuture<TaskHandle<String>> second = new CompletableFuture<>();
    TaskHandle<String> first =
        scheduler.submit(Tasks.fleet("first", task -> task.await(second.join())));
    second.complete(
        scheduler.submit(
            Tasks.fleet(
                "second",
                task -> {
                  Eventually.holds("it awaits", () -> first.state() == TaskState.SUSPENDED);
                  return String.join(
                      " ",
                      assertThrows(TaskDeadlockException.class, () -> task.await(first)).chain());
                })));
    assertEquals("#2 'second' #1 'first' #2 'second'", Tasks.result(first));
  }

  @Test
  void whoJoinsATaskCanBlockTheAwaitOfThatTask() {
    // The first joins the second and keeps its slot; the second awaits an oracle.
    CompletableFuture<TaskHandle<String>> second = new CompletableFuture<>();
    AtomicReference<Thread> joining = new AtomicReference<>();
    TaskHandle<String> first =
        scheduler.submit(
            Tasks.fleet(
                "first",
                task -> {
                  TaskHandle<String> target = second.join();
                  joining.set(Thread.currentThread());
                  return target.join();
                }));
    second.complete(
        scheduler.submit(
            Tasks.fleet(
                "second",
                task -> {
                  Eventually.holds("the first one joins", () -> waits(joining.get()));
                  TaskHandle<String> oracle = scheduler.submit(Tasks.local("oracle"));
                  return String.join(
                      " ",
                      assertThrows(TaskDeadlockException.class, () -> task.await(oracle)).chain());
                })));
    assertEquals("#2 'second' #3 'oracle'", Tasks.result(first));
  }

  private static boolean waits(@Nullable Thread thread) {
    return thread != null && thread.getState() == Thread.State.WAITING;
  }

  @Test
  void aJoinThroughAClosedDoorWorks() {
    CompletableFuture<TaskHandle<String>> oracle = new CompletableFuture<>();
    TaskHandle<String> agent =
        scheduler.submit(
            Tasks.fleet(
                "agent",
                task -> {
                  oracle.complete(scheduler.submit(Tasks.local("oracle")));
                  TaskHandle<String> unneeded = scheduler.submit(Tasks.fleet("unneeded"));
                  TaskHandle<String> needed = scheduler.submit(Tasks.fleet("needed"));
                  String result = needed.join();
                  return result + ", " + unneeded.state();
                }));
    assertEquals("needed, QUEUED", Tasks.result(agent), "only what is waited for passes the door");
    assertEquals("oracle", Tasks.result(oracle.join()));
  }

  @Test
  void whenAllPermitsAreHeldByJoinersTheLastOneFails() {
    scheduler = TwoQueueScheduler.builder().fleetLimit(2).build();
    Latched other = body();
    scheduler.submit(Tasks.fleet("other", other));
    TaskHandle<String> asker =
        scheduler.submit(Tasks.fleet("asker", t -> scheduler.submit(Tasks.fleet("behind")).join()));
    assertEquals(TaskState.RUNNING, asker.state());
    other.release();
    assertEquals("behind", Tasks.result(asker), "the other one's permit serves it");
    scheduler.fleetLimit(1);
    TaskHandle<String> alone =
        scheduler.submit(Tasks.fleet("alone", t -> scheduler.submit(Tasks.fleet("behind")).join()));
    TaskFailedException failed = assertThrows(TaskFailedException.class, () -> Tasks.result(alone));
    TaskDeadlockException dead = assertInstanceOf(TaskDeadlockException.class, failed.getCause());
    assertTrue(String.valueOf(dead.getMessage()).contains("all 1 fleet permits"), dead.what());
  }

  @Test
  void aLimitThatIsLoweredFailsAJoinThatCanEndNoMore() throws InterruptedException {
    scheduler = TwoQueueScheduler.builder().fleetLimit(2).build();
    Latched other = body();
    TaskHandle<String> occupant = scheduler.submit(Tasks.fleet("occupant", other));
    other.awaitBegun();
    TaskHandle<String> asker =
        scheduler.submit(Tasks.fleet("asker", t -> scheduler.submit(Tasks.fleet("behind")).join()));
    Eventually.holds("it waits behind", () -> scheduler.snapshot().fleet().queued() == 1);
    scheduler.fleetLimit(1);
    other.release();
    assertEquals("released", Tasks.result(occupant));
    TaskFailedException failed = assertThrows(TaskFailedException.class, () -> Tasks.result(asker));
    assertInstanceOf(TaskDeadlockException.class, failed.getCause());
  }

  @Test
  void aTaskThatCouldNotGetItsSlotBackMustNotGiveItUp() throws InterruptedException {
    // One joins the other; with the limit lowered to one, the joiner's permit is the only one.
    Latched ending = body();
    TaskHandle<String> running = scheduler.submit(Tasks.fleet("running", ending));
    ending.awaitBegun();
    CompletableFuture<TaskHandle<String>> other = new CompletableFuture<>();
    AtomicReference<Thread> joining = new AtomicReference<>();
    TaskHandle<String> joiner =
        scheduler.submit(
            Tasks.fleet(
                "joiner",
                task -> {
                  TaskHandle<String> target = other.join();
                  joining.set(Thread.currentThread());
                  return target.join();
                }));
    other.complete(
        scheduler.submit(
            Tasks.fleet(
                "other",
                task -> {
                  Eventually.holds("it is joined", () -> waits(joining.get()));
                  scheduler.fleetLimit(1);
                  return assertThrows(TaskDeadlockException.class, () -> task.await(running))
                      .chain()
                      .toString();
                })));
    assertEquals("[#3 'other', #1 'running']", Tasks.result(joiner));
  }

  private Latched body() {
    Latched body = Latched.polite();
    bodies.add(body);
    return body;
  }
}
