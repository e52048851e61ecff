package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancel means it (I8), and every task ends exactly once whatever races (I7); on real threads. */
@Timeout(40)
class CancelTest {
  private final ExecutorService oneThread = Executors.newSingleThreadExecutor();
  private final List<TwoQueueScheduler> schedulers = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    for (TwoQueueScheduler scheduler : schedulers) {
      scheduler.shutdown();
      assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
    }
    oneThread.shutdown();
    assertTrue(oneThread.awaitTermination(10, TimeUnit.SECONDS));
  }

  private TwoQueueScheduler built(SchedulerBuilder builder) {
    TwoQueueScheduler scheduler = builder.build();
    schedulers.add(scheduler);
    return scheduler;
  }

  @Test
  void aQueuedTaskThatIsCancelledNeverRuns() throws InterruptedException {
    TwoQueueScheduler scheduler = built(TwoQueueScheduler.builder().fleetLimit(1));
    Latched first = Latched.polite();
    TaskHandle<String> running = scheduler.submit(Tasks.fleet("running", first));
    first.awaitBegun();
    Latched never = Latched.polite();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent", never));
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep", never));
    for (TaskHandle<String> queued : List.of(agent, sweep)) {
      assertTrue(queued.cancel("changed my mind"));
      assertEquals(TaskState.CANCELLED, queued.state());
      assertFalse(queued.cancel("again"));
      TaskCancelledException thrown = assertThrows(TaskCancelledException.class, queued::join);
      assertEquals("changed my mind", thrown.reason());
    }
    first.release();
    assertEquals("released", Tasks.result(running));
    assertEquals("after", Tasks.result(scheduler.submit(Tasks.local("after"))));
    assertFalse(never.hasBegun());
  }

  @Test
  void aRunningTaskIsToldInEveryWayAndEndsWhenItsBodyDoes() throws InterruptedException {
    TwoQueueScheduler scheduler = built(TwoQueueScheduler.builder());
    CountDownLatch actions = new CountDownLatch(2);
    AtomicBoolean takenBack = new AtomicBoolean();
    AtomicBoolean seenByToken = new AtomicBoolean();
    Latched body = Latched.stubborn();
    TaskHandle<String> running =
        scheduler.submit(
            Tasks.local(
                "running",
                task -> {
                  task.cancellation().onCancel(actions::countDown);
                  task.cancellation()
                      .onCancel(
                          () -> {
                            throw new IllegalStateException("an action that throws");
                          });
                  task.cancellation().onCancel(() -> takenBack.set(true)).close();
                  body.run(task);
                  seenByToken.set(task.cancellation().isCancelled());
                  task.cancellation().onCancel(actions::countDown); // told before: runs at once
                  return "a result that comes too late";
                }));
    body.awaitBegun();
    assertTrue(running.cancel("stop"));
    assertFalse(running.cancel("again"), "it had been told before");
    body.awaitInterrupted();
    assertEquals(TaskState.RUNNING, running.state(), "it occupies until it has ended");
    assertEquals(1, scheduler.snapshot().localHeavy().running().size());
    body.release();
    assertEquals(
        "stop", assertThrows(TaskCancelledException.class, () -> Tasks.result(running)).reason());
    assertTrue(actions.await(10, TimeUnit.SECONDS));
    assertTrue(seenByToken.get());
    assertFalse(takenBack.get());
  }

  @Test
  void aBodyThatThrewBecauseItWasToldEndsAsCancelled() throws InterruptedException {
    TwoQueueScheduler scheduler = built(TwoQueueScheduler.builder());
    Latched body = Latched.polite();
    TaskHandle<String> running = scheduler.submit(Tasks.fleet("running", body));
    body.awaitBegun();
    assertTrue(running.cancel("stop"));
    assertThrows(TaskCancelledException.class, () -> Tasks.result(running));
    assertEquals(new Outcome.Cancelled<>("stop"), running.outcome().orElseThrow());
  }

  @Test
  void aCancelThatOvertakesTheStartKeepsTheBodyFromRunning() {
    List<Runnable> waiting = new ArrayList<>();
    TwoQueueScheduler scheduler =
        built(TwoQueueScheduler.builder().executor(waiting::add).callbackExecutor(Runnable::run));
    Latched never = Latched.polite();
    TaskHandle<String> handle = scheduler.submit(Tasks.local("overtaken", never));
    assertEquals(TaskState.RUNNING, handle.state(), "it occupies while it waits for a thread");
    assertTrue(handle.cancel("overtakes"));
    TaskHandle<String> next = scheduler.submit(Tasks.local("next"));
    assertEquals(TaskState.QUEUED, next.state());
    waiting.remove(0).run();
    assertFalse(never.hasBegun());
    assertEquals(TaskState.CANCELLED, handle.state());
    waiting.remove(0).run();
    assertEquals("next", next.join());
  }

  @Test
  void noInterruptIsLeftOnTheThread() {
    AtomicInteger left = new AtomicInteger();
    AtomicInteger reached = new AtomicInteger();
    AtomicLong begun = new AtomicLong();
    TwoQueueScheduler scheduler =
        built(TwoQueueScheduler.builder().executor(counting(left)).fleetLimit(1));
    TaskBody<Boolean> brief =
        task -> {
          begun.set(task.id());
          spin(300);
          if (Thread.currentThread().isInterrupted()) {
            reached.incrementAndGet();
          }
          return task.cancellation().isCancelled();
        };
    TaskBody<Boolean> untilTold =
        task -> {
          begun.set(task.id());
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
          reached.incrementAndGet();
          return task.cancellation().isCancelled();
        };
    for (int i = 0; i < 2_000; i++) {
      // On a slow machine a brief body is always over before its cancel comes: some wait for it.
      boolean certain = i % 20 == 0;
      TaskHandle<Boolean> racing =
          scheduler.submit(Tasks.fleet("racing", certain ? untilTold : brief));
      while (begun.get() != racing.id()) {
        Thread.onSpinWait();
      }
      spin(i % 64 * 10); // so that the cancel comes now in, now after the body, now at its end
      racing.cancel("races with its end");
      int before = reached.get();
      assertFalse(Tasks.result(scheduler.submit(Tasks.fleet("next", brief))));
      assertTrue(reached.get() - before <= 1, "at most the racing one");
    }
    assertEquals(0, left.get());
    assertTrue(reached.get() >= 100, "every certain cancel reached its body");
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /** One thread that does not clear interrupts between two tasks, as a pool does. */
  private Executor counting(AtomicInteger interruptsLeft) {
    return work ->
        oneThread.execute(
            () -> {
              work.run();
              if (Thread.interrupted()) {
                interruptsLeft.incrementAndGet();
              }
            });
  }

  @Test
  void theInterruptOfATaskStaysWithinItAndThatOfTheHostIsKept() {
    ManualTime time = new ManualTime();
    TwoQueueScheduler scheduler = built(time.scheduler());
    List<Boolean> seen = new ArrayList<>();
    List<TaskHandle<Boolean>> self = new ArrayList<>();
    self.add(
        scheduler.submit(
            Tasks.fleet(
                "stops itself",
                task -> {
                  seen.add(self.get(0).cancel("by itself"));
                  return seen.add(Thread.currentThread().isInterrupted());
                })));
    time.run();
    assertFalse(Thread.interrupted(), "ours is cleared");
    assertEquals(List.of(true, true), seen);
    assertEquals(TaskState.CANCELLED, self.get(0).state());
    scheduler.submit(Tasks.fleet("undisturbed"));
    Thread.currentThread().interrupt();
    time.run();
    assertTrue(Thread.interrupted(), "the host's is not");
  }

  @Test
  void everyTaskEndsExactlyOnceWhateverRaces() {
    Map<Long, AtomicInteger> ends = new ConcurrentHashMap<>();
    TwoQueueScheduler scheduler =
        built(
            TwoQueueScheduler.builder()
                .turnPolicy(TurnPolicy.budget(Duration.ofMillis(5), Duration.ofMillis(5)))
                .listener(
                    event -> {
                      if (event instanceof SchedulerEvent.Ended ended) {
                        ends.computeIfAbsent(ended.id(), id -> new AtomicInteger())
                            .incrementAndGet();
                      }
                    })
                .eventBuffer(1_000_000));
    Duration tight = Duration.ofNanos(300_000);
    AtomicInteger completions = new AtomicInteger();
    List<CompletableFuture<Long>> futures = new ArrayList<>();
    List<TaskHandle<Long>> handles = new ArrayList<>();
    List<Outcome<Long>> first = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      TaskBody<Long> body = task -> task.id();
      TaskHandle<Long> handle =
          i % 4 == 0
              ? scheduler.submit(
                  LocalHeavyTask.builder(LocalKind.OTHER, "l" + i, body)
                      .startWithin(tight.multipliedBy(20))
                      .runTimeout(tight)
                      .build())
              : scheduler.submit(
                  FleetTask.of("f" + i, body)
                      .withStartWithin(tight.multipliedBy(20))
                      .withRunTimeout(tight));
      futures.add(
          handle.toCompletableFuture().whenComplete((v, t) -> completions.incrementAndGet()));
      handles.add(handle);
      if (i % 3 == 0) {
        handle.cancel("races");
      }
    }
    for (TaskHandle<Long> handle : handles) {
      Eventually.holds("it ends", () -> handle.outcome().isPresent());
      first.add(handle.outcome().orElseThrow());
    }
    Eventually.holds("all were told of", () -> ends.size() == handles.size());
    Eventually.holds("all futures are done", () -> completions.get() == handles.size());
    assertTrue(futures.stream().allMatch(CompletableFuture::isDone));
    for (int i = 0; i < handles.size(); i++) {
      assertSame(first.get(i), handles.get(i).outcome().orElseThrow());
      assertEquals("1", String.valueOf(ends.get(handles.get(i).id())));
    }
    long kinds = first.stream().map(Object::getClass).distinct().count();
    assertTrue(kinds >= 2, "the race had one kind of winner only: " + first.get(0));
  }
}
