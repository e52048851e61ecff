package dev.twoqueue.ollama;

import dev.twoqueue.WorkingSet;
import dev.twoqueue.ollama.forecast.CacheType;
import dev.twoqueue.ollama.forecast.LoadForecast;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.util.ArrayList;
import java.util.List;

/** What would make a load smaller, each by the same forecast with one setting changed. */
final class Smaller {
  private static final long LEAST_CONTEXT = 2048;

  private final ModelMetadata model;
  private final LoadSettings likely;
  private final LoadSettings most;
  private final long high;
  private final List<WorkingSet.Alternative> found = new ArrayList<>();

  private Smaller(ModelMetadata model, LoadSettings likely, LoadSettings most) {
    this.model = model;
    this.likely = likely;
    this.most = most;
    this.high = LoadForecast.of(model, most).high();
  }

  /**
   * The alternatives, the mildest first.
   *
   * @param most the settings that the high figure is for
   */
  static List<WorkingSet.Alternative> of(
      ModelMetadata model, AssumedSettings settings, LoadSettings most) {
    if (model.encoder()) {
      return List.of();
    }
    Smaller smaller = new Smaller(model, settings.likely(), most);
    smaller.cacheTypes();
    smaller.fewerSlots();
    smaller.contexts();
    return smaller.found;
  }

  private void cacheTypes() {
    if (most.flashAttention() && most.keys() == CacheType.F16) {
      add(
          "KV cache type q8_0 instead of f16 (OLLAMA_KV_CACHE_TYPE)",
          likely.withCache(CacheType.Q8_0, CacheType.Q8_0),
          most.withCache(CacheType.Q8_0, CacheType.Q8_0));
    }
  }

  private void fewerSlots() {
    if (most.slots() > 1) {
      add(
          "1 request at once instead of " + most.slots() + " (OLLAMA_NUM_PARALLEL)",
          likely.withContext(likely.context() / likely.slots()).withSlots(1, false),
          most.withContext(most.context() / most.slots()).withSlots(1, false));
    }
  }

  private void contexts() {
    long present = most.context() / most.slots();
    for (long shorter = present / 2; shorter >= LEAST_CONTEXT && found.size() < 6; shorter /= 4) {
      add(
          "num_ctx " + shorter + " instead of " + present,
          likely.withContext(Math.min(likely.context(), shorter * likely.slots())),
          most.withContext(shorter * most.slots()));
    }
  }

  private void add(String change, LoadSettings changedLikely, LoadSettings changedMost) {
    LoadForecast forecast = LoadForecast.of(model, changedLikely);
    long changedHigh = Math.max(forecast.high(), LoadForecast.of(model, changedMost).high());
    if (changedHigh < high) {
      found.add(new WorkingSet.Alternative(change, forecast.likely(), changedHigh));
    }
  }
}
