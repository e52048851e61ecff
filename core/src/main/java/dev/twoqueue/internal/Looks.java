package dev.twoqueue.internal;

import dev.twoqueue.Gate;
import dev.twoqueue.GateReport;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks predictor and gates about one task, one after the other, and makes one verdict of it. */
final class Looks {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private static final Verdict NOT_WANTED = Verdict.hold("not wanted any more", LOOK_AGAIN);

  private final Plugins plugins;
  private final Duration timeout;
  private final Optional<WorkingSetPredictor> predictor;

  Looks(Plugins plugins, Duration timeout, Optional<WorkingSetPredictor> predictor) {
    this.plugins = plugins;
    this.timeout = timeout;
    this.predictor = predictor;
  }

  /** What a look came to. */
  record Result(Verdict verdict, List<GateReport> reports) {}

  /**
   * Looks at a local-heavy task.
   *
   * @param wanted whether the result is still waited for: where it is not, no gate is asked any
   *     more
   * @param done takes the result, on a thread of the callback executor or of the clock
   */
  void look(
      LocalHeavyTask<?> task,
      GateRequest.Stage stage,
      Residency residency,
      long reclaimable,
      List<Gate> gates,
      BooleanSupplier wanted,
      Consumer<Result> done) {
    Look look = new Look(gates.iterator(), wanted, done);
    if (task.memoryBytes().isPresent()) {
      WorkingSet declared =
          WorkingSet.exactly("declared by the task", task.memoryBytes().getAsLong());
      look.ask(new GateRequest(task, stage, residency, Optional.of(declared), reclaimable));
    } else if (predictor.isEmpty()) {
      look.ask(new GateRequest(task, stage, residency, Optional.empty(), reclaimable));
    } else {
      plugins.<WorkingSet>ask(
          "the working-set predictor",
          timeout,
          () -> predictor.get().predict(task, residency),
          late -> {},
          (need, none) -> look.predicted(task, stage, residency, reclaimable, need, none));
    }
  }

  /** Asks gates alone; for the fleet. */
  void ask(
      ScheduledTask<?> task, GateRequest.Stage stage, List<Gate> gates, Consumer<Result> done) {
    new Look(gates.iterator(), () -> true, done)
        .ask(new GateRequest(task, stage, Residency.unknown("not asked for"), Optional.empty(), 0));
  }

  private final class Look {
    private final Iterator<Gate> gates;
    private final BooleanSupplier wanted;
    private final Consumer<Result> done;
    private final List<GateReport> reports = new ArrayList<>();

    Look(Iterator<Gate> gates, BooleanSupplier wanted, Consumer<Result> done) {
      this.gates = gates;
      this.wanted = wanted;
      this.done = done;
    }

    void predicted(
        LocalHeavyTask<?> task,
        GateRequest.Stage stage,
        Residency residency,
        long reclaimable,
        @Nullable WorkingSet need,
        Plugins.@Nullable NoAnswer none) {
      WorkingSet known = need != null ? need : WorkingSet.unknown(Plugins.NoAnswer.reason(none));
      if (none != null && none.getCause() instanceof WorkingSetPredictor.RefusedException never) {
        reports.add(
            new GateReport(
                "working-set predictor", Verdict.refuse(String.valueOf(never.getMessage()))));
        finish();
        return;
      }
      if (known instanceof WorkingSet.Unknown unknown) {
        reports.add(
            new GateReport(
                "working-set predictor",
                Verdict.hold("memory need is unknown: " + unknown.reason(), LOOK_AGAIN)));
      }
      ask(new GateRequest(task, stage, residency, Optional.of(known), reclaimable));
    }

    void ask(GateRequest request) {
      if (!gates.hasNext() || !wanted.getAsBoolean()) {
        finish();
        return;
      }
      Gate gate = gates.next();
      String name = Guard.name(gate::name, "gate");
      plugins.<Verdict>ask(
          "gate " + name,
          timeout,
          () -> wanted.getAsBoolean() ? gate.look(request) : NOT_WANTED,
          late -> release(late),
          (verdict, none) -> {
            reports.add(new GateReport(name, verdict != null ? verdict : failing(none)));
            ask(request);
          });
    }

    private void finish() {
      Verdict all = Verdicts.combine(reports);
      done.accept(new Result(all, List.copyOf(reports)));
      if (!(all instanceof Verdict.Proceed)) {
        // After the verdict, and apart: a lease that hangs while it is closed must not delay that.
        reports.forEach(report -> release(report.verdict()));
      }
    }
  }

  private static Verdict failing(Plugins.@Nullable NoAnswer none) {
    return Verdict.hold(Plugins.NoAnswer.reason(none), LOOK_AGAIN);
  }

  void release(Verdict verdict) {
    if (verdict instanceof Verdict.Proceed proceed && proceed.lease() != Lease.NONE) {
      plugins.run("giving a lease back", proceed.lease()::close);
    }
  }
}
