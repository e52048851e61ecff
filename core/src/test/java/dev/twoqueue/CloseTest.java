package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ends of a scheduler. */
@Timeout(60)
class CloseTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void closeWaitsForAllThatWasSubmitted() {
    List<TaskHandle<String>> handles = new ArrayList<>();
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      for (int i = 0; i < 50; i++) {
        handles.add(scheduler.submit(Tasks.fleet("agent " + i)));
        handles.add(scheduler.submit(Tasks.local("sweep " + i)));
      }
    }
    handles.forEach(handle -> assertEquals(TaskState.SUCCEEDED, handle.state()));
  }

  @Test
  void itIsTerminatedOnlyWhenEveryHandleHasItsOutcome() throws InterruptedException {
    ExecutorService pool = Executors.newCachedThreadPool();
    CountDownLatch slow = new CountDownLatch(1);
    ThreadLocal<Boolean> givesBackSlowly = ThreadLocal.withInitial(() -> false);
    Latched other = Latched.polite();
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .outsidePermits((taskClass, name) -> CompletableFuture.completedFuture(() -> {}))
            .callbackExecutor(
                work -> {
                  if (givesBackSlowly.get()) {
                    Eventually.holds("it may go on", () -> slow.getCount() == 0);
                  }
                  pool.execute(work);
                })
            .build();
    TaskHandle<String> last = scheduler.submit(Tasks.fleet("last", other));
    other.awaitBegun();
    TaskHandle<String> first =
        scheduler.submit(
            Tasks.fleet(
                "first",
                task -> {
                  givesBackSlowly.set(true); // its permit is given back before its handle ends
                  return "done";
                }));
    Eventually.holds("it has ended", () -> scheduler.snapshot().fleet().running().size() == 1);
    scheduler.shutdown();
    other.release();
    assertEquals("released", Tasks.result(last));
    assertFalse(scheduler.awaitTermination(Duration.ofMillis(50)));
    slow.countDown();
    assertTrue(scheduler.awaitTermination(LONG));
    assertEquals("done", ((Outcome.Succeeded<String>) first.outcome().orElseThrow()).value());
    pool.shutdown();
  }

  @Test
  void closeInATaskOfItsOwnWouldWaitForItself() {
    TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
    TaskHandle<String> closing =
        scheduler.submit(
            Tasks.local(
                "closing",
                task ->
                    String.valueOf(
                        assertThrows(IllegalStateException.class, scheduler::close).getMessage())));
    assertTrue(Tasks.result(closing).contains("'closing' would wait for itself"));
    assertFalse(scheduler.isShutdown(), "the attempt changes nothing");
    scheduler.close();
    assertTrue(scheduler.isTerminated());
  }

  @Test
  void aTaskMayCloseAnotherScheduler() {
    TwoQueueScheduler other = TwoQueueScheduler.builder().build();
    try (TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build()) {
      TaskHandle<Boolean> closing =
          scheduler.submit(
              Tasks.fleet(
                  "closing",
                  task -> {
                    other.close();
                    return other.isTerminated();
                  }));
      assertTrue(Tasks.result(closing));
    }
  }

  @Test
  void anInterruptedCloseCancelsTheRestWaitsOnAndKeepsTheInterrupt() throws InterruptedException {
    TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
    Latched body = Latched.stubborn();
    TaskHandle<String> running = scheduler.submit(Tasks.local("running", body));
    TaskHandle<String> queued = scheduler.submit(Tasks.local("queued"));
    body.awaitBegun();
    AtomicBoolean kept = new AtomicBoolean();
    Thread closer =
        new Thread(
            () -> {
              scheduler.close();
              kept.set(Thread.currentThread().isInterrupted());
            });
    closer.start();
    Eventually.holds("it is shut down", scheduler::isShutdown);
    closer.interrupt();
    body.awaitInterrupted();
    TaskCancelledException thrown =
        assertThrows(TaskCancelledException.class, () -> Tasks.result(queued));
    assertTrue(thrown.reason().contains("interrupted"), thrown.reason());
    assertFalse(scheduler.isTerminated());
    body.release();
    closer.join();
    assertTrue(kept.get());
    assertTrue(scheduler.isTerminated());
    assertEquals(TaskState.CANCELLED, running.state());
  }

  @Test
  void afterShutdownWhatWasSubmittedGoesOnAndNothingNewIsTaken() throws InterruptedException {
    TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
    Latched body = Latched.polite();
    TaskHandle<String> running = scheduler.submit(Tasks.local("running", body));
    TaskHandle<String> queued = scheduler.submit(Tasks.fleet("queued"));
    scheduler.shutdown();
    scheduler.shutdown();
    assertTrue(scheduler.isShutdown());
    assertTrue(scheduler.snapshot().shutdown());
    assertFalse(scheduler.isTerminated());
    assertThrows(TaskRejectedException.class, () -> scheduler.submit(Tasks.local("late")));
    assertFalse(scheduler.awaitTermination(Duration.ofMillis(1)));
    body.release();
    assertTrue(scheduler.awaitTermination(LONG));
    assertTrue(scheduler.isTerminated());
    assertEquals("released", running.join());
    assertEquals("queued", queued.join());
  }

  @Test
  void shutdownNowReturnsWhatNeverRanInOrderOfSubmission() throws InterruptedException {
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .gate(
                request ->
                    request.task().name().equals("held")
                        ? Verdict.hold("busy", Duration.ofSeconds(60))
                        : Verdict.proceed())
            .build();
    TaskHandle<String> held = scheduler.submit(Tasks.local("held"));
    Eventually.holds("held", () -> scheduler.snapshot().localHeavy().held() == 1);
    Latched body = Latched.polite();
    TaskHandle<String> running = scheduler.submit(Tasks.local("running", body));
    body.awaitBegun();
    scheduler.submit(Tasks.fleet("agent 1"));
    scheduler.submit(Tasks.local("sweep"));
    scheduler.submit(Tasks.fleet("agent 2"));
    List<String> neverRan =
        scheduler.shutdownNow("the machine goes down").stream().map(ScheduledTask::name).toList();
    assertEquals(List.of("held", "agent 1", "sweep", "agent 2"), neverRan);
    for (TaskHandle<String> cancelled : List.of(held, running)) {
      assertEquals(
          "the machine goes down",
          assertThrows(TaskCancelledException.class, () -> Tasks.result(cancelled)).reason());
    }
    assertTrue(scheduler.awaitTermination(LONG));
    assertEquals(List.of(), scheduler.shutdownNow("again"));
  }

  @Test
  void anUnusedSchedulerClosesAtOnce() throws InterruptedException {
    TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
    assertFalse(scheduler.awaitTermination(Duration.ZERO));
    scheduler.close();
    assertTrue(scheduler.awaitTermination(Duration.ZERO));
    scheduler.close();
  }

  @Test
  void awaitTerminationTakesAnyDurationAndEndsAtAnInterrupt() throws Exception {
    TwoQueueScheduler scheduler = TwoQueueScheduler.builder().build();
    assertFalse(scheduler.awaitTermination(Duration.ofSeconds(Long.MIN_VALUE)));
    CompletableFuture<Boolean> waited = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                waited.complete(scheduler.awaitTermination(Duration.ofSeconds(Long.MAX_VALUE)));
              } catch (Throwable thrown) {
                waited.completeExceptionally(thrown);
              }
            });
    waiter.start();
    scheduler.close();
    assertTrue(waited.get());
    TwoQueueScheduler open = TwoQueueScheduler.builder().build();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> open.awaitTermination(LONG));
    open.close();
  }
}
