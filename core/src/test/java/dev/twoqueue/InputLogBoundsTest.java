package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real threads, full files, and disks that fail or hang: a log harms nothing (I11). */
@Timeout(120)
class InputLogBoundsTest {
  private static final int TASKS = Integer.getInteger("twoqueue.tasks", 5_000);

  private Path file;

  @BeforeEach
  void nameTheFile(@TempDir Path folder) {
    file = folder.resolve("inputs.log");
  }

  private static void aFewTasks(TwoQueueScheduler scheduler, int tasks) {
    for (int i = 0; i < tasks; i++) {
      assertEquals("name", Tasks.result(scheduler.submit(Tasks.fleet("name"))));
    }
  }

  @Test
  void whatRealThreadsDidIsReplayedToTheSameDecisions() throws Exception {
    AtomicInteger permits = new AtomicInteger();
    SplittableRandom random = new SplittableRandom(Long.getLong("twoqueue.seed", 42));
    String[] models = {"A", "B", "C"};
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .inputLog(InputLog.toFile(file, 64 << 20))
            .localQueueLimit(50)
            .fleetQueueLimit(Integer.MAX_VALUE)
            .turnPolicy(TurnPolicy.budget(Duration.ofMillis(2), Duration.ofMillis(2)))
            .outsidePermits(
                (taskClass, name) -> {
                  permits.incrementAndGet();
                  return CompletableFuture.completedFuture(permits::decrementAndGet);
                })
            .gate(request -> Verdict.proceed())
            .build()) {
      for (int i = 0; i < TASKS; i++) {
        TaskHandle<?> handle;
        try {
          handle =
              random.nextInt(10) == 0
                  ? scheduler.submit(Tasks.oracle("oracle", models[i % 3], TaskContext::id))
                  : scheduler.submit(Tasks.fleet("agent", TaskContext::id));
        } catch (TaskRejectedException full) {
          continue;
        }
        if (random.nextInt(3) == 0) {
          handle.cancel("at random");
        }
      }
    }
    InputReplay replay = InputLog.replay(file);
    assertEquals(Optional.empty(), replay.divergence());
    assertEquals(InputReplay.End.TERMINATED, replay.end(), "close returns when all is written");
    assertTrue(replay.inputs() > TASKS, replay::toString);
    System.out.printf(
        "InputLogBoundsTest: %d inputs, %d bytes, %.1f bytes a task%n",
        replay.inputs(), Files.size(file), Files.size(file) / (double) TASKS);
  }

  @Test
  void aLogEndsAtItsBoundWhileTheSchedulerGoesOn() throws Exception {
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().inputLog(InputLog.toFile(file, 4096)).build()) {
      aFewTasks(scheduler, 300);
    }
    InputReplay replay = InputLog.replay(file);
    assertEquals(InputReplay.End.FULL, replay.end());
    assertEquals(Optional.empty(), replay.divergence());
    assertTrue(replay.inputs() > 10 && Files.size(file) <= 4096, replay::toString);
  }

  @Test
  void aDiskThatFailsEndsTheLogAndNothingElse() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            asked.incrementAndGet();
            throw new IOException("no space left on device");
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().inputLog(InputLog.to("full", 1 << 20, () -> full)).build()) {
      aFewTasks(scheduler, 300);
    }
    assertEquals(1, asked.get(), "a disk that has failed is not asked again");
    assertEquals(1, closed.get());
  }

  /** Takes the first bytes for ever, until it is released. */
  private static final class Hung extends OutputStream {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final AtomicLong written = new AtomicLong();
    private final OutputStream to;

    Hung(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      entered.countDown();
      try {
        assertTrue(released.await(60, TimeUnit.SECONDS));
      } catch (InterruptedException told) {
        throw new IOException(told);
      }
      to.write(bytes, from, length);
      written.addAndGet(length);
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }

  @Test
  void aDiskThatHangsKeepsNobodyForEverAndNoMoreThanABoundInMemory() throws Exception {
    Hung hung = new Hung(Files.newOutputStream(file));
    ResidencyKey long60k = ResidencyKey.of("m".repeat(60_000));
    TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .inputLog(InputLog.to("hung", 1L << 40, () -> hung))
            .localQueueLimit(1_000)
            .build();
    aFewTasks(scheduler, 1);
    assertTrue(hung.entered.await(30, TimeUnit.SECONDS), "nothing is written");
    for (int i = 0; i < 300; i++) { // 18 million characters
      assertNotNull(scheduler.submit(Tasks.oracle("oracle", long60k.model(), task -> "done")));
    }
    scheduler.close(); // in spite of the disk, though not at once
    hung.released.countDown();
    Eventually.holds("the rest is written", () -> endsWith(file, "E\tbehind\n"));
    InputReplay replay = InputLog.replay(file);
    assertEquals(InputReplay.End.BEHIND, replay.end());
    assertEquals(Optional.empty(), replay.divergence());
    assertTrue(hung.written.get() < 9 << 20, () -> hung.written + " bytes waited");
  }

  private static boolean endsWith(Path file, String end) {
    try {
      return Files.readString(file).endsWith(end);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void anExecutorThatNeverWritesIsNotWaitedForAtTheEnd() throws Exception {
    ManualTime time = new ManualTime();
    boolean[] refuses = new boolean[1];
    TwoQueueScheduler scheduler =
        time.scheduler()
            .callbackExecutor(
                work -> {
                  if (refuses[0]) {
                    throw new RejectedExecutionException("no");
                  }
                  time.execute(work);
                })
            .executor(time)
            .inputLog(InputLog.toFile(file, 1 << 20))
            .build();
    scheduler.submit(Tasks.fleet("name", time, Duration.ofSeconds(1)));
    refuses[0] = true;
    time.seconds(2);
    scheduler.submit(Tasks.fleet("name", time, Duration.ofSeconds(1)));
    scheduler.shutdownNow("enough");
    scheduler.close();
    InputReplay replay = InputLog.replay(file);
    assertEquals(InputReplay.End.TERMINATED, replay.end());
    assertEquals(Optional.empty(), replay.divergence());
  }

  @Test
  void anInterruptedThreadOfTheHostsWritesAllTheSame() throws Exception {
    ManualTime time = new ManualTime();
    TwoQueueScheduler scheduler =
        time.scheduler()
            .callbackExecutor(
                work -> {
                  Thread.currentThread().interrupt();
                  work.run();
                  Thread.interrupted();
                })
            .inputLog(InputLog.toFile(file, 1 << 20))
            .build();
    scheduler.submit(Tasks.fleet("name", time, Duration.ofSeconds(1)));
    time.seconds(2);
    scheduler.shutdown();
    InputReplay replay = InputLog.replay(file);
    assertEquals(InputReplay.End.TERMINATED, replay.end());
    assertEquals(3, replay.inputs());
  }
}
