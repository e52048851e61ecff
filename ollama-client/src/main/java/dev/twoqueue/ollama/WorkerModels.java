package dev.twoqueue.ollama;

import dev.twoqueue.ollama.WorkerRequests.Asked;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second half of a swap, and what keeps a worker model afterwards. The scheduler has had the
 * model before it unloaded and seen it gone; here the next one is loaded by a request of its own,
 * seen to be resident, and pinned. Only that request carries a {@code keep_alive}, for a model that
 * was seen to be absent: see {@link PinGate} for why.
 */
final class WorkerModels {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerModels.class);

  private final OllamaClient client;
  private final WorkerRequests requests = new WorkerRequests();
  private final SwapCosts costs = new SwapCosts();
  private final PinGate gate = new PinGate();
  private final Pins pins;
  private final Bypass bypass;
  private volatile KeepAlivePolicy policy;

  /** Decides how long a model stays, where its task does not say. */
  @FunctionalInterface
  interface KeepAlivePolicy {
    /** For a model, by its normal name, that a task uses. */
    KeepAlive now(String model);
  }

  /**
   * The model that a task needs.
   *
   * @param model as the task names it
   * @param own the time to stay that the task itself names
   */
  record Need(String model, ModelName name, ModelOptions options, @Nullable KeepAlive own) {
    boolean leavesAtOnce() {
      return own != null && own.seconds() == 0;
    }
  }

  WorkerModels(OllamaClient client) {
    this.client = client;
    this.pins = new Pins(client, requests, gate);
    this.bypass = new Bypass(client.settings.alwaysResident());
    KeepAlive always = client.settings.workerKeepAlive();
    this.policy = model -> always;
  }

  WorkerRequests requests() {
    return requests;
  }

  SwapCosts costs() {
    return costs;
  }

  PinGate gate() {
    return gate;
  }

  Pins pins() {
    return pins;
  }

  Bypass bypass() {
    return bypass;
  }

  void follow(KeepAlivePolicy other) {
    policy = other;
  }

  private Asked asked(Need need, KeepAlive keepAlive) {
    return new Asked(need.options(), keepAlive, need.own() != null);
  }

  private KeepAlive wanted(Need need) {
    KeepAlive own = need.own();
    return own == null ? policy.now(need.name().toString()) : own;
  }

  /** A pass for a request that may make the server load. */
  PinGate.Pass mayLoad(String endpoint) {
    return gate.mayLoad(client.settings.timeouts().load(), endpoint);
  }

  /**
   * Loads the model where it is seen to be absent. Where that cannot be seen, the request itself
   * will load it, without a pin.
   *
   * @return whether it was loaded
   */
  boolean makeReady(OllamaApi api, Need need) {
    String name = need.name().toString();
    List<RunningModel> before;
    try {
      if (client.residency().sawPinned(need.name())) {
        goesOn(need);
        return false;
      }
      before = api.ps();
      if (Lookups.find(api, before, need.name()).isPresent()) {
        goesOn(need);
        return false;
      }
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException e) {
      LOG.debug("Cannot see whether {} is resident", name, e);
      return false;
    }
    load(api, need, before);
    return true;
  }

  private void goesOn(Need need) {
    String name = need.name().toString();
    KeepAlive told = requests.last(name).map(Asked::keepAlive).orElse(KeepAlive.UNLOAD);
    requests.asked(name, asked(need, told));
  }

  private void load(OllamaApi api, Need need, List<RunningModel> before) {
    String name = need.name().toString();
    KeepAlive wanted = wanted(need);
    // Zero would unload: the model then leaves when its task has ended.
    KeepAlive keepAlive = wanted.seconds() == 0 ? KeepAlive.FOREVER : wanted;
    requests.asked(name, asked(need, keepAlive));
    PinGate.Pass pass = mayLoad("POST /api/generate");
    try {
      long begin = System.nanoTime();
      api.load(need.model(), need.options(), keepAlive);
      costs.loaded(name, System.nanoTime() - begin);
    } catch (OllamaException.Cancelled
        | OllamaException.TimedOut
        | OllamaException.StreamBroken unknown) {
      new LoadAftermath(client, need.name(), client.settings.timeouts().evict()).settle();
      throw unknown;
    } finally {
      pass.end();
    }
    verify(api, need, keepAlive, before);
  }

  /** The answer to a load does not show whether the model stayed, nor who had to leave for it. */
  private void verify(OllamaApi api, Need need, KeepAlive keepAlive, List<RunningModel> before) {
    try {
      List<RunningModel> after = api.ps();
      bypass.loaded(need.name(), before, after);
      Optional<RunningModel> loaded = Lookups.find(api, after, need.name());
      if (loaded.isEmpty()) {
        LOG.warn("{} was loaded, but is not listed", need.name());
      } else if (loaded.get().isPinned() != (keepAlive.seconds() < 0)) {
        pins.keep(need.name().toString(), asked(need, keepAlive));
      }
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException e) {
      LOG.debug("Cannot see whether {} stayed", need.name(), e);
    }
  }

  /**
   * After an answer: the model gets the time to stay that is wanted now, and lost pins are renewed.
   */
  void keep(Need need) {
    if (need.leavesAtOnce()) {
      requests.asked(need.name().toString(), asked(need, KeepAlive.UNLOAD));
    } else {
      pins.keep(need.name().toString(), asked(need, wanted(need)));
    }
  }
}
