package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tasks in one line. */
final class Tasks {
  private Tasks() {}

  static <T> LocalHeavyTask<T> local(String name, TaskBody<T> body) {
    return LocalHeavyTask.of(LocalKind.OTHER, name, body);
  }

  static LocalHeavyTask<String> local(String name) {
    return local(name, task -> name);
  }

  static <T> LocalHeavyTask<T> oracle(String name, String model, TaskBody<T> body) {
    return LocalHeavyTask.builder(LocalKind.ORACLE, name, body).model(model).build();
  }

  static <T> FleetTask<T> fleet(String name, TaskBody<T> body) {
    return FleetTask.of(name, body);
  }

  static FleetTask<String> fleet(String name) {
    return fleet(name, task -> name);
  }

  /** The result, within a time in which every healthy scheduler has it. */
  static <T extends @Nullable Object> T result(TaskHandle<T> handle) {
    try {
      return handle.get(Duration.ofSeconds(20));
    } catch (TimeoutException | InterruptedException late) {
      throw new AssertionError(handle.task() + " is " + handle.state(), late);
    }
  }

  /** How it ended, within a time in which every task of a healthy scheduler has. */
  static <T extends @Nullable Object> Outcome<T> awaitEnd(TaskHandle<T> handle) {
    try {
      handle.get(Duration.ofSeconds(20));
    } catch (TwoQueueException otherwise) {
      // The outcome says it.
    } catch (TimeoutException | InterruptedException late) {
      throw new AssertionError(handle.task() + " is " + handle.state(), late);
    }
    return handle.outcome().orElseThrow();
  }

  /**
   * The result of a task that has ended by now, for tests in manual time: a wait would be for ever.
   */
  static <T extends @Nullable Object> T ended(TaskHandle<T> handle) {
    assertTrue(
        handle.outcome().isPresent(),
        () -> handle.task() + " is " + handle.state() + ": " + handle.waitsFor());
    return handle.join();
  }

  /** A local-heavy task that takes time by a manual clock. */
  static LocalHeavyTask<String> local(String name, ManualTime time, Duration takes) {
    return LocalHeavyTask.asyncBuilder(LocalKind.OTHER, name, task -> time.after(takes, name))
        .build();
  }

  /** A fleet task that takes time by a manual clock. */
  static FleetTask<String> fleet(String name, ManualTime time, Duration takes) {
    return FleetTask.async(name, task -> time.after(takes, name));
  }
}
