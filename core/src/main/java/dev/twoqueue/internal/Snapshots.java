package dev.twoqueue.internal;

import dev.twoqueue.ExpectedStart;
import dev.twoqueue.GateReport;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.SchedulerSnapshot.ClassView;
import dev.twoqueue.SchedulerSnapshot.TaskView;
import dev.twoqueue.TaskClass;
import dev.twoqueue.internal.engine.EngineView;
import dev.twoqueue.internal.engine.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes one value of all that can be seen. */
final class Snapshots {
  private Snapshots() {}

  static SchedulerSnapshot of(
      EngineView view,
      SchedulerSettings settings,
      Instant at,
      Optional<String> fleetLimitOverride,
      List<GateReport> lastLook,
      Optional<MemoryForecast> nextForecast,
      Estimates estimates,
      List<String> watchWarnings) {
    List<Job> local = first(view.inOrder(TaskClass.LOCAL_HEAVY));
    Map<Job, ExpectedStart> starts = estimates.of(local, view, at);
    return new SchedulerSnapshot(
        at,
        classView(view, TaskClass.LOCAL_HEAVY, local, starts, settings.localQueueLimit()),
        classView(
            view,
            TaskClass.FLEET,
            first(view.inOrder(TaskClass.FLEET)),
            Map.of(),
            settings.fleetQueueLimit()),
        view.turn(),
        view.fleetDoorOpen(),
        view.fleetLimit(),
        fleetLimitOverride,
        view.residency(),
        lastLook,
        nextForecast,
        view.longestWaits(),
        view.swaps(),
        Math.max(0, view.fifoSwaps() - view.swaps()),
        notLookedAt(settings, lastLook, nextForecast.isPresent()),
        Stream.concat(watchWarnings.stream(), estimates.warnings().stream()).toList(),
        view.shutdown());
  }

  private static ClassView classView(
      EngineView view,
      TaskClass taskClass,
      List<Job> next,
      Map<Job, ExpectedStart> starts,
      int queueLimit) {
    return new ClassView(
        view.queued(taskClass),
        view.held(taskClass),
        tasks(view, view.running(taskClass), Map.of()),
        tasks(view, view.suspended(taskClass), starts),
        tasks(view, next, starts),
        view.classHold(taskClass),
        view.paused(taskClass),
        queueLimit);
  }

  private static List<Job> first(List<Job> jobs) {
    return jobs.subList(0, Math.min(jobs.size(), ClassView.MAX_LISTED));
  }

  private static List<TaskView> tasks(
      EngineView view, List<Job> jobs, Map<Job, ExpectedStart> starts) {
    return jobs.stream()
        .map(job -> task(view, (Entry<?>) job, Optional.ofNullable(starts.get(job))))
        .toList();
  }

  private static TaskView task(EngineView view, Entry<?> entry, Optional<ExpectedStart> start) {
    return new TaskView(
        entry.id(),
        entry.task(),
        view.stateOf(entry),
        Duration.ofNanos(Math.max(0, view.now() - entry.since())),
        view.waitsFor(entry),
        start,
        entry.ended(),
        entry.progress());
  }

  static List<String> notLookedAt(
      SchedulerSettings settings, List<GateReport> lastLook, boolean forecastMade) {
    List<String> missing = new ArrayList<>();
    if (settings.gates().isEmpty()) {
      missing.add("load, disk, processes and free memory: no gate was given");
    } else if (!lastLook.isEmpty() && !forecastMade) {
      missing.add("memory: none of the gates forecast it at the last look");
    }
    if (settings.predictor().isEmpty()) {
      missing.add("memory need: no working-set predictor was given");
    }
    if (settings.watches().isEmpty()) {
      missing.add("memory while a task runs: no watch was given");
    }
    if (settings.probe().isEmpty()) {
      missing.add("residency: no probe was given, order follows the last task that ended well");
    } else if (settings.evictor().isEmpty()) {
      missing.add("eviction: no evictor was given, the server chooses whom it evicts");
    }
    return missing;
  }
}
