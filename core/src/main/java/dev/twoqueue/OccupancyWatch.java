package dev.twoqueue;

import java.time.Duration;

/**
 * Looks at the machine while a local-heavy task occupies, and says when something is about to go
 * wrong: memory that runs out, a disk that fills up. Asked a second after the task began to occupy
 * and from then on at the watch's own pace, and not at all while no local-heavy task occupies.
 *
 * <p>A watch that throws, hangs past the look timeout or returns null is shown as a warning of its
 * own and asked again after five seconds; it never stops a task (I11).
 */
@FunctionalInterface
public interface OccupancyWatch {

  /**
   * Begins to watch one occupation: at each start, and each time a suspended task goes on. Runs on
   * a thread of the scheduler's callback executor, never under its lock.
   *
   * @param id the task's number
   * @param task the task that occupies
   * @return keeps what has to be remembered between the looks at this occupation
   * @throws Exception when it cannot be watched
   */
  Watcher begin(long id, LocalHeavyTask<?> task) throws Exception;

  /**
   * The name that warnings show.
   *
   * @return by default the simple name of the class
   */
  default String name() {
    String simple = getClass().getSimpleName();
    return simple.isEmpty() || simple.contains("$$Lambda") ? "watch" : simple;
  }

  /** Watches one occupation. Called by one thread at a time, unless an earlier call hung. */
  @FunctionalInterface
  interface Watcher {

    /**
     * Looks once.
     *
     * @param occupied for how long the task has occupied, by the scheduler's clock
     * @return what it saw
     * @throws Exception when nothing could be seen
     */
    Sight look(Duration occupied) throws Exception;
  }

  /** What a look saw. */
  sealed interface Sight {

    /**
     * All is well; a warning that stood is taken back.
     *
     * <p>The constructor throws {@link IllegalArgumentException} when the time is not positive.
     *
     * @param lookAgainAfter when to look again; raised to one second
     */
    record Calm(Duration lookAgainAfter) implements Sight {
      public Calm {
        lookAgainAfter = Arguments.positive(lookAgainAfter, "lookAgainAfter");
      }
    }

    /**
     * It is about to go wrong. Listeners are told once, however often it is repeated.
     *
     * <p>The constructor throws {@link IllegalArgumentException} when the text is blank or the time
     * not positive.
     *
     * @param text what and by how much, for people
     * @param lookAgainAfter when to look again; raised to one second
     */
    record Warning(String text, Duration lookAgainAfter) implements Sight {
      public Warning {
        Arguments.notBlank(text, "text");
        lookAgainAfter = Arguments.positive(lookAgainAfter, "lookAgainAfter");
      }
    }

    /**
     * The task is to be cancelled; it is told so, and not watched any more.
     *
     * <p>The constructor throws {@link IllegalArgumentException} when the reason is blank.
     *
     * @param reason why, for people; the reason of the cancellation
     */
    record Stop(String reason) implements Sight {
      public Stop {
        Arguments.notBlank(reason, "reason");
      }
    }
  }
}
