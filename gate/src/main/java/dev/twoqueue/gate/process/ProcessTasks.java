package dev.twoqueue.gate.process;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.gate.classify.WorkClass;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks of either class for a process. */
final class ProcessTasks {
  private ProcessTasks() {}

  static ScheduledTask<ProcessExit> heavy(
      WorkClass work,
      String shown,
      ProcessRun run,
      @Nullable Duration startWithin,
      @Nullable Duration runTimeout) {
    LocalKind kind = work instanceof WorkClass.LocalHeavy heavy ? heavy.kind() : LocalKind.OTHER;
    LocalHeavyTask.Builder<ProcessExit> task = LocalHeavyTask.builder(kind, shown, run);
    boolean needsModel = kind == LocalKind.LOAD || kind == LocalKind.ORACLE;
    if (needsModel && work instanceof WorkClass.LocalHeavy heavy) {
      heavy.model().ifPresent(task::model);
    }
    Optional.ofNullable(startWithin).ifPresent(task::startWithin);
    Optional.ofNullable(runTimeout).ifPresent(task::runTimeout);
    return task.build();
  }

  static ScheduledTask<ProcessExit> fleet(
      WorkClass work,
      String shown,
      ProcessRun run,
      @Nullable Duration startWithin,
      @Nullable Duration runTimeout) {
    FleetTask<ProcessExit> task = FleetTask.of(shown, run);
    if (work instanceof WorkClass.Fleet remote) {
      task = task.withProvider(remote.provider());
    }
    if (startWithin != null) {
      task = task.withStartWithin(startWithin);
    }
    return runTimeout == null ? task : task.withRunTimeout(runTimeout);
  }
}
