package dev.twoqueue.gate;

import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What resident models mean for a budget: given back, still growing, or in the way. */
final class Residents {
  private final GateRequest request;
  private final MemoryBudget budget;
  private final long growth;

  private Residents(GateRequest request, MemoryBudget budget, long growth) {
    this.request = request;
    this.budget = budget;
    this.growth = growth;
  }

  /** The budget for one task. */
  static MemoryBudget in(MemoryBudget budget, GateRequest request, long growth) {
    return request.residency() instanceof Residency.Observed observed
        ? new Residents(request, budget, growth).with(observed)
        : budget.withResidents(
            givenBack(budget, List.of(), request.reclaimableBytes()), budget.unloadable());
  }

  private MemoryBudget with(Residency.Observed observed) {
    List<MemoryPart> evicted = new ArrayList<>();
    List<MemoryPart> unloadable = new ArrayList<>(budget.unloadable());
    List<MemoryPart> claimed = new ArrayList<>(budget.claimed());
    boolean evicts = request.reclaimableBytes() > 0;
    for (ResidentModel model : observed.models()) {
      boolean worker = model.role() == ResidentModel.Role.WORKER;
      MemoryPart part = new MemoryPart(model.model(), model.bytes());
      if (worker && evicts) {
        evicted.add(part);
      } else if (!serves(model)) {
        unloadable.add(part);
        claimed.add(new MemoryPart("growth of " + model.model(), growth));
      }
    }
    return budget
        .withResidents(givenBack(budget, evicted, request.reclaimableBytes()), unloadable)
        .withClaimed(claimed);
  }

  /** By model where these add up to what the scheduler counts on; else as one sum. */
  private static List<MemoryPart> givenBack(
      MemoryBudget budget, List<MemoryPart> models, long reclaimable) {
    if (reclaimable <= budget.reclaimableBytes()) {
      return budget.givenBack(); // the source knows more
    }
    long sum = models.stream().mapToLong(MemoryPart::bytes).sum();
    return sum == reclaimable ? models : List.of(new MemoryPart("resident models", reclaimable));
  }

  /** A model that serves the task: its growth is in the forecast, and nobody unloads it for it. */
  private boolean serves(ResidentModel model) {
    Optional<ResidencyKey> key =
        request.task() instanceof LocalHeavyTask<?> task ? task.residencyKey() : Optional.empty();
    return key.filter(needed -> needed.mayBeServedBy(model)).isPresent();
  }
}
