package dev.twoqueue.testkit.scheduler;

import dev.twoqueue.Evictor;
import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.OutsidePermits;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSetPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The host's plug-ins of a {@link World}, each of which can misbehave; and what they witnessed. */
final class Plugged {
  static final String[] MODELS = {"a", "b", "c"};

  private final World world;
  final ModalGate first = new ModalGate();
  final ModalGate second = new ModalGate();
  final ModalGate fleet = new ModalGate();
  int predictorMode;
  int evictorMode;
  int probeMode;
  int permitMode;
  final List<String> resident = new ArrayList<>();
  final List<CompletableFuture<Lease>> asked = new ArrayList<>();
  int leasesOpen;

  /** What each gate said of each task at its last final look, and how many had started by then. */
  record Final(boolean proceed, int started) {}

  Plugged(World world) {
    this.world = world;
  }

  /** Its own every time, so that closing one twice shows. */
  Lease lease() {
    leasesOpen++;
    boolean[] closed = new boolean[1];
    return () -> {
      world.check(!closed[0], "I7: a lease was closed twice");
      closed[0] = true;
      leasesOpen--;
    };
  }

  final class ModalGate implements Gate {
    int mode;
    final Map<ScheduledTask<?>, Final> finals = new HashMap<>();

    @Override
    public Verdict look(GateRequest request) {
      if (request.stage() == GateRequest.Stage.FINAL) {
        world.check(
            world.monitor.occupants().isEmpty(),
            "I4: looked while " + world.monitor.occupants() + " occupied");
        finals.put(request.task(), new Final(mode <= 1, world.started));
      }
      return switch (mode) {
        case 0 -> Verdict.proceed();
        case 1 -> Verdict.proceed("with a lease").withLease(lease());
        case 2 -> Verdict.hold("held", Duration.ofSeconds(3));
        case 3 -> Verdict.holdClass("all held", Duration.ofMillis(1));
        case 4 -> Verdict.refuse("refused");
        case 5 -> throw new IllegalStateException("a gate that throws");
        case 6 -> throw new StackOverflowError("a gate with an error");
        default -> null;
      };
    }
  }

  WorkingSetPredictor predictor() {
    return (LocalHeavyTask<?> task, Residency seen) ->
        switch (predictorMode) {
          case 0 -> WorkingSet.exactly("all", 1);
          case 1 -> WorkingSet.unknown("no idea");
          case 2 -> throw new IllegalStateException("a predictor that throws");
          case 3 -> throw new WorkingSetPredictor.RefusedException("there is no such model");
          default -> null;
        };
  }

  ResidencyProbe probe() {
    return () -> {
      world.observing();
      return switch (probeMode) {
        case 0 -> observed();
        case 1 -> Residency.unknown("the server is down");
        case 2 -> throw new IllegalStateException("a probe that throws");
        default -> null;
      };
    };
  }

  private Residency observed() {
    List<ResidentModel> models = new ArrayList<>();
    resident.forEach(model -> models.add(ResidentModel.worker(model, 1L << 30)));
    models.add(ResidentModel.alwaysResident("embedding", 1L << 20));
    return Residency.of(models);
  }

  Evictor evictor() {
    return victim -> {
      world.check(
          victim.role() == ResidentModel.Role.WORKER, "I9: the always-resident model was evicted");
      world.check(
          world.monitor.occupants().isEmpty(),
          "evicted while " + world.monitor.occupants() + " occupied");
      world.evicting();
      switch (evictorMode) {
        case 0 -> resident.remove(victim.model());
        case 1 -> throw new IllegalStateException("an evictor that throws");
        default -> {
          // Says that it did, and did not.
        }
      }
    };
  }

  OutsidePermits permits() {
    return (TaskClass taskClass, String name) ->
        switch (permitMode) {
          case 0 -> CompletableFuture.completedFuture(lease());
          case 1 -> waiting();
          case 2 -> CompletableFuture.failedFuture(new IllegalStateException("no permit"));
          case 3 -> throw new IllegalStateException("permits that throw");
          case 4 -> CompletableFuture.<Lease>completedFuture(null);
          default -> null;
        };
  }

  private CompletionStage<Lease> waiting() {
    CompletableFuture<Lease> permit = new CompletableFuture<>();
    asked.add(permit);
    return permit;
  }

  void grant(int index) {
    if (!asked.isEmpty()) {
      CompletableFuture<Lease> permit = asked.remove(Math.floorMod(index, asked.size()));
      Lease lease = lease();
      if (!permit.complete(lease)) {
        lease.close(); // withdrawn: the grant did not win
      }
    }
  }

  void behave() {
    first.mode = 0;
    second.mode = 0;
    fleet.mode = 0;
    predictorMode = 0;
    evictorMode = 0;
    probeMode = 0;
    permitMode = 0;
    while (!asked.isEmpty()) {
      grant(0);
    }
  }

  /** I4: a proceed from every gate, of this task, with nothing started since. */
  void checkLookedBeforeStart(ScheduledTask<?> task) {
    for (ModalGate gate : List.of(first, second)) {
      Optional<Final> look = Optional.ofNullable(gate.finals.get(task));
      world.check(look.isPresent(), "I4: " + task + " started without a final look");
      world.check(look.get().proceed(), "I4: " + task + " started after a gate said no");
      world.check(
          look.get().started() == world.started,
          "I4: something started between the look at " + task + " and its start");
    }
  }
}
