package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import java.util.List;
import java.util.Map;

/**
 * What a {@link SimulatedOllama} has done so far.
 *
 * @param events what happened, in order; the oldest are dropped beyond 10,000
 * @param counts how often each kind happened; 0 is left out
 * @param swaps the loads of worker models that ended well: an embedding model's are none
 * @param heavyNow loads, answers of worker models and pulls under way
 * @param peakHeavy the most of these at once
 * @param pullsNow pulls under way
 * @param peakPulls the most pulls at once
 * @param requests requests by path
 */
public record OllamaActivity(
    List<OllamaEvent> events,
    Map<Kind, Long> counts,
    long swaps,
    int heavyNow,
    int peakHeavy,
    int pullsNow,
    int peakPulls,
    Map<String, Long> requests) {

  /** Takes copies. */
  public OllamaActivity {
    events = List.copyOf(events);
    counts = Map.copyOf(counts);
    requests = Map.copyOf(requests);
  }

  /**
   * The models that were loaded, in order.
   *
   * @return names, as often as they were loaded
   */
  public List<String> loads() {
    return models(Kind.LOADED);
  }

  /**
   * The models that something happened to, in order.
   *
   * @param kind what
   * @return names, as often as it happened
   */
  public List<String> models(Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).map(OllamaEvent::model).toList();
  }

  /**
   * How often something happened.
   *
   * @param kind what
   * @return 0 for never
   */
  public long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }
}
