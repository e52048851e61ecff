package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I11: a clock that hangs hangs whoever asked it, and nobody else. */
@Timeout(60)
class HangingClockTest {
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private final SchedulerClock clock =
      new SchedulerClock() {
        @Override
        public long nanos() {
          hang();
          return System.nanoTime();
        }

        @Override
        public Instant instant() {
          return Instant.now();
        }

        @Override
        public Timer schedule(Duration delay, Runnable action) {
          return () -> {};
        }

        private void hang() {
          if (Thread.currentThread().getName().equals("hangs")) {
            hanging.countDown();
            try {
              assertTrue(released.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException impossible) {
              throw new AssertionError(impossible);
            }
          }
        }
      };

  @Test
  void othersGoOnWhileOneHangs() throws InterruptedException {
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().clock(clock).listener(event -> {}).build()) {
      Thread unlucky = new Thread(() -> scheduler.submit(Tasks.fleet("late")), "hangs");
      unlucky.start();
      assertTrue(hanging.await(10, TimeUnit.SECONDS), "the clock was not asked");
      assertEquals("local", Tasks.result(scheduler.submit(Tasks.local("local"))));
      assertEquals("fleet", Tasks.result(scheduler.submit(Tasks.fleet("fleet"))));
      released.countDown();
      unlucky.join();
    }
  }
}
