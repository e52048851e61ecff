package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks and turn policies of the host's that misbehave (I11). */
@Timeout(40)
class ClocksTest {
  private final ManualTime time = new ManualTime();

  /** The manual time, seen through a clock that can go wrong. */
  private class Odd implements SchedulerClock {
    long offset;
    boolean broken;

    @Override
    public long nanos() {
      failIfBroken();
      return time.nanos() + offset;
    }

    @Override
    public Instant instant() {
      failIfBroken();
      return time.instant();
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
      failIfBroken();
      return time.schedule(delay, action);
    }

    private void failIfBroken() {
      if (broken) {
        throw new IllegalStateException("broken");
      }
    }
  }

  private TwoQueueScheduler heldFiveSeconds(SchedulerClock clock, boolean[] hold) {
    return time.scheduler()
        .clock(clock)
        .gate(
            request -> hold[0] ? Verdict.hold("not yet", Duration.ofSeconds(5)) : Verdict.proceed())
        .build();
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600_000_000_000L, 0, 3_600_000_000_000L})
  void aClockThatStepsDelaysNothing(long step) {
    Odd clock = new Odd();
    boolean[] hold = {true};
    TwoQueueScheduler scheduler = heldFiveSeconds(clock, hold);
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.run();
    hold[0] = false;
    clock.offset = step;
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.seconds(6);
    assertEquals("agent", Tasks.ended(agent));
    assertEquals("sweep", Tasks.ended(sweep));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE / 2, -1, Long.MAX_VALUE / 4})
  void onlyDifferencesOfNanosMeanAnything(long origin) {
    Odd clock = new Odd();
    clock.offset = origin;
    boolean[] hold = {true};
    TwoQueueScheduler scheduler = heldFiveSeconds(clock, hold);
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    FleetTask<String> slow = Tasks.fleet("slow", time, Duration.ofSeconds(60));
    TaskHandle<String> agent = scheduler.submit(slow.withRunTimeout(Duration.ofSeconds(3)));
    time.seconds(3);
    assertEquals(TaskState.TIMED_OUT, agent.state());
    hold[0] = false;
    time.seconds(2);
    assertEquals(TaskState.QUEUED, sweep.state(), "the overrun occupies");
    time.seconds(55);
    assertEquals("sweep", Tasks.ended(sweep));
  }

  @Test
  void aClockThatThrowsStopsNothing() {
    Odd clock = new Odd();
    clock.broken = true;
    TwoQueueScheduler scheduler = heldFiveSeconds(clock, new boolean[] {false});
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.run();
    assertEquals("sweep", Tasks.ended(sweep));
    assertEquals("agent", Tasks.ended(agent));
    assertNotNull(scheduler.snapshot().at());
  }

  @Test
  void aTimerThatThrowsForAWhileIsTriedAgainAtTheNextChance() {
    Odd clock = new Odd();
    boolean[] hold = {true};
    TwoQueueScheduler scheduler = heldFiveSeconds(clock, hold);
    clock.broken = true;
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.run();
    clock.broken = false;
    hold[0] = false;
    time.seconds(6);
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.run();
    assertEquals("agent", Tasks.ended(agent));
    assertEquals("sweep", Tasks.ended(sweep));
  }

  @Test
  @SuppressWarnings("NullAway") // what a careless host may do
  void aClockThatReturnsNullStopsNothing() {
    SchedulerClock nulls =
        new SchedulerClock() {
          @Override
          public long nanos() {
            return time.nanos();
          }

          @Override
          public Instant instant() {
            return null;
          }

          @Override
          public Timer schedule(Duration delay, Runnable action) {
            return null;
          }
        };
    TwoQueueScheduler scheduler = heldFiveSeconds(nulls, new boolean[] {false});
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.run();
    assertEquals("sweep", Tasks.ended(sweep));
    assertNotNull(scheduler.snapshot().at());
  }

  @Test
  @SuppressWarnings("NullAway") // what a careless host may do
  void aTurnPolicyThatFailsIsReplacedByTheDefault() {
    int[] asked = {0};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .fleetLimit(1)
            .turnPolicy(
                (turn, elapsed, started) -> {
                  if (asked[0]++ % 2 == 0) {
                    return null;
                  }
                  throw new IllegalStateException("broken");
                })
            .build();
    for (int i = 0; i < 100; i++) {
      scheduler.submit(Tasks.fleet("agent " + i, time, Duration.ofSeconds(1)));
    }
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.seconds(29);
    assertEquals(TaskState.QUEUED, sweep.state());
    time.seconds(2);
    assertEquals("sweep", Tasks.ended(sweep));
    assertTrue(asked[0] > 1);
  }

  @Test
  void aTurnPolicyOfAbsurdDurationsIsTakenAsNeverOrAtOnce() {
    TwoQueueScheduler scheduler =
        time.scheduler()
            .fleetLimit(1)
            .turnPolicy(
                (turn, elapsed, started) ->
                    Duration.ofSeconds(turn == TaskClass.FLEET ? Long.MIN_VALUE : Long.MAX_VALUE))
            .build();
    scheduler.submit(Tasks.fleet("first", time, Duration.ofSeconds(1)));
    TaskHandle<String> second = scheduler.submit(Tasks.fleet("second"));
    for (int i = 0; i < 10; i++) {
      scheduler.submit(Tasks.local("sweep " + i, time, Duration.ofSeconds(60)));
    }
    time.seconds(600);
    assertEquals(TaskState.QUEUED, second.state());
    time.seconds(1);
    assertEquals("second", Tasks.ended(second));
  }
}
