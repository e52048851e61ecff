package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts and remembers what the simulated server does. */
final class ActivityLog {
  private static final int MOST_EVENTS = 10_000;

  private final ArrayDeque<OllamaEvent> events = new ArrayDeque<>();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final Map<String, Long> requests = new TreeMap<>();
  private long swaps;
  private int heavy;
  private int peakHeavy;
  private int pulls;
  private int peakPulls;

  synchronized void happened(Kind kind, SimulatedModel model) {
    happened(kind, model.name());
    if (kind == Kind.LOADED && !model.isEmbedding()) {
      swaps++;
    }
  }

  synchronized void happened(Kind kind, String model) {
    if (events.size() == MOST_EVENTS) {
      events.removeFirst();
    }
    events.addLast(new OllamaEvent(Instant.now(), kind, model));
    counts.merge(kind, 1L, Long::sum);
  }

  synchronized void requested(String path) {
    requests.merge(path, 1L, Long::sum);
  }

  synchronized void heavyBegins() {
    peakHeavy = Math.max(peakHeavy, ++heavy);
  }

  synchronized void heavyEnds() {
    heavy--;
  }

  synchronized void pullBegins() {
    heavyBegins();
    peakPulls = Math.max(peakPulls, ++pulls);
  }

  synchronized void pullEnds() {
    heavyEnds();
    pulls--;
  }

  /** Never below 1: the caller is one of them. */
  synchronized int pullsSharingTheLine() {
    return Math.max(1, pulls);
  }

  synchronized OllamaActivity snapshot() {
    return new OllamaActivity(
        new ArrayList<>(events), counts, swaps, heavy, peakHeavy, pulls, peakPulls, requests);
  }
}
