package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The memory that a load of a model takes, by part.
 *
 * @param parts in the order of a reader's interest, none of them twice
 */
public record LoadForecast(List<ForecastPart> parts) {

  public LoadForecast {
    parts = List.copyOf(parts);
  }

  /**
   * Forecasts a load.
   *
   * @param model the model
   * @param settings how it is loaded
   * @return the forecast
   * @throws ArithmeticException when a size exceeds a long
   */
  public static LoadForecast of(ModelMetadata model, LoadSettings settings) {
    Objects.requireNonNull(model, "model must not be null");
    Objects.requireNonNull(settings, "settings must not be null");
    NamedModel named = model.named();
    if (named != null) {
      return named.forecast(settings);
    }
    List<ForecastPart> parts = new ArrayList<>(10);
    Weights.add(parts, model, settings);
    Caches.add(parts, model, settings);
    parts.add(Scratch.compute(model, settings));
    parts.add(Scratch.output(model, settings));
    Surroundings.add(parts, model, settings);
    return new LoadForecast(parts);
  }

  /**
   * One part.
   *
   * @param kind which
   * @return its likely figure in bytes; 0 where the load has no such part
   */
  public long likely(Kind kind) {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).kind() == kind) {
        return parts.get(i).likely();
      }
    }
    return 0;
  }

  /**
   * The most of one part.
   *
   * @param kind which
   * @return its high figure in bytes; 0 where the load has no such part
   */
  public long high(Kind kind) {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).kind() == kind) {
        return parts.get(i).high();
      }
    }
    return 0;
  }

  /**
   * The least.
   *
   * @return bytes
   */
  public long low() {
    long sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      sum = Math.addExact(sum, parts.get(i).low());
    }
    return sum;
  }

  /**
   * What to show.
   *
   * @return bytes
   */
  public long likely() {
    long sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      sum = Math.addExact(sum, parts.get(i).likely());
    }
    return sum;
  }

  /**
   * The most: what decides whether the load fits.
   *
   * @return bytes
   */
  public long high() {
    long sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      sum = Math.addExact(sum, parts.get(i).high());
    }
    return sum;
  }
}
