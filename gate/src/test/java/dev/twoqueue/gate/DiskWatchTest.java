package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Progress;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskCancelledException;
import dev.twoqueue.TaskFailedException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@NullUnmarked
class DiskWatchTest {
  private static final long GB = 1_000_000_000;

  private final AtomicLong free = new AtomicLong(100 * GB);
  private final AtomicInteger toldByToken = new AtomicInteger();
  private final CountDownLatch toldByTheScheduler = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final DiskGate gate =
      DiskGate.of(
          path -> {
            if (free.get() < 0) {
              throw new IOException("stale file handle");
            }
            return OptionalLong.of(free.get());
          });
  private final TwoQueueScheduler scheduler = TwoQueueScheduler.builder().gate(gate).build();

  @AfterEach
  void end() {
    scheduler.shutdownNow("the test is over");
  }

  private TaskHandle<String> submit(TaskBody<String> body) {
    LocalHeavyTask<String> task =
        LocalHeavyTask.builder(LocalKind.PULL, "pull", body)
            .bytesToWrite(40 * GB)
            .writesTo(Path.of("models"))
            .build();
    return scheduler.submit(gate.watch().withPeriod(Duration.ofMillis(10)).over(task));
  }

  private TaskHandle<String> endless() throws InterruptedException {
    TaskHandle<String> pull =
        submit(
            task -> {
              task.cancellation()
                  .onCancel(
                      () -> {
                        toldByToken.incrementAndGet();
                        toldByTheScheduler.countDown();
                      });
              task.progress(new Progress(GB, 40 * GB, "pulling"));
              begun.countDown();
              new CountDownLatch(1).await();
              return "never";
            });
    begun.await();
    return pull;
  }

  private static DiskFillingException failure(TaskHandle<String> pull) {
    TaskFailedException failed = assertThrows(TaskFailedException.class, pull::join);
    return assertInstanceOf(DiskFillingException.class, failed.getCause());
  }

  @Test
  void a_disk_that_fills_up_stops_the_pull() throws Exception {
    TaskHandle<String> pull = endless();
    assertEquals(TaskState.RUNNING, pull.state());

    free.set(15 * GB - 1);

    String message = failure(pull).getMessage();
    assertTrue(message.startsWith("stopped: 14.9 GB free at models, at least 39.0 GB"), message);
    assertEquals(1, toldByToken.get(), "the token told the body as well");
    assertEquals("after", scheduler.submit(small()).join());
  }

  private LocalHeavyTask<String> small() {
    free.set(100 * GB);
    return LocalHeavyTask.of(LocalKind.TEST_SWEEP, "after", task -> "after");
  }

  @Test
  void one_that_cannot_take_the_rest_any_more_stops_it_before_it_is_full() throws Exception {
    TaskHandle<String> pull = endless();

    free.set(38 * GB);

    assertTrue(failure(pull).getMessage().contains("39.0 GB still to be written"));
  }

  @Test
  void one_that_cannot_be_asked_again_and_again_stops_it() throws Exception {
    TaskHandle<String> pull = endless();

    free.set(-1);

    assertTrue(failure(pull).getMessage().contains("stale file handle"));
  }

  @Test
  void a_pull_with_room_enough_is_left_alone_and_its_thread_ends() throws Exception {
    TaskHandle<String> pull =
        submit(
            task -> {
              for (int i = 1; i <= 40; i++) {
                task.progress(new Progress(i * GB, 40 * GB, ""));
                free.set(100 * GB - i * GB); // written by it, and down to 60 beside it
                Thread.sleep(2);
              }
              return "pulled";
            });

    assertEquals("pulled", pull.join());
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(
                it ->
                    it.getName().equals("two-queue-disk-watch")
                        && !it.isInterrupted()
                        && it.getState() == Thread.State.RUNNABLE));
  }

  @Test
  void a_cancel_of_the_scheduler_is_a_cancel_and_no_disk() throws Exception {
    TaskHandle<String> pull = endless();

    pull.cancel("not wanted");

    assertThrows(TaskCancelledException.class, pull::join);
    toldByTheScheduler.await();
    assertEquals(1, toldByToken.get());
  }

  @Test
  void a_body_that_suspends_is_not_interrupted_while_it_waits() throws Exception {
    CountDownLatch suspended = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    LocalHeavyTask<String> other =
        LocalHeavyTask.of(
            LocalKind.OTHER,
            "other",
            task -> {
              suspended.countDown();
              release.await();
              return "other";
            });
    TaskHandle<String> pull = submit(task -> task.await(scheduler.submit(other)));
    suspended.await();

    free.set(GB);
    Thread.sleep(100); // ten looks: it has been told, and goes on waiting
    assertEquals(TaskState.SUSPENDED, pull.state());
    free.set(100 * GB);
    release.countDown();

    failure(pull);
  }

  @Test
  void an_asynchronous_body_cannot_be_watched_and_the_error_says_so() {
    LocalHeavyTask<String> async =
        LocalHeavyTask.<String>asyncBuilder(
                LocalKind.PULL, "pull", task -> CompletableFuture.completedFuture("x"))
            .build();

    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> gate.watch().over(async))
            .getMessage()
            .contains("blocking body"));
    assertThrows(IllegalArgumentException.class, () -> gate.watch().withFloorBytes(-1));
    assertThrows(IllegalArgumentException.class, () -> gate.watch().withPeriod(Duration.ZERO));
  }
}
