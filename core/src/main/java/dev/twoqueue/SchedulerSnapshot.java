package dev.twoqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be seen of a scheduler, at one moment.
 *
 * @param at when, by the scheduler's clock
 * @param localHeavy the local-heavy class
 * @param fleet the fleet class
 * @param turn whose turn it is; empty when nothing occupies and nothing is about to
 * @param fleetDoorOpen whether fleet tasks may start, as far as the local-heavy class is concerned
 * @param fleetLimit how many fleet tasks may occupy
 * @param fleetLimitOverride why that may be above 5; empty up to 5
 * @param residency what was resident when last looked at
 * @param lastLook what each gate said when last looked at for a local-heavy task
 * @param nextForecast the memory forecast of the last look: headroom after the next dispatch
 * @param longestWaits for each model that queued tasks need, how long the oldest has waited; tasks
 *     without a model are under the empty name
 * @param swaps local-heavy starts that needed another model than the one before
 * @param swapsSaved how many more swaps the order of submission would have paid, among the tasks
 *     started so far
 * @param notLookedAt what nothing looks at, since the host gave no gate, probe or predictor for it
 * @param warnings what watches see that is about to go wrong while a task occupies, and what the
 *     residency probe warned of when it last looked
 * @param shutdown whether no more tasks are taken
 */
public record SchedulerSnapshot(
    Instant at,
    ClassView localHeavy,
    ClassView fleet,
    Optional<TaskClass> turn,
    boolean fleetDoorOpen,
    int fleetLimit,
    Optional<String> fleetLimitOverride,
    Residency residency,
    List<GateReport> lastLook,
    Optional<MemoryForecast> nextForecast,
    Map<String, Duration> longestWaits,
    long swaps,
    long swapsSaved,
    List<String> notLookedAt,
    List<String> warnings,
    boolean shutdown) {

  /**
   * One class.
   *
   * @param queued how many tasks wait, held and suspended ones not counted
   * @param held how many a gate holds
   * @param running the tasks that occupy, overruns included
   * @param suspended the tasks that gave their slot up in {@link TaskContext#await}
   * @param next the first tasks in the order in which they would start, at most {@link #MAX_LISTED}
   * @param classHold why the whole class is held, if it is
   * @param paused whether it is paused
   * @param queueLimit how many tasks may wait
   */
  public record ClassView(
      int queued,
      int held,
      List<TaskView> running,
      List<TaskView> suspended,
      List<TaskView> next,
      Optional<WaitReason> classHold,
      boolean paused,
      int queueLimit) {
    /** The most tasks that {@link #next} lists; {@link #queued} counts them all. */
    public static final int MAX_LISTED = 100;

    public ClassView {
      running = List.copyOf(running);
      suspended = List.copyOf(suspended);
      next = List.copyOf(next);
    }
  }

  /**
   * One task.
   *
   * @param id its number
   * @param task what was submitted
   * @param state where it is in its life
   * @param age since its submission while it waits, else since its body started
   * @param waitsFor why it waits, if it does
   * @param expectedStart when it is likely to start; empty where {@link TaskHandle#expectedStart}
   *     is
   * @param overrun whether its handle has ended while its body still occupies
   * @param progress what its body reported last
   */
  public record TaskView(
      long id,
      ScheduledTask<?> task,
      TaskState state,
      Duration age,
      Optional<WaitReason> waitsFor,
      Optional<ExpectedStart> expectedStart,
      boolean overrun,
      Progress progress) {}

  public SchedulerSnapshot {
    lastLook = List.copyOf(lastLook);
    longestWaits = Map.copyOf(longestWaits);
    notLookedAt = List.copyOf(notLookedAt);
    warnings = List.copyOf(warnings);
  }
}
