package dev.twoqueue.ollama;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Measures swaps, model by model: moving quantiles over the last of each. */
final class SwapCosts {
  static final int KEPT = 32;
  private static final int MOST_MODELS = 256;

  private static final class Window {
    private final long[] nanos = new long[KEPT];
    private long count;

    private void add(long value) {
      nanos[(int) (count++ % KEPT)] = value;
    }

    private SwapCost cost() {
      int size = (int) Math.min(count, KEPT);
      long[] sorted = Arrays.copyOf(nanos, size);
      Arrays.sort(sorted);
      long last = nanos[(int) ((count - 1) % KEPT)];
      return new SwapCost(
          count, Duration.ofNanos(last), quantile(sorted, 0.5), quantile(sorted, 0.9));
    }

    /** The nearest rank: the smallest value that at least so large a part does not exceed. */
    private static Duration quantile(long[] sorted, double part) {
      int rank = (int) Math.ceil(part * sorted.length);
      return Duration.ofNanos(sorted[Math.max(1, rank) - 1]);
    }
  }

  private final Map<String, Window> byModel = new Recent<>(MOST_MODELS);

  /** What evictions took since the last load: it belongs to the next one. */
  private long evicting;

  synchronized void evicted(long nanos) {
    evicting += nanos;
  }

  synchronized void loaded(String model, long nanos) {
    byModel.computeIfAbsent(model, name -> new Window()).add(evicting + nanos);
    evicting = 0;
  }

  synchronized Map<String, SwapCost> all() {
    Map<String, SwapCost> costs = new TreeMap<>();
    byModel.forEach((model, window) -> costs.put(model, window.cost()));
    return costs;
  }
}
