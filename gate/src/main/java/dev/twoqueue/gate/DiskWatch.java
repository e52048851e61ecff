package dev.twoqueue.gate;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.OccupancyWatch;
import dev.twoqueue.gate.internal.Arguments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the disk again while a task writes to it, so that a disk that fills up stops the task
 * and not the machine.
 *
 * <pre>{@code
 * DiskGate disk = DiskGate.standard();
 * TwoQueueScheduler.builder().gate(HostGates.builder().disk(disk).build()).watch(disk.watch())
 * }</pre>
 *
 * <p>The task is cancelled when less is free where it writes than the floor, or less than it has
 * still to write; when its file system has become read-only or its directory has vanished; or when
 * the disk could not be asked five times in a row. The floor lies below what the gate keeps free,
 * so that a task admitted at the edge is not stopped by a log file.
 *
 * <p>What it has still to write is what it declared less what has disappeared from the free space
 * since it began to occupy: nothing else of the scheduler's runs beside it. So a download in flight
 * counts once, here and when the gate looks at another task while this one waits in {@code await}.
 * Where others wrote instead, it is under-estimated, which the floor makes up for.
 *
 * <p>Immutable and thread-safe.
 */
public final class DiskWatch implements OccupancyWatch {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int FAILURES = 5;

  private final DiskGate gate;
  private final long floorBytes;

  DiskWatch(DiskGate gate, long floorBytes) {
    this.gate = gate;
    this.floorBytes = floorBytes;
  }

  /**
   * The same with another floor.
   *
   * @param bytes below so much free space a task is stopped
   * @return a copy
   * @throws IllegalArgumentException when negative
   */
  public DiskWatch withFloorBytes(long bytes) {
    return new DiskWatch(gate, Arguments.notNegative(bytes, "bytes"));
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public Watcher begin(long id, LocalHeavyTask<?> task) {
    Writing writing = new Writing(task);
    try {
      writing.remember();
    } catch (IOException | RuntimeException e) {
      writing.failures = 1; // the looks will tell
    }
    return occupied -> writing.look();
  }

  /** One occupation. */
  private final class Writing {
    private final LocalHeavyTask<?> task;
    private final Map<Path, Long> freeAtFirst = new HashMap<>();
    private final SeenPaths seen = new SeenPaths();
    private int failures;

    Writing(LocalHeavyTask<?> task) {
      this.task = task;
    }

    void remember() throws IOException {
      for (Path place : gate.placesOf(task)) {
        DiskState state = gate.states().at(place);
        state.usableBytes().ifPresent(free -> freeAtFirst.putIfAbsent(place, free));
        seen.wrong(place, state);
      }
    }

    Sight look() {
      try {
        for (Path place : gate.placesOf(task)) {
          Optional<String> why = shortage(place, gate.states().at(place));
          if (why.isPresent()) {
            return new Sight.Stop(why.get());
          }
        }
        failures = 0;
        return new Sight.Calm(EVERY);
      } catch (IOException | RuntimeException e) {
        String why = "its disk cannot be asked: " + Looks.describe(e);
        return ++failures < FAILURES
            ? new Sight.Warning(why, EVERY)
            : new Sight.Stop(why + ", " + failures + " times in a row");
      }
    }

    private Optional<String> shortage(Path place, DiskState state) throws IOException {
      if (state.usableBytes().isEmpty()) {
        throw new IOException("free disk space at " + place + " is unknown");
      }
      Optional<String> wrong = seen.wrong(place, state);
      if (wrong.isPresent()) {
        return wrong;
      }
      long free = state.usableBytes().getAsLong();
      long left = stillToWrite(place, free);
      long least = Math.max(floorBytes, left);
      return free >= least
          ? Optional.empty()
          : Optional.of(
              "the disk fills up: "
                  + DiskNeed.gb(free)
                  + " free at "
                  + place
                  + ", at least "
                  + DiskNeed.gb(least)
                  + " needed ("
                  + DiskNeed.gb(left)
                  + " still to be written); free some space and start it again");
    }

    private long stillToWrite(Path place, long free) {
      long written = Math.max(0, freeAtFirst.computeIfAbsent(place, any -> free) - free);
      gate.writes().progress(task, written);
      return Math.max(0, task.bytesToWrite().orElse(0) - written);
    }
  }
}
