package dev.twoqueue.internal;

import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Preview;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import dev.twoqueue.WaitReason;
import dev.twoqueue.internal.engine.EngineView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Answers what would happen to a task, without submitting it. */
final class Previews {
  private final SchedulerSettings settings;
  private final Plugins plugins;
  private final Looks looks;
  private final UnaryOperator<ResidencyKey> normalised;

  Previews(
      SchedulerSettings settings,
      Plugins plugins,
      Looks looks,
      UnaryOperator<ResidencyKey> normalised) {
    this.settings = settings;
    this.plugins = plugins;
    this.looks = looks;
    this.normalised = normalised;
  }

  /** Reads the engine under the scheduler's lock. */
  interface Reader {
    <R> R look(Function<EngineView, R> reader);
  }

  CompletableFuture<Preview> preview(
      ScheduledTask<?> task, Reader reader, List<String> notLookedAt) {
    CompletableFuture<Preview> answer = new CompletableFuture<>();
    Consumer<Looks.Result> done =
        result -> {
          looks.release(result.verdict());
          Preview preview = reader.look(view -> of(view, task, result, notLookedAt));
          // What the host has hung on it runs with it.
          plugins.run("completing a preview", () -> answer.complete(preview));
        };
    if (task instanceof LocalHeavyTask<?> local) {
      observe(
          residency ->
              looks.look(
                  local,
                  GateRequest.Stage.PREVIEW,
                  residency,
                  reclaimable(local, residency),
                  settings.gates(),
                  () -> true,
                  done));
    } else {
      looks.ask(task, GateRequest.Stage.PREVIEW, settings.fleetGates(), done);
    }
    return answer;
  }

  private void observe(Consumer<Residency> next) {
    if (settings.probe().isEmpty()) {
      next.accept(Residency.unknown("no residency probe was given"));
      return;
    }
    plugins.<Residency>ask(
        "the residency probe",
        settings.lookTimeout(),
        settings.probe().get()::observe,
        late -> {},
        (seen, none) ->
            next.accept(seen != null ? seen : Residency.unknown(Plugins.NoAnswer.reason(none))));
  }

  private long reclaimable(LocalHeavyTask<?> task, Residency residency) {
    if (settings.evictor().isEmpty()
        || task.residencyKey().isEmpty()
        || !(residency instanceof Residency.Observed observed)) {
      return 0;
    }
    ResidencyKey key = normalised.apply(task.residencyKey().get());
    boolean served = observed.workers().stream().anyMatch(key::mayBeServedBy);
    return served ? 0 : observed.workers().stream().mapToLong(ResidentModel::bytes).sum();
  }

  private static Preview of(
      EngineView view, ScheduledTask<?> task, Looks.Result result, List<String> notLookedAt) {
    List<String> warnings = new ArrayList<>();
    int local = view.running(TaskClass.LOCAL_HEAVY).size();
    int fleet = view.running(TaskClass.FLEET).size();
    boolean isLocal = task.taskClass() == TaskClass.LOCAL_HEAVY;
    if (isLocal ? fleet > 0 : local > 0) {
      warnings.add(
          "started by hand now, it would mix the classes: "
              + (isLocal ? fleet + " fleet tasks occupy" : "a local-heavy task occupies"));
    }
    if (isLocal && local > 0) {
      warnings.add("started by hand now, it would be the second local-heavy task");
    }
    notLookedAt.forEach(missing -> warnings.add("not looked at: " + missing));
    Optional<WaitReason> waits = view.wouldWaitFor(task.taskClass());
    if (waits.isEmpty() && result.verdict() instanceof Verdict.Hold hold) {
      waits =
          Optional.of(
              new WaitReason(
                  WaitReason.Cause.HELD,
                  hold.reason(),
                  Optional.<Duration>of(hold.lookAgainAfter())));
    }
    return new Preview(
        result.verdict(),
        result.reports(),
        Verdicts.forecastOf(result.reports()),
        view.queued(task.taskClass()) + view.held(task.taskClass()),
        waits,
        warnings);
  }
}
