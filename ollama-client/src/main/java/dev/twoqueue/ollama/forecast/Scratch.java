package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;

/** What the graph computes in, and where the host reads its results. */
final class Scratch {
  private static final String PLANNED =
      "as llama.cpp plans it; other versions and devices place some tensors otherwise, and pages"
          + " count only once touched";
  private static final String UNKNOWN =
      "the architecture is not known: its graph is taken for a plain transformer's";
  private static final String OUTPUT = "exact: 32-bit logits of one token for each slot";

  private Scratch() {}

  static ForecastPart compute(ModelMetadata model, LoadSettings settings) {
    long planned = ComputeGraph.bytes(model.shape(), settings);
    return model.known()
        ? new ForecastPart(
            Kind.COMPUTE,
            planned / 4,
            planned,
            Math.addExact(planned, spread(planned, settings)),
            PLANNED)
        : new ForecastPart(
            Kind.COMPUTE, planned / 8, planned, Math.multiplyExact(4, planned), UNKNOWN);
  }

  private static long spread(long planned, LoadSettings settings) {
    return settings.placement() == Placement.DEVICE ? planned / 4 : planned / 10;
  }

  static ForecastPart output(ModelMetadata model, LoadSettings settings) {
    long logits = Math.multiplyExact(4L * settings.slots(), model.shape().vocabulary());
    return ForecastPart.exactly(Kind.OUTPUT, logits, OUTPUT);
  }
}
