package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.OccupancyWatch.Sight;
import dev.twoqueue.OccupancyWatch.Watcher;
import dev.twoqueue.TaskCancelledException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@NullUnmarked
class DiskWatchTest {
  private static final long GB = 1_000_000_000;

  private final AtomicLong free = new AtomicLong(100 * GB);
  private final DiskGate gate =
      DiskGate.of(
          path -> {
            if (free.get() < 0) {
              throw new IOException("stale file handle");
            }
            return OptionalLong.of(free.get());
          });
  private final LocalHeavyTask<String> pull =
      LocalHeavyTask.builder(LocalKind.PULL, "pull", task -> "")
          .bytesToWrite(40 * GB)
          .writesTo(Path.of("models"))
          .build();

  private static String stopped(Sight sight) {
    return assertInstanceOf(Sight.Stop.class, sight, sight::toString).reason();
  }

  private static void isCalm(Sight sight) {
    assertEquals(
        Duration.ofSeconds(1),
        assertInstanceOf(Sight.Calm.class, sight, sight::toString).lookAgainAfter());
  }

  @Test
  void a_pull_s_own_writing_stops_nothing_down_to_the_floor() throws Exception {
    Watcher watcher = gate.watch().begin(1, pull);
    for (long written = 0; written <= 40; written++) {
      free.set((100 - written) * GB);
      isCalm(watcher.look(Duration.ofSeconds(1)));
    }
    free.set(15 * GB);
    isCalm(watcher.look(Duration.ofSeconds(1)));
    free.decrementAndGet();
    assertTrue(
        stopped(watcher.look(Duration.ofSeconds(1)))
            .startsWith("the disk fills up: 14.9 GB free at models, at least 15.0 GB needed"));
  }

  @Test
  void one_that_cannot_take_the_rest_stops_it_before_it_is_full() throws Exception {
    free.set(50 * GB); // as admitted by a gate that keeps 10 free
    Watcher watcher = gate.watch().withFloorBytes(GB).begin(1, pull);
    isCalm(watcher.look(Duration.ofSeconds(1)));

    free.set(49 * GB); // whoever wrote it
    isCalm(watcher.look(Duration.ofSeconds(1)));
    free.set(GB - 1);
    stopped(watcher.look(Duration.ofSeconds(1)));

    free.set(30 * GB);
    Watcher tooLate = gate.watch().withFloorBytes(GB).begin(2, pull);
    assertTrue(stopped(tooLate.look(Duration.ofSeconds(1))).contains("(40.0 GB still to be"));
  }

  @Test
  void one_that_cannot_be_asked_warns_and_then_stops_it() throws Exception {
    Watcher watcher = gate.watch().begin(1, pull);
    free.set(-1);
    for (int i = 0; i < 4; i++) {
      assertInstanceOf(Sight.Warning.class, watcher.look(Duration.ofSeconds(1)));
    }
    assertTrue(
        stopped(watcher.look(Duration.ofSeconds(1)))
            .endsWith("stale file handle, 5 times in a row"));
  }

  @Test
  void room_that_others_made_is_room() throws Exception {
    free.set(30 * GB);
    Watcher watcher = gate.watch().begin(1, pull);
    free.set(50 * GB);
    isCalm(watcher.look(Duration.ofSeconds(1)));
  }

  @Test
  void only_failures_in_a_row_stop_it() throws Exception {
    Watcher watcher = gate.watch().begin(1, pull);
    for (int round = 0; round < 3; round++) {
      free.set(-1);
      for (int i = 0; i < 4; i++) {
        assertInstanceOf(Sight.Warning.class, watcher.look(Duration.ofSeconds(1)));
      }
      free.set(100 * GB);
      isCalm(watcher.look(Duration.ofSeconds(1)));
    }
  }

  @Test
  void one_that_becomes_read_only_or_vanishes_stops_it() throws Exception {
    FakeHost host = new FakeHost();
    DiskGate on = DiskGate.on(host);
    host.disk = new DiskState(true, OptionalLong.of(100 * GB), "/dev/a", "ext4", false, false);
    Watcher watcher = on.watch().begin(1, pull);
    isCalm(watcher.look(Duration.ofSeconds(1)));
    host.disk = new DiskState(true, OptionalLong.of(100 * GB), "/dev/a", "ext4", true, false);
    assertTrue(stopped(watcher.look(Duration.ofSeconds(1))).contains("read-only"));
    host.disk = new DiskState(false, OptionalLong.of(900 * GB), "/dev/b", "ext4", false, false);
    assertTrue(stopped(watcher.look(Duration.ofSeconds(1))).contains("vanished"));
  }

  @Test
  void what_it_has_written_counts_once_for_another_task() throws Exception {
    Verdict.Proceed admitted =
        (Verdict.Proceed) gate.look(Requests.of(pull, GateRequest.Stage.FINAL));
    Watcher watcher = gate.watch().begin(1, pull);
    free.set(70 * GB);
    watcher.look(Duration.ofSeconds(1)); // 30 of 40 written: 10 are still to come
    GateRequest other = Requests.writing(30 * GB, Path.of("models"));

    Requests.proceeds(gate.look(other));
    free.decrementAndGet();
    Requests.holds(gate.look(other));
    admitted.lease().close();
  }

  @Test
  void the_scheduler_cancels_the_task_and_goes_on() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().gate(gate).watch(gate.watch()).build()) {
      TaskHandle<String> endless =
          scheduler.submit(
              pull.withBody(
                  task -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return "never";
                  }));
      begun.await();
      free.set(GB);

      TaskCancelledException cancelled = assertThrows(TaskCancelledException.class, endless::join);
      assertTrue(cancelled.getMessage().contains("the disk fills up"), cancelled.getMessage());
      free.set(100 * GB);
      assertEquals("", scheduler.submit(pull).join());
    }
  }

  @Test
  void a_wrong_floor_is_named() {
    assertThrows(IllegalArgumentException.class, () -> gate.watch().withFloorBytes(-1));
  }
}
