package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import java.util.List;

/**
 * The weights: all tensors as they are in the file. On a device the token embedding stays on the
 * host; where it is the output layer too, the device has a copy of it. Read rather than mapped,
 * Gemma 3n's and 4's tied embedding is there twice (measured).
 */
final class Weights {
  private static final String AS_STORED = "the tensors as they are in the file";
  private static final String UNLOADED =
      "without the layers that only predict further tokens; estimated from their widths";
  private static final String UNKNOWN =
      "the architecture is not known: tensors may be left out, or be there twice";

  private Weights() {}

  static void add(List<ForecastPart> parts, ModelMetadata model, LoadSettings settings) {
    TensorSummary tensors = model.tensors();
    long all = tensors.total() > 0 ? tensors.total() : model.fileBytes();
    if (settings.placement() == Placement.DEVICE) {
      long copied = tensors.tied() ? 0 : tensors.tokenEmbedding();
      parts.add(part(Kind.WEIGHTS, model, all - copied));
      if (tensors.tokenEmbedding() > 0) {
        parts.add(part(Kind.HOST_WEIGHTS, model, tensors.tokenEmbedding()));
      }
      return;
    }
    long unloaded = unloaded(model.shape(), all - 2 * tensors.tokenEmbedding());
    if (unloaded > 0) {
      parts.add(new ForecastPart(Kind.WEIGHTS, all - 2 * unloaded, all - unloaded, all, UNLOADED));
      return;
    }
    boolean twice = tensors.tied() && !settings.mapped() && heldTwice(model.architecture());
    parts.add(part(Kind.WEIGHTS, model, twice ? all + tensors.tokenEmbedding() : all));
  }

  /** The share of the layers that are not loaded, by their parameters. */
  private static long unloaded(ModelShape shape, long bytes) {
    double all = 0;
    double left = 0;
    for (int i = 0; i < shape.layers().size(); i++) {
      double own = parameters(shape, shape.layers().get(i));
      all += own;
      left += i < shape.computed() ? 0 : own;
    }
    return left == 0 ? 0 : Math.max(0, (long) (bytes * (left / all)));
  }

  private static double parameters(ModelShape shape, ModelShape.Layer layer) {
    ModelShape.Experts experts = shape.experts();
    double attention = 2.0 * (layer.queries() + layer.keys());
    double network =
        layer.mixture()
            ? 3.0 * (experts.count() * (double) experts.feedForward() + experts.shared())
            : 3.0 * layer.feedForward();
    return shape.embedding() * (attention + network);
  }

  private static boolean heldTwice(String architecture) {
    return architecture.equals("gemma3n") || architecture.equals("gemma4");
  }

  private static ForecastPart part(Kind kind, ModelMetadata model, long bytes) {
    return model.known()
        ? ForecastPart.exactly(kind, bytes, AS_STORED)
        : new ForecastPart(kind, bytes - bytes / 10, bytes, bytes + bytes / 10, UNKNOWN);
  }
}
