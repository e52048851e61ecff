package dev.twoqueue.ollama;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.ollama.forecast.ForecastPart;
import dev.twoqueue.ollama.forecast.LoadForecast;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What one model takes with given runner options: the likely settings give the likely figure, the
 * most demanding ones that cannot be ruled out the high one.
 */
final class NeedOfModel {
  private final ModelMetadata model;
  private final AssumedSettings settings;

  private NeedOfModel(ModelMetadata model, AssumedSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  static NeedOfModel of(
      ModelCatalogue.Entry entry, Map<String, String> options, ServerAssumptions server) {
    return of(entry.model(), entry.details().contextParameter(), options, server);
  }

  /**
   * The same without a server's answer.
   *
   * @param context that comes with the model; empty without one
   */
  static NeedOfModel of(
      ModelMetadata model,
      OptionalInt context,
      Map<String, String> options,
      ServerAssumptions server) {
    return new NeedOfModel(model, AssumedSettings.of(model, context, options, server));
  }

  /** The whole of it. */
  WorkingSet.Known whenLoaded() {
    LoadForecast likely = LoadForecast.of(model, settings.likely());
    List<MemoryPart> parts = new ArrayList<>();
    for (ForecastPart part : likely.parts()) {
      if (part.likely() > 0) {
        parts.add(new MemoryPart(part.kind().label(), part.likely()));
      }
    }
    LoadSettings most = most(settings.most());
    long high = Math.max(likely.high(), LoadForecast.of(model, most).high());
    return new WorkingSet.Known(
        parts, likely.low(), high, settings.assumptions(), Smaller.of(model, settings, most));
  }

  /** Only growth: scratch memory that was not touched yet, and a context that may differ. */
  WorkingSet.Known whenResident(ResidentModel resident) {
    List<String> assumptions = new ArrayList<>(settings.assumptions());
    LoadForecast now = LoadForecast.of(model, settings.likely());
    long growth =
        Math.addExact(
            now.likely(ForecastPart.Kind.COMPUTE), now.high(ForecastPart.Kind.SERVER_CACHES));
    long context = AssumedSettings.context(resident.runnerOptions());
    if (context > 0 && settings.cut(context) < settings.most().context() / settings.slots()) {
      LoadSettings present = settings.likely().withContext(settings.cut(context));
      long reload = LoadForecast.of(model, most(settings.most())).high();
      growth = Math.addExact(growth, Math.max(0, reload - LoadForecast.of(model, present).low()));
      assumptions.add("the model may be reloaded with a larger context than it has now");
    }
    assumptions.add("the model is resident already: only scratch memory may still grow");
    return new WorkingSet.Known(
        List.of(new MemoryPart("growth of the resident model", 0)), 0, growth, assumptions);
  }

  /** The most demanding of the settings that cannot be ruled out. */
  private LoadSettings most(LoadSettings from) {
    LoadSettings worst = from;
    long high = -1;
    for (LoadSettings candidate : settings.candidates(from)) {
      long own = LoadForecast.of(model, candidate).high();
      if (own > high) {
        high = own;
        worst = candidate;
      }
    }
    return worst;
  }
}
