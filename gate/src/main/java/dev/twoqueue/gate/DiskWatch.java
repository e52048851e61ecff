package dev.twoqueue.gate;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Progress;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the disk again while a task writes to it, so that a disk that fills up stops the task
 * and not the machine.
 *
 * <pre>{@code
 * DiskGate disk = DiskGate.standard();
 * scheduler.submit(disk.watch().over(OllamaTasks.pull(ollama, "llama3.3:70b", bytes)));
 * }</pre>
 *
 * <p>The task is told to stop, by its cancellation token and an interrupt, as soon as less is free
 * there than the floor, or less than it has still to write; or when the disk could not be asked
 * {@value #FAILURES} times in a row. It then ends as failed with a {@link DiskFillingException}.
 * What it has still to write is known of a {@linkplain LocalKind#PULL pull} that declares its bytes
 * and reports progress in bytes, as those of {@code OllamaTasks} do. The floor lies below what the
 * gate keeps free, so that a task admitted at the edge is not stopped by a log file.
 *
 * <p>Immutable and thread-safe. A watched task has one daemon thread while its body runs.
 */
public final class DiskWatch {
  static final Duration EVERY = Duration.ofSeconds(1);
  static final int FAILURES = 5;

  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

  private final DiskGate gate;
  private final long floorBytes;
  private final Duration every;

  DiskWatch(DiskGate gate, long floorBytes, Duration every) {
    this.gate = gate;
    this.floorBytes = floorBytes;
    this.every = every;
  }

  /**
   * The same with another floor.
   *
   * @param bytes below so much free space a task is stopped
   * @return a copy
   * @throws IllegalArgumentException when negative
   */
  public DiskWatch withFloorBytes(long bytes) {
    return new DiskWatch(gate, Arguments.notNegative(bytes, "bytes"), every);
  }

  /**
   * The same at another pace.
   *
   * @param time between two looks, positive; a second by default
   * @return a copy
   * @throws IllegalArgumentException when not positive
   */
  public DiskWatch withPeriod(Duration time) {
    return new DiskWatch(gate, floorBytes, Arguments.positive(time, "time"));
  }

  /**
   * A task under watch.
   *
   * @param <T> the type of its result
   * @param task with a body that blocks
   * @return the same task but for its body
   * @throws IllegalArgumentException when its body is asynchronous
   */
  public <T extends @Nullable Object> LocalHeavyTask<T> over(LocalHeavyTask<T> task) {
    TaskBody<T> body =
        Arguments.notNull(task, "task")
            .body()
            .orElseThrow(
                () -> new IllegalArgumentException("task must have a blocking body: " + task));
    return task.withBody(context -> run(body, context));
  }

  private <T extends @Nullable Object> T run(TaskBody<T> body, TaskContext outer) throws Exception {
    StoppableContext context = new StoppableContext(outer, progress -> report(outer, progress));
    Thread watching = new Thread(() -> watch(context), "two-queue-disk-watch");
    watching.setDaemon(true);
    watching.start();
    try {
      return body.run(context);
    } catch (Exception e) {
      throw context.stoppedBecause().<Exception>map(DiskWatch::filling).orElse(e);
    } finally {
      context.end();
      watching.interrupt();
    }
  }

  private static DiskFillingException filling(String why) {
    return new DiskFillingException(why);
  }

  private void report(TaskContext context, Progress progress) {
    if (isPull(context)) {
      gate.writes().progress(context.task(), progress.done());
    }
  }

  private static boolean isPull(TaskContext context) {
    return context.task() instanceof LocalHeavyTask<?> task && task.kind() == LocalKind.PULL;
  }

  private void watch(StoppableContext context) {
    int failures = 0;
    try {
      while (context.isRunning()) {
        Thread.sleep(every.toMillis());
        try {
          Optional<String> why = shortage(context);
          why.ifPresent(context::stop);
          failures = 0;
        } catch (IOException | RuntimeException e) {
          log.debug("a look at the disk of a running task failed", e);
          if (++failures >= FAILURES) {
            context.stop(
                "stopped: its disk could not be asked "
                    + FAILURES
                    + " times in a row: "
                    + Looks.describe(e));
          }
        }
      }
    } catch (InterruptedException ended) {
      // The body has ended.
    }
  }

  private Optional<String> shortage(StoppableContext context) throws IOException {
    if (!(context.task() instanceof LocalHeavyTask<?> task)) {
      return Optional.empty();
    }
    for (Path place : gate.placesOf(task)) {
      DiskState state = gate.states().at(place);
      if (state.usableBytes().isEmpty()) {
        throw new IOException("free disk space at " + place + " is unknown");
      }
      long free = state.usableBytes().getAsLong();
      long left = stillToWrite(task, context);
      if (state.readOnly() || free < Math.max(floorBytes, left)) {
        return Optional.of(
            String.format(
                "stopped: %s free at %s%s, at least %s needed (%s still to be written); free some"
                    + " space and start it again",
                DiskNeed.gb(free),
                place,
                state.readOnly() ? ", which is read-only now" : "",
                DiskNeed.gb(Math.max(floorBytes, left)),
                DiskNeed.gb(left)));
      }
    }
    return Optional.empty();
  }

  private static long stillToWrite(LocalHeavyTask<?> task, StoppableContext context) {
    return task.kind() == LocalKind.PULL && context.lastProgress().done() > 0
        ? Math.max(0, task.bytesToWrite().orElse(0) - context.lastProgress().done())
        : 0;
  }
}
