package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors of the host's that misbehave (I11), on real threads. */
@Timeout(40)
class ExecutorsTest {
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Latched> bodies = new ArrayList<>();
  private TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    bodies.forEach(Latched::release);
    scheduler.shutdown();
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(10)), "a body still occupies");
    pool.shutdown();
    assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
  }

  private Latched body() {
    Latched body = Latched.polite();
    bodies.add(body);
    return body;
  }

  @Test
  void oneThatRunsInTheCallerWorks() {
    scheduler =
        TwoQueueScheduler.builder()
            .executor(Runnable::run)
            .callbackExecutor(Runnable::run)
            .gate(request -> Verdict.proceed())
            .listener(event -> {})
            .build();
    List<TaskHandle<String>> handles = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      handles.add(scheduler.submit(Tasks.fleet("agent " + i)));
      handles.add(scheduler.submit(Tasks.local("sweep " + i)));
    }
    for (TaskHandle<String> handle : handles) {
      assertEquals(handle.task().name(), Tasks.ended(handle), "it has run within submit");
    }
  }

  @Test
  void oneThatThrowsFailsTheTaskAndFreesTheSlot() {
    AtomicBoolean full = new AtomicBoolean(true);
    scheduler =
        TwoQueueScheduler.builder()
            .executor(
                work -> {
                  if (full.get()) {
                    throw new RejectedExecutionException("the pool is full");
                  }
                  pool.execute(work);
                })
            .build();
    TaskHandle<String> rejected = scheduler.submit(Tasks.local("rejected"));
    TaskFailedException failed =
        assertThrows(TaskFailedException.class, () -> Tasks.result(rejected));
    assertInstanceOf(IllegalStateException.class, failed.getCause());
    assertTrue(failed.what().contains("the pool is full"), failed.what());
    full.set(false);
    assertEquals("agent", Tasks.result(scheduler.submit(Tasks.fleet("agent"))));
    assertEquals("sweep", Tasks.result(scheduler.submit(Tasks.local("sweep"))));
  }

  @Test
  void oneThatThrowsAlthoughItRunsTheBodyDoesNotFreeTheSlotBeforeTheBodyHasEnded()
      throws InterruptedException {
    Latched body = body();
    CountDownLatch thrown = new CountDownLatch(1);
    AtomicBoolean odd = new AtomicBoolean(true);
    scheduler =
        TwoQueueScheduler.builder()
            .executor(
                work -> {
                  pool.execute(work);
                  if (!odd.getAndSet(false)) {
                    return;
                  }
                  Eventually.holds("the body has begun", body::hasBegun);
                  thrown.countDown();
                  throw new IllegalStateException("after the fact");
                })
            .build();
    TaskHandle<String> running = scheduler.submit(Tasks.local("running", body));
    body.awaitBegun();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    assertTrue(thrown.await(10, TimeUnit.SECONDS));
    assertThrows(TimeoutException.class, () -> agent.get(Duration.ofMillis(100)));
    assertEquals(TaskState.RUNNING, running.state());
    body.release();
    assertEquals("released", Tasks.result(running));
    assertEquals("agent", Tasks.result(agent));
  }

  @Test
  void oneThatRunsABodyTwiceAtOnceDoesNotFreeTheSlotBeforeItHasEnded() throws InterruptedException {
    Latched body = body();
    CompletableFuture<Boolean> secondRun = new CompletableFuture<>();
    scheduler =
        TwoQueueScheduler.builder()
            .executor(
                work -> {
                  pool.execute(work);
                  Eventually.holds("the body has begun", body::hasBegun);
                  work.run();
                  secondRun.complete(true);
                })
            .build();
    TaskHandle<String> running = scheduler.submit(Tasks.local("running", body));
    assertTrue(secondRun.join());
    assertEquals(TaskState.RUNNING, running.state());
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    assertEquals(TaskState.QUEUED, agent.state());
    body.release();
    assertEquals("released", Tasks.result(running));
    assertEquals("agent", Tasks.result(agent));
  }

  @Test
  void oneThatRunsABodyTwiceInARowRunsItOnce() {
    AtomicInteger runs = new AtomicInteger();
    ManualTime time = new ManualTime();
    scheduler =
        time.scheduler()
            .executor(
                work -> {
                  time.execute(work);
                  time.execute(work);
                })
            .build();
    TaskHandle<Integer> blocking =
        scheduler.submit(Tasks.local("blocking", task -> runs.incrementAndGet()));
    time.run();
    assertEquals(1, Tasks.ended(blocking));
    CompletableFuture<String> stage = new CompletableFuture<>();
    TaskHandle<String> async =
        scheduler.submit(
            FleetTask.async(
                "async",
                task -> {
                  runs.incrementAndGet();
                  return stage;
                }));
    time.run();
    assertEquals(TaskState.RUNNING, async.state());
    assertTrue(stage.complete("done"));
    assertEquals("done", Tasks.ended(async));
    assertEquals(2, runs.get());
  }

  @Test
  void oneThatIsSmallerThanTheFleetsLimitWorks() {
    scheduler = TwoQueueScheduler.builder().executor(single()).build();
    List<TaskHandle<String>> handles = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      handles.add(scheduler.submit(Tasks.fleet("agent " + i)));
    }
    for (TaskHandle<String> handle : handles) {
      assertEquals(handle.task().name(), Tasks.result(handle));
    }
  }

  private Executor single() {
    Object one = new Object();
    return work ->
        pool.execute(
            () -> {
              synchronized (one) {
                work.run();
              }
            });
  }

  @Test
  void aCallbackExecutorThatThrowsHoldsWhatWasToBeLookedAt() {
    AtomicBoolean broken = new AtomicBoolean(true);
    try (FastClock clock = new FastClock()) {
      scheduler =
          TwoQueueScheduler.builder()
              .clock(clock)
              .callbackExecutor(
                  work -> {
                    if (broken.get()) {
                      throw new RejectedExecutionException("no callbacks");
                    }
                    pool.execute(work);
                  })
              .gate(request -> Verdict.proceed())
              .listener(event -> {})
              .build();
      TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
      WaitReason why = sweep.waitsFor().orElseThrow();
      assertEquals(
          "gate could not be run: the executor threw", why.text().replace("gate gate", "gate"));
      assertEquals("agent", Tasks.result(scheduler.submit(Tasks.fleet("agent"))));
      CompletableFuture<String> view =
          scheduler.submit(Tasks.fleet("viewed")).toCompletableFuture();
      assertEquals("viewed", view.join(), "a future is completed all the same");
      broken.set(false);
      assertEquals("sweep", Tasks.result(sweep));
    }
  }

  @Test
  void theSchedulerDoesNotShutTheHostsExecutorDown() {
    scheduler = TwoQueueScheduler.builder().executor(pool).callbackExecutor(pool).build();
    assertEquals("agent", Tasks.result(scheduler.submit(Tasks.fleet("agent"))));
    scheduler.close();
    assertFalse(pool.isShutdown());
  }

  /** A stage of the host's own making: the second end is nobody's, and no exception for it. */
  @Test
  void aStageThatCompletesTwiceEndsItsTaskOnce() {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    CompletableFuture<String> twice =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<String> whenComplete(
              BiConsumer<? super String, ? super Throwable> action) {
            action.accept("first", null);
            try {
              action.accept("second", null);
            } catch (IllegalStateException refused) {
              thrown.add(refused);
            }
            return this;
          }
        };
    assertEquals("first", Tasks.result(scheduler.submit(FleetTask.async("twice", t -> twice))));
    assertEquals("next", Tasks.result(scheduler.submit(Tasks.local("next"))));
    assertEquals(List.of(), thrown);
  }
}
