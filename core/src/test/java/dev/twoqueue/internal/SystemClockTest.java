package dev.twoqueue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.SchedulerClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one timer thread: it comes in time, for what is still armed, and survives what it runs. */
@Timeout(60)
class SystemClockTest {
  private final SystemClock clock = new SystemClock();

  @Test
  void anEarlierAlarmIsNotKeptWaitingByALaterOne() throws InterruptedException {
    for (Duration later : List.of(Duration.ofMillis(1_500), Duration.ofHours(1))) {
      SchedulerClock.Timer late = clock.schedule(later, () -> {});
      CountDownLatch early = new CountDownLatch(1);
      long armed = clock.nanos();
      clock.schedule(Duration.ofMillis(20), early::countDown);
      assertTrue(early.await(30, TimeUnit.SECONDS));
      assertTrue(clock.nanos() - armed >= 20_000_000, "not before its time");
      late.cancel();
    }
  }

  @Test
  void anAlarmBeyondTheFirstLookOfTheThreadComesToo() throws InterruptedException {
    CountDownLatch rung = new CountDownLatch(1);
    long armed = clock.nanos();
    clock.schedule(Duration.ofMillis(1_200), rung::countDown);
    assertTrue(rung.await(30, TimeUnit.SECONDS));
    assertTrue(clock.nanos() - armed >= 1_200_000_000L);
  }

  @Test
  void theyComeInTheOrderOfTheirTimesAndCancelledOnesNever() throws InterruptedException {
    Queue<Integer> rung = new ConcurrentLinkedQueue<>();
    List<SchedulerClock.Timer> even = new ArrayList<>();
    long begun = clock.nanos();
    long[] earliest = new long[40];
    long[] latest = new long[40];
    for (int i = 39; i >= 0; i--) {
      int number = i;
      long delay = 500 + 2L * number;
      earliest[i] = clock.nanos() + Duration.ofMillis(delay).toNanos();
      SchedulerClock.Timer timer = clock.schedule(Duration.ofMillis(delay), () -> rung.add(number));
      latest[i] = clock.nanos() + Duration.ofMillis(delay).toNanos();
      if (number % 2 == 0) {
        even.add(timer);
      }
    }
    even.forEach(SchedulerClock.Timer::cancel);
    even.forEach(SchedulerClock.Timer::cancel); // twice is once
    boolean inTime = clock.nanos() - begun < 500_000_000; // not so where the machine stalled
    CountDownLatch last = new CountDownLatch(1);
    clock.schedule(Duration.ofMillis(600), last::countDown);
    assertTrue(last.await(30, TimeUnit.SECONDS));
    List<Integer> order = rung.stream().filter(number -> inTime || number % 2 == 1).toList();
    assertEquals(20, order.size());
    assertTrue(order.stream().allMatch(number -> number % 2 == 1), "a cancelled one rang");
    for (int i = 1; i < order.size(); i++) {
      int before = order.get(i - 1);
      int after = order.get(i);
      assertTrue(earliest[before] <= latest[after], before + " rang before " + after);
    }
  }

  @Test
  void anActionThatThrowsStopsNoOther() throws InterruptedException {
    CountDownLatch next = new CountDownLatch(1);
    clock.schedule(
        Duration.ofMillis(1),
        () -> {
          throw new IllegalStateException("an action of a test that throws");
        });
    clock.schedule(Duration.ofMillis(2), next::countDown);
    assertTrue(next.await(30, TimeUnit.SECONDS));
    CountDownLatch afterwards = new CountDownLatch(1);
    clock.schedule(Duration.ZERO, afterwards::countDown);
    assertTrue(afterwards.await(30, TimeUnit.SECONDS));
  }

  @Test
  void theLongestDelayIsNeverReached() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    SchedulerClock.Timer longest =
        clock.schedule(Duration.ofSeconds(Long.MAX_VALUE), never::countDown);
    CountDownLatch soon = new CountDownLatch(1);
    clock.schedule(Duration.ofMillis(5), soon::countDown);
    assertTrue(soon.await(30, TimeUnit.SECONDS));
    assertEquals(1, never.getCount());
    longest.cancel();
  }
}
