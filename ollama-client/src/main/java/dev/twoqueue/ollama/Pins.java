package dev.twoqueue.ollama;

import dev.twoqueue.ollama.WorkerRequests.Asked;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the pins of this client: renews one that was lost, and lets go of those that are no
 * longer wanted. A model that is not listed is left alone, since a request for it would load it. A
 * change is sent only while nothing that may load is under way ({@link PinGate}). Best effort: what
 * cannot be done is logged, and the next task looks again.
 */
final class Pins {
  private static final Logger LOG = LoggerFactory.getLogger(Pins.class);

  private final OllamaApi api;
  private final WorkerRequests requests;
  private final PinGate gate;

  Pins(OllamaApi api, WorkerRequests requests, PinGate gate) {
    this.api = api;
    this.requests = requests;
    this.gate = gate;
  }

  /** Gives the model that just answered the time that is wanted now, and renews all pins. */
  void keep(String name, Asked wanted) {
    Map<String, Asked> all = requests.pinned();
    all.put(name, wanted);
    bringAbout(all, name, "look after the pins of");
  }

  /** Gives models that are pinned a time to leave; zero unloads them. */
  void letGo(Map<String, Asked> pinned, KeepAlive linger) {
    pinned.replaceAll((name, asked) -> new Asked(asked.options(), linger, false));
    bringAbout(pinned, "", "let go of");
  }

  /** Lets go of all pins for the last time: where they cannot get a time to leave, they leave. */
  void close(KeepAlive linger) {
    letGo(requests.pinned(), linger);
    letGo(requests.pinned(), KeepAlive.UNLOAD);
  }

  private void bringAbout(Map<String, Asked> wanted, String justAnswered, String what) {
    try {
      List<Change> changes = wanted.isEmpty() ? List.of() : changes(wanted, justAnswered);
      if (changes.isEmpty()) {
        return;
      }
      if (changes.stream().allMatch(Change::isUnload)) {
        changes.forEach(this::make); // an unload revives nothing
        return;
      }
      Optional<PinGate.Pass> alone = gate.alone(PinGate.TURN);
      if (alone.isEmpty()) {
        LOG.debug("Does not {} {} now: loads or embeddings run", what, wanted.keySet());
        return;
      }
      try {
        // Looks again: what was seen may have left meanwhile.
        changes(wanted, justAnswered).forEach(this::make);
      } finally {
        alone.get().end();
      }
    } catch (OllamaException | IllegalStateException e) { // the latter: the client is closed
      LOG.warn("Cannot {} {}: they may stay, or leave early", what, wanted.keySet(), e);
    }
  }

  /**
   * A change to a listed model.
   *
   * @param sure whether the wanted options are surely those that it runs with: others would reload
   */
  private record Change(String name, RunningModel listed, Asked wanted, boolean sure) {
    private boolean isUnload() {
      return wanted.keepAlive().seconds() == 0 || (!wanted.pinned() && !sure);
    }
  }

  private List<Change> changes(Map<String, Asked> wanted, String justAnswered) {
    List<RunningModel> running = api.ps();
    return wanted.entrySet().stream()
        .flatMap(
            each ->
                Lookups.find(running, each.getKey())
                    .map(it -> change(each.getKey(), it, each.getValue(), justAnswered))
                    .filter(change -> isOne(change, justAnswered))
                    .stream())
        .toList();
  }

  private static Change change(String name, RunningModel listed, Asked wanted, String answered) {
    long context = listed.contextLength().orElse(0);
    boolean same = wanted.options().numCtx().stream().anyMatch(asked -> asked == context);
    return new Change(name, listed, wanted, same || name.equals(answered));
  }

  private boolean isOne(Change change, String justAnswered) {
    if (change.listed().isPinned() || change.wanted().pinned()) {
      return change.listed().isPinned() != change.wanted().pinned();
    }
    return change.name().equals(justAnswered)
        && requests
            .last(change.name())
            .filter(last -> last.keepAlive().equals(change.wanted().keepAlive()))
            .isEmpty();
  }

  private void make(Change change) {
    Asked wanted = change.wanted();
    String name = change.listed().name();
    if (change.isUnload()) {
      api.unload(name); // it can never cause a load
      LOG.info("Unloaded {}, which is not to stay", name);
    } else {
      api.stay(name, wanted.options(), wanted.keepAlive());
      LOG.info(
          wanted.pinned() ? "Pinned {} again: its pin was lost" : "{} leaves {} s after its use",
          name,
          wanted.keepAlive().seconds());
    }
    requests.asked(change.name(), wanted);
  }
}
