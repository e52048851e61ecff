package dev.twoqueue.ollama;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.SchedulerListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows from a scheduler's events which models have tasks waiting: such a model is pinned, and any
 * other one lingers for a while after its last use. Events come a moment after what they tell; a
 * model may then get its time to leave too early, and its next task pins it again.
 */
final class PinWhileQueued implements SchedulerListener, WorkerModels.KeepAlivePolicy {
  private static final Logger LOG = LoggerFactory.getLogger(PinWhileQueued.class);

  private final WorkerModels workers;
  private final KeepAlive linger;

  /** The tasks of each model that have not ended; of these, the ones whose body runs. */
  private final Map<String, Set<Long>> unended = new HashMap<>();

  private final Map<String, Set<Long>> running = new HashMap<>();
  private boolean lost;

  PinWhileQueued(WorkerModels workers, KeepAlive linger) {
    this.workers = workers;
    this.linger = linger;
  }

  @Override
  public synchronized KeepAlive now(String model) {
    return lost || waiting(model) ? KeepAlive.FOREVER : linger;
  }

  private boolean waiting(String model) {
    Set<Long> inside = running.getOrDefault(model, Set.of());
    return unended.getOrDefault(model, Set.of()).stream().anyMatch(id -> !inside.contains(id));
  }

  @Override
  public void onEvent(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Lost) {
      LOG.warn("Events of the scheduler were lost: from now on used models stay pinned");
      giveUp();
    } else if (event instanceof SchedulerEvent.OfTask ofTask) {
      model(ofTask.task()).ifPresent(model -> take(model, ofTask));
    }
  }

  private synchronized void giveUp() {
    lost = true;
    unended.clear();
    running.clear();
  }

  private static Optional<String> model(ScheduledTask<?> task) {
    return task instanceof LocalHeavyTask<?> local
        ? local.residencyKey().map(key -> OllamaResidency.normalName(key.model()))
        : Optional.empty();
  }

  private void take(String model, SchedulerEvent.OfTask event) {
    if (count(model, event)) {
      Map<String, WorkerRequests.Asked> pinned = workers.requests().pinned();
      pinned.entrySet().removeIf(each -> each.getValue().own() || needed(each.getKey()));
      workers.pins().letGo(pinned, linger);
    }
  }

  /** Returns whether nothing needs the model any more. */
  private synchronized boolean count(String model, SchedulerEvent.OfTask event) {
    if (lost) {
      return false;
    }
    if (event instanceof SchedulerEvent.Submitted) {
      add(unended, model, event.id());
    } else if (event instanceof SchedulerEvent.Started) {
      add(running, model, event.id());
    } else if (event instanceof SchedulerEvent.Suspended) {
      remove(running, model, event.id());
    } else if (event instanceof SchedulerEvent.SlotFreed) {
      return remove(running, model, event.id()) && !needed(model);
    } else if (event instanceof SchedulerEvent.Ended) {
      return remove(unended, model, event.id()) && !needed(model);
    }
    return false;
  }

  private synchronized boolean needed(String model) {
    return unended.containsKey(model) || running.containsKey(model);
  }

  private static void add(Map<String, Set<Long>> to, String model, long id) {
    to.computeIfAbsent(model, any -> new HashSet<>()).add(id);
  }

  private static boolean remove(Map<String, Set<Long>> from, String model, long id) {
    Set<Long> ids = from.get(model);
    boolean removed = ids != null && ids.remove(id);
    if (ids != null && ids.isEmpty()) {
      from.remove(model);
    }
    return removed;
  }
}
